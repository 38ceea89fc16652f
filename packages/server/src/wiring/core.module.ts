import { type Application, type Policy, type Ports, type UseCaseName, useCases } from '@sallyport/core';
import { ContainerModule } from 'inversify';
import { provide } from './provide.ts';
import { application, parts, ports, type Token } from './tokens.ts';

/** The core: every use case of its table, on the ports as they are bound. */
export const coreModule = new ContainerModule(({ bind }) => {
  provide(bind, parts.policy, [parts.config], ({ policy }) => policy);
  gather<Ports>(ports, (tokens, make) => provide(bind, parts.allPorts, tokens, make));
  for (const name of Object.keys(useCases) as UseCaseName[]) {
    const UseCase: new (ports: Ports, policy: Policy) => Application[typeof name] = useCases[name];
    const token = application[name] as Token<Application[typeof name]>;
    provide(bind, token, [parts.allPorts, parts.policy], (all, policy) => new UseCase(all, policy));
  }
  gather<Application>(application, (tokens, make) => provide(bind, parts.allUseCases, tokens, make));
});

/** Makes one record of what its tokens hold. */
function gather<Record>(
  tokens: { readonly [Name in keyof Record]: Token<Record[Name]> },
  bindTo: (tokens: readonly symbol[], make: (...values: unknown[]) => Record) => void,
): void {
  const names = Object.keys(tokens);
  const toRecord = (...values: unknown[]) =>
    Object.fromEntries(names.map((name, index) => [name, values[index]])) as Record;
  bindTo(Object.values(tokens), toRecord);
}

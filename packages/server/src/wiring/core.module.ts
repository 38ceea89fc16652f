import {
  Events,
  type Policy,
  type Ports,
  publishing,
  type UseCaseName,
  type UseCases,
  useCases,
} from '@sallyport/core';
import { ContainerModule } from 'inversify';
import { provide, provideValue } from './provide.ts';
import { parts, ports, type Token, useCaseTokens } from './tokens.ts';

/** The core: every use case of its table, on the ports as they are bound. */
export const coreModule = new ContainerModule(({ bind }) => {
  provideValue(bind, parts.events, new Events());
  provide(bind, parts.policy, [parts.config], ({ policy }) => policy);
  provide(bind, parts.allPorts, [parts.events, ...Object.values(ports)], (events, ...all) => {
    const record = toRecord<Ports>(ports, all);
    return { ...record, unitOfWork: publishing(record.unitOfWork, events) };
  });
  for (const name of Object.keys(useCases) as UseCaseName[]) {
    const UseCase: new (ports: Ports, policy: Policy) => UseCases[typeof name] = useCases[name];
    const token = useCaseTokens[name] as Token<UseCases[typeof name]>;
    provide(bind, token, [parts.allPorts, parts.policy], (all, policy) => new UseCase(all, policy));
  }
  provide(bind, parts.application, [parts.events, ...Object.values(useCaseTokens)], (events, ...all) => ({
    ...toRecord<UseCases>(useCaseTokens, all),
    events,
  }));
});

/** What the container made of tokens, by the names of the tokens. */
function toRecord<Record>(tokens: { readonly [Name in keyof Record]: symbol }, values: readonly unknown[]): Record {
  return Object.fromEntries(Object.keys(tokens).map((name, index) => [name, values[index]])) as Record;
}

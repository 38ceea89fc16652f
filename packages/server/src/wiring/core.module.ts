import { createApplication, type Ports, type UseCaseName, type UseCases } from '@sallyport/core';
import { ContainerModule } from 'inversify';
import { provide } from './provide.ts';
import { parts, ports, type Token, useCaseTokens } from './tokens.ts';

/** The core, on the bound ports. Each use case has a token, so that it can be replaced. */
export const coreModule = new ContainerModule(({ bind }) => {
  provide(bind, parts.policy, [parts.config], ({ policy }) => policy);
  provide(bind, parts.core, [parts.policy, ...Object.values(ports)], (policy, ...all) =>
    createApplication(toRecord<Ports>(ports, all), policy),
  );
  for (const name of Object.keys(useCaseTokens) as UseCaseName[]) {
    const token = useCaseTokens[name] as Token<UseCases[typeof name]>;
    provide(bind, token, [parts.core], ({ application }) => application[name]);
  }
  provide(bind, parts.application, [parts.core, ...Object.values(useCaseTokens)], ({ application }, ...all) => ({
    ...toRecord<UseCases>(useCaseTokens, all),
    events: application.events,
    policy: application.policy,
  }));
});

/** The values of the tokens, by the names of the tokens. */
function toRecord<Record>(tokens: { readonly [Name in keyof Record]: symbol }, values: readonly unknown[]): Record {
  return Object.fromEntries(Object.keys(tokens).map((name, index) => [name, values[index]])) as Record;
}

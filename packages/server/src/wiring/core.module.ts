import {
  type BuiltTable,
  createApplication,
  type UseCaseName,
  type UseCases,
  type UseCaseTable,
} from '@sallyport/core';
import { ContainerModule } from 'inversify';
import { modules, type ServerPorts } from '../modules.ts';
import { provide } from './provide.ts';
import { moduleTokens, parts, ports, type Token, useCaseTokens } from './tokens.ts';

/** The core, on the bound ports. Each use case has a token, so that it can be replaced. */
export const coreModule = new ContainerModule(({ bind }) => {
  provide(bind, parts.policy, [parts.config], ({ policy }) => policy);
  provide(bind, parts.core, [parts.policy, ...Object.values(ports)], (policy, ...all) =>
    createApplication(toRecord<ServerPorts>(ports, all), { ...policy, modules }),
  );
  for (const name of Object.keys(useCaseTokens) as UseCaseName[]) {
    const token = useCaseTokens[name] as Token<UseCases[typeof name]>;
    provide(bind, token, [parts.core], ({ application }) => application[name]);
  }
  const tables = modules.map((module) => ({ module, tokens: moduleTokens<UseCaseTable>(module) }));
  for (const { module, tokens } of tables) {
    for (const [name, token] of Object.entries(tokens)) {
      provide(bind, token, [parts.core], ({ application }) => application.use<UseCaseTable>(module)[name] as never);
    }
  }
  const ofModules = tables.flatMap(({ tokens }) => Object.values(tokens));
  provide(bind, parts.modules, ofModules, (...all) => {
    const held = new Map<symbol, unknown>(ofModules.map((token, index) => [token, all[index]]));
    const tableOf = (tokens: Readonly<Record<string, symbol>>) =>
      toRecord<BuiltTable<UseCaseTable>>(
        tokens,
        Object.values(tokens).map((token) => held.get(token)),
      );
    return new Map(tables.map(({ module, tokens }) => [module.name, tableOf(tokens)]));
  });
  const ofCore = Object.values(useCaseTokens);
  provide(bind, parts.application, [parts.core, parts.modules, ...ofCore], ({ application }, built, ...useCases) => ({
    ...toRecord<UseCases>(useCaseTokens, useCases),
    use: <Cases extends UseCaseTable>(module: { readonly name: string; readonly useCases: Cases }) => {
      application.use(module);
      return built.get(module.name) as BuiltTable<Cases>;
    },
    join: (store) => application.join(store),
    events: application.events,
    policy: application.policy,
  }));
});

/** The values of the tokens, by the names of the tokens. */
function toRecord<Record>(tokens: { readonly [Name in keyof Record]: symbol }, values: readonly unknown[]): Record {
  return Object.fromEntries(Object.keys(tokens).map((name, index) => [name, values[index]])) as Record;
}

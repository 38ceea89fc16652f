import { type Bind, ContainerModule } from 'inversify';
import type { Token } from './tokens.ts';

type Held<Tokens extends readonly symbol[]> = {
  [Index in keyof Tokens]: Tokens[Index] extends Token<infer Value> ? Value : never;
};

/** Binds a token to the value that `make` creates once from the values of the needed tokens. */
export function provide<Value, const Needs extends readonly symbol[]>(
  bind: Bind,
  token: Token<Value>,
  needs: Needs,
  make: (...needed: Held<Needs>) => Value,
): void {
  bind<Value>(token)
    .toResolvedValue((...needed: unknown[]) => make(...(needed as Held<Needs>)), [...needs])
    .inSingletonScope();
}

/** Binds a token to an existing value. */
export function provideValue<Value>(bind: Bind, token: Token<Value>, value: NoInfer<Value>): void {
  bind<Value>(token).toConstantValue(value);
}

/** A module that replaces the value of a token, for `compose`. */
export function replace<Value>(token: Token<Value>, value: NoInfer<Value>): ContainerModule {
  return new ContainerModule(({ rebind }) => {
    rebind<Value>(token).toConstantValue(value);
  });
}

/** A module that wraps the value of a token, whichever module bound it, for `compose`. */
export function wrap<Value>(token: Token<Value>, around: (inner: NoInfer<Value>) => NoInfer<Value>): ContainerModule {
  return new ContainerModule(({ onActivation }) => {
    onActivation<Value>(token, (_, inner) => around(inner));
  });
}

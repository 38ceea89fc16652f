import { type Bind, ContainerModule } from 'inversify';
import type { Token } from './tokens.ts';

type Held<Tokens extends readonly symbol[]> = {
  [Index in keyof Tokens]: Tokens[Index] extends Token<infer Value> ? Value : never;
};

/** Binds a token to what `make` makes, once, of what the needed tokens hold. */
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

/** Binds a token to something that is there already. */
export function provideValue<Value>(bind: Bind, token: Token<Value>, value: NoInfer<Value>): void {
  bind<Value>(token).toConstantValue(value);
}

/** A module that puts something else in the place of what a token holds: for `compose`. */
export function replace<Value>(token: Token<Value>, value: NoInfer<Value>): ContainerModule {
  return new ContainerModule(({ rebind }) => {
    rebind<Value>(token).toConstantValue(value);
  });
}

/** A module that puts something around what a token holds, whoever bound it: for `compose`. */
export function wrap<Value>(token: Token<Value>, around: (inner: NoInfer<Value>) => NoInfer<Value>): ContainerModule {
  return new ContainerModule(({ onActivation }) => {
    onActivation<Value>(token, (_, inner) => around(inner));
  });
}

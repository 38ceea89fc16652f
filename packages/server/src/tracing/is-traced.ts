/**
 * Where every copy of `@opentelemetry/api` 1.x keeps what an SDK has registered, so that they share it (see its
 * `internal/global-utils`).
 */
const registered = Symbol.for('opentelemetry.js.api.1');

/**
 * Whether an SDK has been registered, as by `node --import ./telemetry.mjs`. It is asked without loading the API, which
 * takes a fifth of the start of a server.
 */
export function isTraced(): boolean {
  const { [registered]: shared } = globalThis as { readonly [registered]?: { readonly trace?: unknown } };
  return shared?.trace !== undefined;
}

import type { Anyone, Bearer } from '@sallyport/core';
import type Koa from 'koa';

/** The fields of a body. */
export type Fields = Readonly<Record<string, unknown>>;

/** The state of a request on its way through the middleware. */
export interface State {
  requestId: string;
  /** Where the request came from and, once the signature of its token is checked, the user of the token. */
  caller: Anyone | Bearer;
  /** The pattern of the route that matched. */
  route?: string;
  /** Parses the bytes of the body into fields, if the route reads one. */
  body?: () => Fields | Promise<Fields>;
}

export type Context = Koa.ParameterizedContext<State>;
export type Middleware = Koa.Middleware<State>;

import type { Anyone, Bearer } from '@sallyport/core';
import type Koa from 'koa';

/** The fields that a body consists of. */
export type Fields = Readonly<Record<string, unknown>>;

/** What a request carries on its way through the middleware. */
export interface State {
  requestId: string;
  /** Where the request came from and, once the signature of its token is checked, the user that the token names. */
  caller: Anyone | Bearer;
  /** The pattern of the route that matched. */
  route?: string;
  /** Parses the bytes of its body into fields, where the route reads one. */
  body?: () => Fields | Promise<Fields>;
}

export type Context = Koa.ParameterizedContext<State>;
export type Middleware = Koa.Middleware<State>;

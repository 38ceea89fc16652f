import type { Anyone, Bearer } from '@sallyport/core';
import type Koa from 'koa';
import type { Fields } from './body.ts';

/** What a request carries on its way through the middleware. */
export interface State {
  requestId: string;
  /** From where the request came and, once the signature of the token is checked, for whom the token was issued. */
  caller: Anyone | Bearer;
  /** The pattern of the route that matched. */
  route?: string;
  /** Parses the bytes of its body into fields, where the route reads one. */
  body?: () => Fields | Promise<Fields>;
}

export type Context = Koa.ParameterizedContext<State>;
export type Middleware = Koa.Middleware<State>;

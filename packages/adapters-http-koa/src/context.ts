import type { Anyone } from '@sallyport/core';
import type Koa from 'koa';

/** What a request carries on its way through the middleware. */
export interface State {
  requestId: string;
  /** From where the request came and, once that is proven, who sent it. */
  caller: Anyone;
  /** The pattern of the route that matched. */
  route?: string;
  /** The fields of its body, where the route reads one. */
  body?: Readonly<Record<string, unknown>>;
}

export type Context = Koa.ParameterizedContext<State>;
export type Middleware = Koa.Middleware<State>;

import type { Observed } from '@sallyport/http-api';
import type Koa from 'koa';

/** The state of a request on its way through the middleware of the server's app. */
export interface State {
  requestId: string;
  /** The IP address of the client. */
  clientAddress: string;
  /** What the API tells of the request, for the log. */
  observed: Observed;
}

export type Context = Koa.ParameterizedContext<State>;
export type Middleware = Koa.Middleware<State>;

export type { HttpOptions } from './app.ts';
export { type Certificate, createHttpServer, type HttpServer, type HttpServerOptions } from './http-server.ts';
export { koaApi, koaGuard } from './koa-api.ts';
export { type HttpLog, type RequestEntry } from './request-log.ts';
export { type Timeouts } from './timeouts.ts';

export type { HttpOptions } from './app.ts';
export { type Certificate, createHttpServer, type HttpServer, type HttpServerOptions } from './http-server.ts';
export { openApiDocument } from './openapi.ts';
export { type Problem, type ProblemCode, problemTypes } from './problems.ts';
export type { HttpLog, RequestEntry } from './request-log.ts';
export type { Route } from './route.ts';
export { routes, routesUnder } from './routes.ts';
export type { Timeouts } from './timeouts.ts';

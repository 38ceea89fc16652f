export { type HttpOptions } from './app.ts';
export { createHttpServer, type HttpServer } from './http-server.ts';
export { openApiDocument } from './openapi.ts';
export { type Problem, type ProblemCode, problemTypes } from './problems.ts';
export { type HttpLog, type RequestEntry } from './request-log.ts';
export { type Route, type Who } from './route.ts';
export { routes } from './routes.ts';

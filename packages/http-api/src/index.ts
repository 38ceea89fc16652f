export {
  createHttpApi,
  createMetadataApi,
  type GuardedBy,
  type HttpApi,
  type HttpApiOptions,
  type Without,
} from './api.ts';
export { bearerToken } from './callers/bearer.ts';
export { clientAddress, trustedProxies } from './callers/client-address.ts';
export type { Guarded } from './guard.ts';
export { isOrigin } from './headers/cors.ts';
export type { ApiRequest, ApiResponse, Observed, RequestBody } from './messages.ts';
export { openApiDocument } from './openapi/document.ts';
export { type ErrorLog, toProblem } from './problems/answer.ts';
export { HttpError, type HttpErrorCode } from './problems/http-error.ts';
export { type Problem, problemMediaType, problemOf } from './problems/problem.ts';
export { type ProblemCode, type ProblemType, type ProblemTypes, problemTypes } from './problems/problem-types.ts';
export { type HttpModule, routesUnder } from './routes/module.ts';
export { type OptionsFor, type Route, route, type RouteDeclaration, routesOf } from './routes/route.ts';
export type { Served } from './serve.ts';

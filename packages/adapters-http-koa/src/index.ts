export { koaApp, type KoaAppOptions, requestIdOf } from './app.ts';
export { koaApi, koaGuard } from './koa-api.ts';
export { type HttpLog, type RequestEntry } from './request-log.ts';

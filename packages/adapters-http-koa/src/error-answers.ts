import { isSallyportError, type SallyportError } from '@sallyport/core';
import { type BearerRule, isRefusedBearer } from './authentication.ts';
import type { Context, Middleware } from './context.ts';
import { HttpError, type ProblemCode, problemMediaType, problemTypes, toProblem } from './problems.ts';
import type { HttpLog } from './request-log.ts';
import { toOAuthError } from './oauth-errors.ts';
import { tellWhenToRetry } from './retry-headers.ts';
import { toPointer } from './wire.ts';

/** Answers every error as problem+json. The answer to an unexpected error reveals nothing about its cause. */
export function answerErrors(log: HttpLog): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      answer(ctx, error, log);
    }
  };
}

function answer(ctx: Context, error: unknown, log: HttpLog): void {
  tellWhenToRetry(ctx, error);
  logOutage(ctx, error, log);
  if (isSallyportError(error)) {
    if (error.issues.length > 0) return answerInvalid(ctx, error);
    return answerProblem(ctx, error.code, error.message);
  }
  if (error instanceof HttpError) return answerProblem(ctx, error.code, error.message);
  log.error(error, ctx.state.requestId);
  answerProblem(ctx, 'internal_error', 'Something went wrong');
}

/** Lists every issue, in the names of the wire. The detail states the first one. */
function answerInvalid(ctx: Context, { code, issues }: SallyportError): void {
  const errors = issues.map((issue) => ({ pointer: toPointer(issue), detail: issue.message }));
  const [first] = errors.map(({ pointer, detail }) => (pointer === '' ? detail : `${dotted(pointer)}: ${detail}`));
  answerProblem(ctx, code, first ?? '', errors);
}

const dotted = (pointer: string) => pointer.slice(1).replaceAll('/', '.');

/** Logs why something is unavailable. The answer does not say. */
export function logOutage(ctx: Context, error: unknown, log: HttpLog): void {
  if (!isSallyportError(error) || error.code !== 'unavailable' || error.cause === undefined) return;
  log.error(error, ctx.state.requestId);
}

function answerProblem(
  ctx: Context,
  code: ProblemCode,
  detail: string,
  errors?: { pointer: string; detail: string }[],
) {
  const problem = toProblem(code, detail, ctx.state.requestId, errors);
  const { challenge } = problemTypes[code];
  if (challenge) ctx.set('WWW-Authenticate', challenge);
  ctx.set('Cache-Control', 'no-store');
  ctx.status = problem.status;
  ctx.body = problem;
  ctx.type = problemMediaType;
}

/** Gives a problem to errors that Koa and its router answer without a body. */
export const answerEmptyErrors: Middleware = async (ctx, next) => {
  await next();
  if (ctx.body !== undefined && ctx.body !== null) return;
  if (ctx.status === 404) throw new HttpError('not_found', 'Not found');
  if (ctx.status === 405) throw new HttpError('method_not_allowed', `Use one of ${ctx.response.get('Allow')}`);
  if (ctx.status === 501) throw new HttpError('not_implemented', 'The method is not known');
};

/**
 * Answers the errors of an OAuth endpoint as its clients expect them (RFC 6749, section 5.2): plain JSON, without a
 * challenge. `detail` accompanies `error_description` for clients of the rest of this API.
 */
export function answerOAuthErrors(log: HttpLog, bearer: BearerRule): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      // An invalid bearer token is refused as on other routes, and an invalid form as OAuth defines it.
      const refusal = bearer === 'required' && isRefusedBearer(error) ? undefined : toOAuthError(error);
      if (!refusal) throw error;
      tellWhenToRetry(ctx, error);
      logOutage(ctx, error, log);
      ctx.set('Cache-Control', 'no-store');
      ctx.status = refusal.status;
      ctx.body = { error: refusal.error, error_description: refusal.message, detail: refusal.message };
    }
  };
}

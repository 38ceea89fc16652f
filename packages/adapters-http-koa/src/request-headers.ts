import type { Context, Middleware } from './context.ts';
import { HttpError } from './problems.ts';

/** The maximum number of headers. Node accepts up to 2,000 and silently drops the rest. */
const maxHeaders = 100;

/** Headers that must not repeat: some servers would read the first value, others the second. */
const singular = ['host', 'authorization'];

/** The supported versions. Node's parser also accepts 2.0 and 0.9, a line without a version, as if they were these. */
const versions = ['1.0', '1.1'];

/**
 * Refuses a request with another version, too many headers, a repeated Host or Authorization, or a demand that is not
 * implemented.
 */
export const refuseHostileHeaders: Middleware = async (ctx, next) => {
  refuseOtherVersions(ctx);
  refuseTooMany(ctx);
  refuseAmbiguity(ctx);
  const expectation = ctx.get('Expect');
  if (expectation !== '' && expectation.toLowerCase() !== '100-continue') {
    throw new HttpError('expectation_failed', 'The only expectation that is met is 100-continue');
  }
  await next();
};

function refuseOtherVersions(ctx: Context): void {
  if (versions.includes(ctx.req.httpVersion)) return;
  ctx.set('Connection', 'close');
  throw new HttpError('malformed_request', 'The version of HTTP is not known');
}

function refuseTooMany({ req }: Context): void {
  // The array has names and values in turn.
  if (req.rawHeaders.length > 2 * maxHeaders) {
    throw new HttpError('headers_too_large', `At most ${maxHeaders} headers may be sent`);
  }
}

/** Refuses an HTTP/1.1 request without exactly one Host with 400 (RFC 9112, section 3.2). */
function refuseAmbiguity({ req }: Context): void {
  const names = req.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  for (const name of singular) {
    if (names.indexOf(name) !== names.lastIndexOf(name)) {
      throw new HttpError('malformed_request', `The header ${name} may be sent once`);
    }
  }
  if (req.httpVersion === '1.1' && !names.includes('host')) {
    throw new HttpError('malformed_request', 'The header host is missing');
  }
}

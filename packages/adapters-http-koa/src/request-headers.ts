import type { Context, Middleware } from './context.ts';
import { HttpError } from './problems.ts';

/** Node takes up to 2,000 and drops the rest in silence. */
const maxHeaders = 100;

/** Of these headers a second one would be read by some and overlooked by others. */
const singular = ['host', 'authorization'];

/** The versions that are spoken here. Node's parser reads 0.9, a line without a version, and 2.0 as if they were these. */
const versions = ['1.0', '1.1'];

/** Refuses a request whose version is another, whose headers are too many, say twice who it is, or ask for what is not done here. */
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
  // Names and values, one after the other.
  if (req.rawHeaders.length > 2 * maxHeaders) {
    throw new HttpError('headers_too_large', `At most ${maxHeaders} headers may be sent`);
  }
}

/** RFC 9112, section 3.2: an HTTP/1.1 request without exactly one Host is answered 400. */
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

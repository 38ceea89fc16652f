import type Router from '@koa/router';
import { anyone, type Application } from '@sallyport/core';
import { basePathOf } from './base-path.ts';
import type { Context, State } from './context.ts';
import { grantTypes, introspectRoute, revokeRoute, tokenRoute } from './oauth-endpoints.ts';

/**
 * Seconds for which a verifier may cache the key set: less than the time for which a new key is published before it
 * signs.
 */
const maxAge = 300;

const keySetPath = '/.well-known/jwks.json';
const metadataPath = '/.well-known/oauth-authorization-server';

/** Adds what another service needs to verify access tokens (RFC 7517, RFC 8414). */
export function addWellKnownRoutes(router: Router<State>, application: Application, publicUrl: string): void {
  const metadata = serverMetadata(publicUrl);
  router.get(keySetPath, async (ctx) => {
    ctx.state.route = ctx.path;
    ctx.body = await application.getKeySet.execute(anyone);
    ctx.type = 'application/jwk-set+json';
    ctx.set('Cache-Control', `public, max-age=${maxAge}`);
  });
  const tellMetadata = (ctx: Context) => {
    ctx.state.route = ctx.path;
    ctx.body = metadata;
    ctx.set('Cache-Control', `public, max-age=${maxAge}`);
  };
  router.get(metadataPath, tellMetadata);
  // The path of an issuer comes after the well-known path (RFC 8414, section 3.1).
  const basePath = basePathOf(publicUrl);
  if (basePath !== '') router.get(metadataPath + literally(basePath), tellMetadata);
}

/** A path as a literal for the router, in which no character is special. */
function literally(path: string): string {
  return path.replaceAll(/[^\w/-]/g, '\\$&');
}

/** The metadata of the authorization server (RFC 8414, section 2). */
function serverMetadata(publicUrl: string): object {
  return {
    issuer: publicUrl,
    token_endpoint: publicUrl + tokenRoute.path,
    introspection_endpoint: publicUrl + introspectRoute.path,
    revocation_endpoint: publicUrl + revokeRoute.path,
    jwks_uri: publicUrl + keySetPath,
    service_documentation: `${publicUrl}/docs`,
    grant_types_supported: grantTypes,
    response_types_supported: [],
    token_endpoint_auth_methods_supported: ['none'],
    revocation_endpoint_auth_methods_supported: ['none'],
  };
}

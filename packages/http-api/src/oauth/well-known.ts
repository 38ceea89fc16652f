import { anyone, type Application } from '@sallyport/core';
import { basePathOf } from '../base-path.ts';
import { type ApiResponse, jsonResponse } from '../messages.ts';
import type { Endpoint } from '../routes/path-table.ts';
import { grantTypes, introspectRoute, revokeRoute, tokenRoute } from './endpoints.ts';

/**
 * Seconds for which a verifier may cache the key set: less than the time for which a new key is published before it
 * signs.
 */
const maxAge = 300;

const cached = { 'Cache-Control': `public, max-age=${maxAge}` } as const;

const keySetPath = '/.well-known/jwks.json';
const metadataPath = '/.well-known/oauth-authorization-server';

/** What the metadata of the authorization server says. */
export interface MetadataOptions {
  /** The public URL of the API, which is the issuer of its tokens, without a slash at its end. */
  readonly publicUrl: string;
  /** Whether there is a docs page. */
  readonly hasDocs: boolean;
}

/** What another service needs to verify access tokens (RFC 7517, RFC 8414). */
export function wellKnownEndpoints(application: Application, options: MetadataOptions): readonly Endpoint[] {
  const ofPath = metadataOfPath(options);
  return [
    {
      method: 'GET',
      path: keySetPath,
      async answer() {
        const keySet = await application.getKeySet.execute(anyone);
        return jsonResponse(200, keySet, { ...cached, 'Content-Type': 'application/jwk-set+json' });
      },
    },
    { method: 'GET', path: metadataPath, answer: metadataAnswer(options) },
    ...(ofPath.path === metadataPath ? [] : [ofPath]),
  ];
}

/** The metadata where clients look for it: the path of an issuer comes after the well-known path (RFC 8414, section 3.1). */
export function metadataOfPath(options: MetadataOptions): Endpoint {
  return { method: 'GET', path: metadataPath + basePathOf(options.publicUrl), answer: metadataAnswer(options) };
}

function metadataAnswer(options: MetadataOptions): () => ApiResponse {
  const response = jsonResponse(200, serverMetadata(options), cached);
  return () => response;
}

/** The metadata of the authorization server (RFC 8414, section 2). */
function serverMetadata({ publicUrl, hasDocs }: MetadataOptions): object {
  return {
    issuer: publicUrl,
    token_endpoint: publicUrl + tokenRoute.path,
    introspection_endpoint: publicUrl + introspectRoute.path,
    revocation_endpoint: publicUrl + revokeRoute.path,
    jwks_uri: publicUrl + keySetPath,
    ...(hasDocs && { service_documentation: `${publicUrl}/docs` }),
    grant_types_supported: grantTypes,
    response_types_supported: [],
    token_endpoint_auth_methods_supported: ['none'],
    revocation_endpoint_auth_methods_supported: ['none'],
  };
}

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ApiRequest, ApiResponse } from '../messages.ts';
import type { Endpoint } from '../routes/path-table.ts';

/** Allows only this server's scripts and styles. Swagger UI draws its icons as data: images. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Sallyport API</title>
    <link rel="icon" type="image/png" href="docs/favicon-32x32.png">
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <link rel="stylesheet" href="docs/page.css">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

/** Swagger UI takes a route whose token is optional for one that is locked, and authorized already. */
const startScript = `SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [{
    statePlugins: {
      auth: {
        wrapSelectors: {
          isAuthorized: (original) => (state, securities) =>
            original(securities && securities.filter((security) => security.size > 0)),
        },
      },
    },
  }],
});
`;

/** Authorize asks for the fields that the token route has: neither clients nor scopes. */
const pageStyle = `.auth-container .scope-def,
.auth-container .wrapper:has(> [for=password_type]),
.auth-container .wrapper:has(> [for=client_id_password]),
.auth-container .wrapper:has(> [for=client_secret_password]) {
  display: none;
}
`;

const mediaTypes = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  png: 'image/png',
} as const;
const assets = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const;

/**
 * Where the build copies the files of Swagger UI. The package that contains them runs a script when it is installed, so
 * hosts do not depend on it. Bundlers must not take this for a module of theirs, so it is no `new URL(…)`.
 */
const assetFolder = () => join(dirname(fileURLToPath(import.meta.url)), '../../dist/swagger-ui');

/** The docs page (Swagger UI, only from this server) and the OpenAPI document that it shows. */
export function docsEndpoints(document: object): readonly Endpoint[] {
  const ownPolicy = { 'Content-Security-Policy': contentSecurityPolicy };
  return [
    fileEndpoint('/openapi.json', 'json', fixed(JSON.stringify(document))),
    fileEndpoint('/docs', 'html', fixed(page), ownPolicy),
    fileEndpoint('/docs/start.js', 'js', fixed(startScript)),
    fileEndpoint('/docs/page.css', 'css', fixed(pageStyle)),
    ...assets.map((asset) => {
      const extension = asset.slice(asset.lastIndexOf('.') + 1) as keyof typeof mediaTypes;
      return fileEndpoint(
        `/docs/${asset}`,
        extension,
        once(async () => readFile(join(assetFolder(), asset))),
      );
    }),
  ];
}

/** The root, which leads to the docs page. */
export function rootEndpoint(basePath: string): Endpoint {
  const location = `${basePath}/docs`;
  const headers = { Location: location, 'Content-Type': mediaTypes.html };
  return { method: 'GET', path: '/', answer: () => ({ status: 302, headers, body: `Redirecting to ${location}.` }) };
}

/** Content that a browser may keep, but must revalidate each time. */
interface File {
  readonly content: string | Uint8Array;
  readonly etag: string;
}

function toFile(content: string | Uint8Array): File {
  return { content, etag: `"${createHash('sha256').update(content).digest('base64url')}"` };
}

function fixed(content: string): () => File {
  const file = toFile(content);
  return () => file;
}

/** Reads a file when it is first asked for, and again after a failure. */
function once(read: () => Promise<Uint8Array>): () => Promise<File> {
  let file: Promise<File> | undefined;
  return () =>
    (file ??= read()
      .then(toFile)
      .catch((error: unknown) => {
        file = undefined;
        throw error;
      }));
}

function fileEndpoint(
  path: string,
  extension: keyof typeof mediaTypes,
  read: () => File | Promise<File>,
  more: Readonly<Record<string, string>> = {},
): Endpoint {
  return {
    method: 'GET',
    path,
    async answer(request): Promise<ApiResponse> {
      const { content, etag } = await read();
      const headers = { ...more, 'Cache-Control': 'no-cache', ETag: etag };
      if (isFresh(request, etag)) return { status: 304, headers };
      return { status: 200, headers: { ...headers, 'Content-Type': mediaTypes[extension] }, body: content };
    },
  };
}

/** Whether the client has this content already (RFC 9110, section 13.1.2), and does not insist on a new copy. */
function isFresh({ header }: ApiRequest, etag: string): boolean {
  const known = (header('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (!known.includes(etag) && !known.includes('*')) return false;
  return !/(^|,)\s*no-cache\s*(,|$)/.test(header('cache-control') ?? '');
}

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type Router from '@koa/router';
import type { Policy } from '@sallyport/core';
import type { Context, State } from './context.ts';
import { openApiDocument } from './openapi.ts';

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
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

const startScript = `SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
});
`;

const mediaTypes = { css: 'text/css', js: 'text/javascript', png: 'image/png' } as const;
const assets = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const;
const assetFolder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** Serves the docs page (Swagger UI, only from this server) and the OpenAPI document that it shows. */
export function addDocsRoutes(router: Router<State>, policy: Policy, basePath: string): void {
  const document = JSON.stringify(openApiDocument(policy, basePath));
  router.get('/openapi.json', (ctx) => send(ctx, 'application/json', document));
  router.get('/', (ctx) => {
    ctx.state.route = '/';
    ctx.redirect(`${basePath}/docs`);
  });
  router.get('/docs', (ctx) => {
    ctx.set('Content-Security-Policy', contentSecurityPolicy);
    send(ctx, 'text/html', page);
  });
  router.get('/docs/start.js', (ctx) => send(ctx, mediaTypes.js, startScript));
  for (const asset of assets) {
    const extension = asset.slice(asset.lastIndexOf('.') + 1) as keyof typeof mediaTypes;
    let content: Promise<Buffer> | undefined;
    router.get(`/docs/${asset}`, async (ctx) => {
      content ??= readFile(join(assetFolder, asset));
      send(ctx, mediaTypes[extension], await content);
    });
  }
}

/** Sends a response that a browser may keep, but must revalidate each time. */
function send(ctx: Context, type: string, content: string | Buffer): void {
  ctx.state.route = ctx.path;
  ctx.set('Cache-Control', 'no-cache');
  ctx.etag = createHash('sha256').update(content).digest('base64url');
  ctx.type = type;
  ctx.status = 200;
  if (ctx.fresh) ctx.status = 304;
  else ctx.body = content;
}

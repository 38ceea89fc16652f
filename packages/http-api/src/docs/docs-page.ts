import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import escapeHtml from 'escape-html';
import type { Brand } from '../pages/brand.ts';
import type { Endpoint } from '../routes/path-table.ts';
import { docsStyle } from './docs-style.ts';
import { fileEndpoint, fixed, mediaTypes, once } from './files.ts';
import { startScript } from './start-script.ts';

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

const page = (title: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${escapeHtml(title)} API</title>
    <link rel="icon" type="image/png" href="docs/favicon-32x32.png">
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <link rel="stylesheet" href="docs/page.css">
  </head>
  <body>
    <main id="swagger-ui"></main>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

const assets = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const;

/**
 * Where the build copies the files of Swagger UI. The package that contains them runs a script when it is installed, so
 * hosts do not depend on it. It is no `new URL(…)`, which bundlers would take for a module.
 */
const assetFolder = () => join(dirname(fileURLToPath(import.meta.url)), '../../dist/swagger-ui');

/** The part of an OpenAPI document that contains its title. */
interface Titled {
  readonly info: { readonly title: string };
}

/** The docs page (Swagger UI, only from this server) and the OpenAPI document that it shows, under the name of the brand. */
export function docsEndpoints(document: object, brand: Brand): readonly Endpoint[] {
  const { info } = document as Titled;
  const { name: title = info.title } = brand;
  const named: Titled = { ...(document as Titled), info: { ...info, title } };
  const ownPolicy = { 'Content-Security-Policy': contentSecurityPolicy };
  return [
    fileEndpoint('/openapi.json', 'json', fixed(JSON.stringify(named))),
    fileEndpoint('/docs', 'html', fixed(page(title)), ownPolicy),
    fileEndpoint('/docs/start.js', 'js', fixed(startScript)),
    fileEndpoint('/docs/page.css', 'css', fixed(docsStyle(brand))),
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
  const body = `Redirecting to ${location}.`;
  return { method: 'GET', path: '/', statuses: [302], answer: () => ({ status: 302, headers, body }) };
}

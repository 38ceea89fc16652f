/** A step of the build: copies the files of Swagger UI that the docs page needs, with their licences. */
import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const files = [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-bundle.js.LICENSE.txt',
  'favicon-32x32.png',
  'LICENSE',
  'NOTICE',
];

const source = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const target = join(import.meta.dirname, 'dist/swagger-ui');
await mkdir(target, { recursive: true });
await Promise.all(files.map((file) => copyFile(join(source, file), join(target, file))));

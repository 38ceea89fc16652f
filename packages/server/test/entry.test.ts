import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compiledState, hasCurrentBundle } from '../bin/entry.mjs';

let root = '';
const server = () => join(root, 'packages/server');
const bundled = 'dist/bundle/cli.js';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sallyport-entry-'));
  const files = ['core/dist/.tsbuildinfo', 'server/dist/.tsbuildinfo', 'server/bundle.mjs', `server/${bundled}`];
  for (const file of files) await write(`packages/${file}`);
  await write('node_modules/.package-lock.json');
});

afterEach(() => rm(root, { recursive: true }));

async function write(path: string, text = '') {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

const record = () => write('packages/server/dist/bundle/made-from.txt', compiledState(server()));

describe('the launcher', () => {
  it('runs a published bundle, which has no record of what it was made from', () => {
    expect(hasCurrentBundle(server())).toBe(true);
  });

  it('runs the bundle while nothing that it was made from has changed', async () => {
    await record();
    expect(hasCurrentBundle(server())).toBe(true);
  });

  it.each([
    ['a package was compiled', 'packages/core/dist/.tsbuildinfo'],
    ['dependencies were installed', 'node_modules/.package-lock.json'],
    ['the way to make bundles changed', 'packages/server/bundle.mjs'],
  ])('runs the compiled modules if %s after the bundle was made', async (_what, path) => {
    await record();
    await utimes(join(root, path), new Date(), new Date('2020-01-01'));
    expect(hasCurrentBundle(server())).toBe(false);
  });

  it('runs the compiled modules if a package was added or cleaned after the bundle was made', async () => {
    await record();
    await write('packages/adapters/dist/.tsbuildinfo');
    expect(hasCurrentBundle(server())).toBe(false);
    await record();
    await rm(join(root, 'packages/core/dist/.tsbuildinfo'));
    expect(hasCurrentBundle(server())).toBe(false);
  });

  it('runs the compiled modules where there is no bundle', async () => {
    await rm(join(server(), bundled));
    expect(hasCurrentBundle(server())).toBe(false);
  });
});

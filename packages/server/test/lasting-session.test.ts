import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, PlainPasswordHasher } from '@sallyport/adapters-memory/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compose, type Composition, parts, ports, readConfig, replace } from '../src/index.ts';
import { notes } from '../../../test/secrecy.mjs';
import { keptLog } from './kept-log.ts';
import { copyEmptyDatabase } from './pglite-directory.ts';

const [first, second] = ['the first secret key, long enough', 'the second secret key, long enough'];

describe('a session', () => {
  const clock = new ManualClock(new Date());
  let directory: string;
  let node: Composition | undefined;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sallyport-test-'));
    await copyEmptyDatabase(directory);
  });
  afterEach(async () => {
    await node?.close();
    node = undefined;
    await rm(directory, { recursive: true });
  });

  async function restart(secrets: Record<string, string>) {
    await node?.close();
    const environment = { DATA_DIR: directory, DATABASE_URL: `pglite:${directory}`, LOG_LEVEL: 'silent', ...secrets };
    notes.environment(environment);
    const overrides = [replace(parts.log, keptLog), replace(ports.hasher, new PlainPasswordHasher())];
    node = await compose(readConfig(environment), ...overrides, replace(ports.clock, clock));
    return node.application;
  }

  it('lives on across a turn of the keys, a change of the secret and restarts', async () => {
    let application = await restart({ SECRET_KEY: first });
    const ada = { email: 'ada@example.com', password: 'secret123' };
    await application.register.execute({}, { name: 'Ada', profile: { age: 36 }, ...ada });
    const opened = await application.login.execute({}, ada);
    const keyOf = ({ accessToken }: { accessToken: string }): string =>
      JSON.parse(Buffer.from(accessToken.split('.')[0] ?? '', 'base64url').toString()).kid;

    await application.rotateKeys.execute(node!.system);
    clock.advance(15 * 60);
    const turned = await application.refresh.execute({}, opened);
    expect(keyOf(turned)).not.toBe(keyOf(opened));

    application = await restart({ SECRET_KEY: second, SECRET_KEY_PREVIOUS: first });
    for (const { accessToken } of [opened, turned]) {
      expect((await application.authenticate.execute({}, { accessToken })).user.email).toBe(ada.email);
    }
    const renewed = await application.refresh.execute({}, turned);
    await application.maintainKeys.execute(node!.system);

    application = await restart({ SECRET_KEY: second });
    expect((await application.authenticate.execute({}, renewed)).user.email).toBe(ada.email);
    const { accessToken } = await application.refresh.execute({}, renewed);
    expect((await application.authenticate.execute({}, { accessToken })).user.email).toBe(ada.email);
  });

  it('goes on no further with a secret that is not the one it was opened under', async () => {
    let application = await restart({ SECRET_KEY: first });
    const ada = { email: 'ada@example.com', password: 'secret123' };
    await application.register.execute({}, { name: 'Ada', profile: { age: 36 }, ...ada });
    const opened = await application.login.execute({}, ada);
    application = await restart({ SECRET_KEY: second });
    await expect(application.refresh.execute({}, opened)).rejects.toMatchObject({ code: 'invalid_refresh_token' });
    // What was signed is believed until it expires: that takes nothing secret. To sign again would.
    expect((await application.authenticate.execute({}, opened)).user.email).toBe(ada.email);
    await expect(application.login.execute({}, ada)).rejects.toMatchObject({
      code: 'unavailable',
      cause: { message: expect.stringMatching(/^A signing key cannot be read: SECRET_KEY/) },
    });
  });
});

import { isSallyportError, requireAdmin } from '@sallyport/core';
import { posts } from '@sallyport/core/posts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { admin, member, type Person, startServer, type TestServer } from './start-server.ts';

const post = { title: 'A first post', content: 'Twenty characters or more of it.' };

/** Loops of one member that write without a pause, more than there are connections to the database. */
const loops = 24;

describe('a member who writes without a pause, on Postgres,', () => {
  let server: TestServer;
  let root: Person;
  beforeAll(async () => {
    server = await startServer('Postgres');
    root = await admin(server);
  });
  afterAll(() => server.close());

  it.each(['deactivateUser', 'endUserSessions', 'deleteUser'] as const)(
    'cannot keep an admin from %s, and has every loop refused after it',
    async (name) => {
      const { application } = server;
      const { id, token } = await member(server);
      const ada = await application.authenticate.execute({}, { accessToken: token });
      const grace = requireAdmin(await application.authenticate.execute({}, { accessToken: root.token }));
      let written = 0;
      const streams = Array.from({ length: loops }, async (): Promise<unknown> => {
        for (;;) {
          try {
            await application.use(posts).createPost.execute(ada, post);
            written += 1;
          } catch (error) {
            // One that waited for a connection for too long tries again.
            if (!isSallyportError(error) || error.code !== 'unavailable') return error;
          }
        }
      });
      await vi.waitFor(() => expect(written).toBeGreaterThan(2 * loops), 10_000);
      await application[name].execute(grace, { id });
      const codes = (await Promise.all(streams)).map((error) => isSallyportError(error) && error.code);
      const refusals = { deactivateUser: 'account_deactivated', endUserSessions: 'invalid_token' } as const;
      const expected = name === 'deleteUser' ? 'user_no_longer_exists' : refusals[name];
      expect(new Set(codes)).toEqual(new Set([expected]));
    },
  );
});

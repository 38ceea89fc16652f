import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { after, afterEach, describe, it } from 'node:test';
import type { PolicyOptions } from '@sallyport/core';
import { type Answer, type Host, startHost } from './host.ts';
import { kindsOfStores } from './stores.ts';

const post = { title: 'On engines', content: 'Weaves algebraical patterns.' };

/** The status of a refusal, and its problem type. */
const refusal = ({ status, body }: Answer) => [status, (body as { type: string }).type];
const problem = (code: string) => `urn:sallyport:problem:${code}`;
const idOf = ({ body }: Answer) => (body as { id: number }).id;

for (const [name, openStores] of kindsOfStores) {
  describe(`Comments over HTTP, on ${name}`, () => {
    const stores = openStores();
    let host: Host | undefined;
    afterEach(() => host?.close());
    after(() => stores.close());

    /** A server, Ada with a published post, and Bob. */
    async function published(options: PolicyOptions = {}) {
      const started = await startHost(await stores.open(), options);
      host = started;
      const [ada, bob] = [await started.member('Ada', 'de'), await started.member('Bob')];
      const publish = async (token: string) => {
        const id = idOf(await started.call('POST /posts', { token, json: post }));
        await started.call(`PATCH /posts/${id}`, { token, json: { published: true } });
        return id;
      };
      const postId = await publish(ada.token);
      const comment = (token: string, text = 'Well said.', on = postId) =>
        started.call(`POST /posts/${on}/comments`, { token, json: { text } });
      const list = async (query = '') => started.call(`GET /posts/${postId}/comments${query}`);
      const texts = async () => ((await list()).body as { text: string }[]).map(({ text }) => text);
      return { ...started, ada, bob, publish, postId, comment, list, texts };
    }

    it('are written by members and read by anyone, page by page', async () => {
      const { bob, comment, list, postId } = await published();
      const first = await comment(bob.token, 'First!');
      equal(first.status, 201);
      const { id, created_at: createdAt, ...fields } = first.body as Record<string, unknown>;
      deepEqual(fields, { post_id: postId, author_id: bob.id, text: 'First!' });
      deepEqual([typeof id, typeof createdAt], ['number', 'string']);
      const second = await comment(bob.token, 'Second!');
      deepEqual((await list()).body, [first.body, second.body]);
      const page = await list('?limit=1');
      deepEqual(page.body, [first.body]);
      match(page.headers.get('link') ?? '', /limit=1&after=\d+>; rel="next"$/);
    });

    it('exist on published posts alone', async () => {
      const { ada, bob, call, comment, list, postId } = await published();
      await comment(bob.token);
      await call(`PATCH /posts/${postId}`, { token: ada.token, json: { published: false } });
      const notFound = [404, problem('comments.post_not_found')];
      deepEqual(refusal(await comment(bob.token)), notFound);
      deepEqual(refusal(await list()), notFound);
      deepEqual(refusal(await call('GET /posts/999/comments')), notFound);
    });

    it('are mailed to the author of the post, in their language, but not to authors who comment themselves', async () => {
      const { ada, bob, comment, mails, publish } = await published();
      await comment(ada.token);
      await comment(bob.token);
      await comment(ada.token, 'Thank you.', await publish(bob.token));
      const received = (await mails()).map(({ to, words: { locale, paragraphs } }) => [to, [locale, ...paragraphs]]);
      equal(received.length, 2);
      deepEqual(Object.fromEntries(received), {
        [ada.email]: ['de', 'Zu Ihrem Beitrag „On engines“ gibt es einen neuen Kommentar.'],
        [bob.email]: ['en', 'Your post “On engines” has a new comment.'],
      });
    });

    it('are deleted by their authors, and by no other member', async () => {
      const { ada, bob, call, comment, texts } = await published();
      const id = idOf(await comment(bob.token));
      deepEqual(refusal(await call(`DELETE /comments/${id}`, ada)), [403, problem('comments.delete_denied')]);
      equal((await call(`DELETE /comments/${id}`, bob)).status, 204);
      deepEqual(refusal(await call(`DELETE /comments/${id}`, bob)), [404, problem('comments.not_found')]);
      deepEqual(await texts(), []);
    });

    it('are removed by moderators, which the audit and the subscribers are told', async () => {
      const { ada, bob, admin, call, comment, events, texts } = await published();
      const root = await admin();
      const id = idOf(await comment(bob.token));
      const remove = () => call(`POST /comments/${id}/removal`, { token: ada.token, json: { reason: 'Advertising' } });
      deepEqual(refusal(await remove()), [403, problem('role_required')]);
      const promoted = { token: root.token, json: { role: 'moderator' } };
      equal((await call(`PATCH /admin/users/${ada.id}/role`, promoted)).status, 200);
      equal((await remove()).status, 204);
      deepEqual(await texts(), []);
      const { body } = await call('GET /admin/audit?type=comments.deleted', root);
      const [entry, ...others] = body as Record<string, unknown>[];
      const detail = { comment_id: id, reason: 'Advertising' };
      deepEqual([entry?.['actor_id'], entry?.['subject_id'], entry?.['detail']], [ada.id, bob.id, detail]);
      deepEqual([others.length, events.map((event) => event.detail)], [0, [{ commentId: id, reason: 'Advertising' }]]);
    });

    it('are limited, as the host wishes', async () => {
      const limits = { 'comments.add': { byAccount: { attempts: 1, seconds: 60 } } };
      const { ada, bob, comment } = await published({ limits });
      equal((await comment(bob.token)).status, 201);
      deepEqual(refusal(await comment(bob.token)), [429, problem('rate_limited')]);
      equal((await comment(ada.token)).status, 201);
    });

    it('disappear with the account of their author, and their rows are deleted', async () => {
      const { ada, bob, application, system, call, comment, store, texts } = await published();
      await comment(ada.token, 'By Ada');
      await comment(bob.token, 'By Bob');
      equal((await call('DELETE /users/me', bob)).status, 204);
      deepEqual(await texts(), ['By Ada']);
      while (await application.purgeClosedAccounts.execute(system));
      equal(await store.unitOfWork.run(({ comments }) => comments.purgeAllOf(bob.id, 10)), 0);
    });

    it('are in the OpenAPI document', async () => {
      const { call } = await published();
      const { paths } = (await call('GET /openapi.json')).body as { paths: Record<string, unknown> };
      ok(['/posts/{post_id}/comments', '/comments/{id}', '/comments/{id}/removal'].every((path) => path in paths));
    });
  });
}

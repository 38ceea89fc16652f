import { openAccounts } from '@example/accounts';
import type { Member } from '@sallyport/core';
import type { GuardedBy } from '@sallyport/http-api';
import { fetchGuard, fetchHandler } from '@sallyport/http-api/fetch';

/** Next bundles each route handler by itself, so what they share is kept here. */
const kept = globalThis as { accounts?: ReturnType<typeof open> };

/** The accounts, opened by the first request: `next build` imports the route handlers too. */
function accounts() {
  return (kept.accounts ??= open());
}

async function open() {
  const { api, close } = await openAccounts(`http://localhost:${process.env['PORT'] ?? 3000}/api`);
  process.once('SIGTERM', () => void close().finally(() => process.exit()));
  return { handle: fetchHandler(api, { clientAddress, mountPath: '/api' }), guard: fetchGuard(api, { clientAddress }) };
}

/** Next adds the client's address if the header is absent. Behind a proxy, take what your proxy says. */
function clientAddress({ headers }: Request): string | undefined {
  return headers.get('x-forwarded-for')?.split(',').at(-1)?.trim();
}

/** Answers the requests of the API. */
export async function handle(request: Request): Promise<Response> {
  const { handle } = await accounts();
  return (await handle(request)) ?? new Response('Not Found', { status: 404 });
}

/** The member who sent the request, or the response that refuses the caller. */
export async function admit(request: Request, who: GuardedBy): Promise<Member | Response> {
  const { guard } = await accounts();
  return guard(request, who);
}

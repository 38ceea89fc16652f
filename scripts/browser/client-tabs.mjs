import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { rolldown } from 'rolldown';

const grace = { name: 'Grace Hopper', email: 'grace@example.com', password: 'secret123', age: 40 };

/** Milliseconds that a refresh takes here, so that the other tab needs one meanwhile. */
const slowness = 200;

/** Two tabs of an app that uses our client: they share one session, each refresh, and the end. */
export async function shareOneRefresh(browser, url) {
  const context = await browser.newContext();
  const app = await appWithClient();
  await context.route('**/app', (route) => route.fulfill({ contentType: 'text/html', body: app }));
  let refreshes = 0;
  await context.route('**/auth/refresh', async (route) => {
    refreshes += 1;
    await delay(slowness);
    await route.continue();
  });
  const tabs = [await context.newPage(), await context.newPage()];
  for (const tab of tabs) await tab.goto(`${url}/app`);
  const inBoth = (act) => Promise.all(tabs.map((tab) => tab.evaluate(act)));
  try {
    await tabs[0].evaluate(async (person) => {
      await client.register(person);
      await client.login(person);
    }, grace);

    await changeTokens(tabs[0], { refreshAt: 0 });
    const early = await inBoth(async () => (await client.getProfile()).email);
    assert.deepEqual([early, refreshes], [[grace.email, grace.email], 1]);

    await changeTokens(tabs[0], { accessToken: 'refused' });
    const late = await inBoth(async () => (await client.getProfile()).email);
    assert.deepEqual([late, refreshes], [[grace.email, grace.email], 2]);

    await tabs[0].evaluate(() => client.logout());
    const ended = await tabs[1].evaluate(() => client.getProfile().catch((error) => [error.code, signedOut]));
    assert.deepEqual(ended, ['not_authenticated', 1]);
  } finally {
    await context.close();
  }
}

/** A page whose script is our client as a bundler sees it. */
async function appWithClient() {
  const input = join(import.meta.dirname, '../../packages/client/src/index.ts');
  const bundle = await rolldown({ input });
  const { output } = await bundle.generate({ format: 'iife', name: 'sallyport' });
  await bundle.close();
  return `<!doctype html><title>App</title><script>${output[0].code}
    let signedOut = 0;
    const client = sallyport.createClient({
      baseUrl: '/',
      storage: sallyport.browserStorage(),
      onSignedOut: () => (signedOut += 1),
    });
  </script>`;
}

function changeTokens(tab, changes) {
  return tab.evaluate((changes) => {
    localStorage.setItem('sallyport', JSON.stringify({ ...JSON.parse(localStorage.getItem('sallyport')), ...changes }));
  }, changes);
}

/** Tests the docs page and the pages of mailed links in a real Chromium. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { shareOneRefresh } from './browser/client-tabs.mjs';
import { findProgram } from './programs.mjs';
import { withServer } from './running-server.mjs';

const ada = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'secret123', age: 36 };

await withServer(async (url, folder) => {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--headless', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const { page, complaints } = await openPage(browser, url);
    await authorizeAndCall(page, url);
    await confirmAddress(page, url, folder);
    await resetPassword(page, url, folder);
    assert.deepEqual(complaints, []);
    await sendFromForeignPages(browser, url);
    await shareOneRefresh(browser, url);
    console.log(
      'Authorized on the docs page and called the API there; confirmed an address and reset a password by link. ' +
        'Pages of other origins could not send the forms. Two tabs with the typed client shared each refresh.',
    );
  } finally {
    await browser.close();
  }
});

/** A page that records its errors, and its requests to any other host. */
async function openPage(browser, url) {
  const page = await browser.newPage();
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => request.url().startsWith(url) || complaints.push(`Asked ${request.url()}`));
  return { page, complaints };
}

async function authorizeAndCall(page, url) {
  assert.equal((await post(`${url}/auth/register`, ada)).status, 201);

  await page.goto(`${url}/docs`);
  await page.locator('.opblock').first().waitFor();
  const locked = page.locator('.authorization__btn[aria-label$=" locked"]');
  assert.equal(await locked.count(), 0);
  const login = page.locator('.opblock', { has: page.locator('[data-path="/auth/login"]') });
  assert.deepEqual([await login.count(), await login.locator('.authorization__btn').count()], [1, 0]);
  await page.locator('button.authorize').first().click();
  const fields = await page.locator('.auth-container').first().locator('input, select').all();
  const shown = await Promise.all(
    fields.map(async (field) => ((await field.isVisible()) ? field.getAttribute('id') : [])),
  );
  assert.deepEqual(shown.flat(), ['oauth_username', 'oauth_password']);
  assert.equal(await page.getByText('Scopes are used').isVisible(), false);
  const dialog = page.locator('.auth-container', { hasText: 'password' }).first();
  await dialog.locator('input[name=username], #oauth_username').first().fill(ada.email);
  await dialog.locator('input[name=password], #oauth_password').first().fill(ada.password);
  await dialog.locator('button', { hasText: 'Authorize' }).click();
  await dialog.locator('button', { hasText: 'Logout' }).waitFor();
  await dialog.locator('button', { hasText: 'Close' }).click();
  assert.equal(await locked.count(), await page.locator('.opblock .authorization__btn').count());

  const operation = page.locator('.opblock', { has: page.locator('[data-path="/users/me"]') }).first();
  await operation.locator('.opblock-summary').click();
  await operation.getByRole('button', { name: 'Try it out' }).click();
  await operation.getByRole('button', { name: 'Execute' }).click();
  const answer = operation.locator('.live-responses-table');
  await answer.waitFor();
  const text = await answer.innerText();
  assert.match(text, /\b200\b/);
  assert.match(text, /"email": "ada@example\.com"/);
}

async function confirmAddress(page, url, folder) {
  await page.goto(await mailedLink(url, folder, 'verify-email'));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('Your address is confirmed').waitFor();
}

async function resetPassword(page, url, folder) {
  assert.equal((await post(`${url}/auth/forgot-password`, { email: ada.email })).status, 200);
  const link = await mailedLink(url, folder, 'reset-password');
  // Opening the page does not use the link up.
  for (let looks = 0; looks < 3; looks += 1) await page.goto(link);
  await page.getByLabel('New password').fill('newSecret456');
  await page.getByRole('button', { name: 'Set this password' }).click();
  await page.getByText('Your password is changed').waitFor();
  const login = await post(`${url}/auth/login`, { email: ada.email, password: 'newSecret456' });
  assert.equal(login.status, 200);
}

/** A page of another port is of the same site; one of `localhost` is of another. */
async function sendFromForeignPages(browser, url) {
  const form = `<form method="post" action="${url}/verify-email"><input name="email" value="${ada.email}"><button>Go</button></form>`;
  const foreign = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end(form));
  await new Promise((resolve) => void foreign.listen(0, resolve));
  try {
    for (const host of ['127.0.0.1', 'localhost']) {
      const page = await browser.newPage();
      await page.goto(`http://${host}:${foreign.address().port}/`);
      const answered = page.waitForResponse(`${url}/verify-email`);
      await page.getByRole('button').click();
      assert.equal((await answered).status(), 403);
      await page.close();
    }
  } finally {
    foreign.close();
    foreign.closeAllConnections();
  }
}

/** The link of the mail of this kind, which is a file, with the server's address in this run. */
async function mailedLink(url, folder, kind) {
  const outbox = join(folder, 'data/outbox');
  for (;;) {
    const file = existsSync(outbox) && readdirSync(outbox).find((name) => name.endsWith(`-${kind}.eml`));
    const link = file && /^X-Link: (\S+)/m.exec(readFileSync(join(outbox, file), 'utf8'))?.[1];
    if (link) return link.replace('http://localhost:3000', url);
    await delay(100);
  }
}

function post(url, body) {
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

function findChromium() {
  const known = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  return findProgram(known, 'chromium');
}

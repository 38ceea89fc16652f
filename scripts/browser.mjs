/** Drives the docs page in a real Chromium, as somebody would who meets the API for the first time. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { withServer } from './running-server.mjs';

const ada = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'secret123', age: 36 };

await withServer(async (url) => {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--headless', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    await authorizeAndCall(await browser.newPage(), url);
    console.log('Authorized on the docs page and read an account there.');
  } finally {
    await browser.close();
  }
});

async function authorizeAndCall(page, url) {
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => request.url().startsWith(url) || complaints.push(`Asked ${request.url()}`));

  const headers = { 'content-type': 'application/json' };
  const registered = await fetch(`${url}/auth/register`, { method: 'POST', headers, body: JSON.stringify(ada) });
  assert.equal(registered.status, 201);

  await page.goto(`${url}/docs`);
  await page.locator('button.authorize').first().click();
  const dialog = page.locator('.auth-container', { hasText: 'password' }).first();
  await dialog.locator('input[name=username], #oauth_username').first().fill(ada.email);
  await dialog.locator('input[name=password], #oauth_password').first().fill(ada.password);
  await dialog.locator('button', { hasText: 'Authorize' }).click();
  await dialog.locator('button', { hasText: 'Logout' }).waitFor();
  await dialog.locator('button', { hasText: 'Close' }).click();

  const operation = page.locator('.opblock', { has: page.locator('[data-path="/users/me"]') }).first();
  await operation.locator('.opblock-summary').click();
  await operation.getByRole('button', { name: 'Try it out' }).click();
  await operation.getByRole('button', { name: 'Execute' }).click();
  const answer = operation.locator('.live-responses-table');
  await answer.waitFor();
  const text = await answer.innerText();
  assert.match(text, /\b200\b/);
  assert.match(text, /"email": "ada@example\.com"/);
  assert.deepEqual(complaints, []);
}

/** A Chromium of this machine; Debian's, installed if there is none. */
function findChromium() {
  const known = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const found = known.find((path) => path && existsSync(path));
  if (found) return found;
  const run = (...command) => execFileSync('apt-get', command, { stdio: ['ignore', 'ignore', 'inherit'] });
  run('update', '-qq');
  run('install', '-y', '-qq', '--no-install-recommends', 'chromium');
  return '/usr/bin/chromium';
}

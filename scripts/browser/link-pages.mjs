import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { audit } from './audit.mjs';
import { openPage } from './chromium.mjs';
import { logIn, mailedLink, register, requestReset } from './people.mjs';

const newPassword = 'newSecret456';

/**
 * Confirms an address and resets a password with the keyboard alone, and audits every state of the pages.
 *
 * @param {{ locale: string, name: string, error: string }} reader whose name is that of a new account
 */
export async function followLinks(browser, url, folder, { locale, name, error }) {
  const email = await register(url, name);
  await requestReset(url, email);
  const link = await mailedLink(url, folder, 'reset-password', email);
  const confirmation = await mailedLink(url, folder, 'verify-email', email);
  const { page, complaints } = await openPage(browser, url, { locale });
  const at = (state) => audit(page, `${state} in ${locale}`);

  await page.goto(confirmation);
  assert.equal(await page.locator('#username').inputValue(), email);
  await at('The form for an address');
  await page.locator('#username').focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('status').waitFor();
  await at('A confirmed address');

  // Opening the page does not use the link up.
  for (let looks = 0; looks < 3; looks += 1) await page.goto(link);
  assert.equal(await page.locator('html').getAttribute('lang'), locale);
  assert.equal(await page.locator('#username').inputValue(), email);
  assert.equal(await focused(page), 'new_password');
  await page.keyboard.type('1234567890');
  await showPassword(page);
  await at('The form for a password');
  await page.keyboard.press('Enter');
  await expectError(page, error);
  assert.equal(await page.locator('#new_password').getAttribute('aria-invalid'), 'true');
  await at('A refused password');
  await resetByKeyboard(page);
  await at('A reset');
  await logIn(url, email, newPassword);

  await page.goto(link);
  await expectError(page, error);
  await at('A used link');
  await page.keyboard.press('Tab');
  await page.keyboard.type('ada@x');
  await page.keyboard.press('Enter');
  await page.locator('#email[aria-invalid=true]').waitFor();
  await expectError(page, error);
  await at('A refused address');
  await page.locator('#email').fill(email);
  await page.keyboard.press('Enter');
  await page.getByRole('status').waitFor();
  await at('A requested link');
  assert.deepEqual(complaints, []);
  await page.context().close();
}

/** The same reset, in a browser that runs no script. */
export async function resetWithoutScript(browser, url, folder) {
  const email = await register(url, 'Scriptless');
  await requestReset(url, email);
  const { page, complaints } = await openPage(browser, url, { javaScriptEnabled: false });
  await page.goto(await mailedLink(url, folder, 'reset-password', email));
  assert.equal(await page.locator('#show_password').isVisible(), false);
  await page.keyboard.type('1234567890');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await resetByKeyboard(page);
  await logIn(url, email, newPassword);
  assert.deepEqual(complaints, []);
  await page.context().close();
}

/** Requests too many links, and audits what the next reader sees. */
export async function exhaustLimit(browser, url, locales) {
  const addresses = Array.from({ length: 30 }, (_, index) => `nemo-${index}@example.com`);
  const request = (email) => fetch(`${url}/verify-email`, { method: 'POST', body: new URLSearchParams({ email }) });
  await Promise.all(addresses.map(request));
  for (const locale of locales) {
    const { page } = await openPage(browser, url, { locale });
    await page.goto(`${url}/verify-email`);
    await page.locator('#email').fill('nemo@example.com');
    const answered = page.waitForResponse(`${url}/verify-email`);
    await page.keyboard.press('Enter');
    assert.equal((await answered).status(), 429);
    assert.equal(await page.locator('#email').inputValue(), 'nemo@example.com');
    await audit(page, `The limit in ${locale}`);
    await page.context().close();
  }
}

/** A page of another port is of the same site; one of `localhost` is of another. */
export async function sendFromForeignPages(browser, url) {
  const form = `<form method="post" action="${url}/verify-email"><input name="email" value="ada@example.com"><button>Go</button></form>`;
  const foreign = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end(form));
  await new Promise((resolve) => void foreign.listen(0, resolve));
  try {
    for (const host of ['127.0.0.1', 'localhost']) {
      const page = await browser.newPage();
      await page.goto(`http://${host}:${foreign.address().port}/`);
      const answered = page.waitForResponse(`${url}/verify-email`);
      await page.getByRole('button').click();
      assert.equal((await answered).status(), 403);
      await page.getByText('This form was sent by another site').waitFor();
      if (host === 'localhost') await audit(page, 'A form of another site');
      await page.close();
    }
  } finally {
    foreign.close();
    foreign.closeAllConnections();
  }
}

/** From the error, past the address of the account, to the field, and then by Enter. */
async function resetByKeyboard(page) {
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type(newPassword);
  await page.keyboard.press('Enter');
  await page.getByRole('status').waitFor();
  const onward = page.getByRole('link');
  assert.equal(await onward.getAttribute('href'), 'https://app.example.com');
}

/** Shows and hides the password by keyboard, and goes back to it. */
async function showPassword(page) {
  const type = () => page.locator('#new_password').getAttribute('type');
  const types = [await type()];
  await page.keyboard.press('Tab');
  for (let presses = 0; presses < 2; presses += 1) {
    await page.keyboard.press('Space');
    types.push(await type());
  }
  assert.deepEqual(types, ['password', 'text', 'password']);
  await page.keyboard.press('Shift+Tab');
}

/** The error has the focus, and the title of the window begins with it. */
async function expectError(page, error) {
  await page.getByRole('alert').waitFor();
  assert.equal(await focused(page), 'error');
  assert.ok((await page.title()).startsWith(`${error}: `));
}

const focused = (page) => page.evaluate(() => document.activeElement.id);

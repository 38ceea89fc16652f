import assert from 'node:assert/strict';
import { audit } from './audit.mjs';
import { openPage } from './chromium.mjs';
import { password, register } from './people.mjs';

/** Authorizes by keyboard, after a wrong password, and calls a route. Public routes have no lock. */
export async function visitDocs(browser, url) {
  const email = await register(url, 'Docs');
  const { page, complaints } = await openPage(browser, url);
  await page.goto(url);
  await page.locator('.opblock').first().waitFor();
  assert.equal(await page.title(), 'Analytical Engines API');
  const protectedPaths = await protectedOperations(url);
  assert.deepEqual(await locks(page, 'unlocked'), protectedPaths);
  await authorize(page, email);
  assert.deepEqual(await locks(page, 'locked'), protectedPaths);
  assert.deepEqual(await locks(page, 'unlocked'), []);
  await callOwnAccount(page, email);
  await audit(page, 'The docs page with an answer');
  await logOut(page);
  assert.deepEqual(await locks(page, 'unlocked'), protectedPaths);
  assert.deepEqual(complaints, []);
  await page.context().close();
}

/** The operations that the document lets no anonymous caller use. */
async function protectedOperations(url) {
  const { paths } = await (await fetch(`${url}/openapi.json`)).json();
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => ({ operation: `${method} ${path}`, security })),
  );
  const isProtected = ({ security }) => security.length > 0 && security.every((one) => Object.keys(one).length > 0);
  return operations.flatMap((one) => (isProtected(one) ? one.operation : [])).toSorted();
}

/** The operations whose lock is in this state. */
async function locks(page, state) {
  const found = await page.locator('.opblock').evaluateAll(
    (operations, label) =>
      operations
        .filter((operation) => operation.querySelector('.authorization__btn')?.ariaLabel === label)
        .map((operation) => {
          const path = operation.querySelector('[data-path]').dataset.path;
          return `${operation.querySelector('.opblock-summary-method').textContent.toLowerCase()} ${path}`;
        }),
    `authorization button ${state}`,
  );
  return found.toSorted();
}

async function authorize(page, email) {
  const dialog = page.getByRole('dialog', { name: 'Authorize' });
  await page.locator('button.authorize').focus();
  await page.keyboard.press('Enter');
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  await dialog.waitFor();
  assert.deepEqual(await dialog.locator('label').allInnerTexts(), ['E-mail', 'Password']);
  assert.equal(await dialog.locator('input').count(), 2);
  assert.equal(await focused(page), 'E-mail');
  await page.keyboard.type(email);
  await page.keyboard.press('Tab');
  await page.keyboard.type('not the password');
  await page.keyboard.press('Enter');
  await dialog.getByText('Invalid credentials').waitFor();
  assert.equal(await focused(page), 'Password');
  await audit(page, 'Authorize');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Authorized' }).waitFor();
  await page.waitForFunction(() => document.activeElement.textContent === 'Close');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.classList.contains('authorize')), true);
}

/** The label of the field that has the focus. */
const focused = (page) => page.evaluate(() => document.activeElement.labels?.[0]?.textContent);

async function callOwnAccount(page, email) {
  const operation = page.locator('.opblock-get', { has: page.locator('[data-path="/users/me"]') });
  await operation.locator('.opblock-summary-control').focus();
  await page.keyboard.press('Enter');
  await operation.getByRole('button', { name: 'Try it out' }).click();
  await operation.getByRole('button', { name: 'Execute' }).click();
  const answer = operation.locator('.live-responses-table');
  await answer.waitFor();
  const text = await answer.innerText();
  assert.match(text, /\b200\b/);
  assert.ok(text.includes(`"email": "${email}"`));
}

async function logOut(page) {
  await page.locator('button.authorize').first().click();
  const ended = page.waitForResponse('**/auth/logout');
  await page.getByRole('dialog', { name: 'Authorized' }).getByRole('button', { name: 'Log out' }).click();
  assert.equal((await ended).status(), 204);
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

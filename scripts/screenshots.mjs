/** Takes the screenshots of the pages that the docs show, in `docs/images`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium, openPage } from './browser/chromium.mjs';
import { mailedLink, register, requestReset } from './browser/people.mjs';
import { withServer } from './running-server.mjs';

const folder = join(import.meta.dirname, '../docs/images');
mkdirSync(folder, { recursive: true });

const brand = { BRAND_NAME: 'Analytical Engines', BRAND_COLOR: '#0b6e69', BRAND_URL: 'https://app.example.com' };

await withServer(async (url, data) => {
  const email = await register(url, 'Ada');
  await requestReset(url, email);
  const link = await mailedLink(url, data, 'reset-password', email);
  const browser = await launchChromium();

  /** Opens a page at this size, brings it into a state, and takes its picture. */
  async function take(name, [width, height], options, reach) {
    const { page } = await openPage(browser, url, { viewport: { width, height }, ...options });
    await reach(page);
    await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
    await page.context().close();
  }

  try {
    await take('reset-light', [560, 690], { colorScheme: 'light' }, (page) => page.goto(link));
    await take('reset-dark', [560, 780], { colorScheme: 'dark', locale: 'de' }, async (page) => {
      await page.goto(link);
      await page.keyboard.type('1234567890');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
    });
    await take('invalid-narrow', [320, 590], { colorScheme: 'light' }, (page) => page.goto(`${url}/reset-password`));
    await take('docs', [960, 600], { colorScheme: 'light' }, async (page) => {
      await page.goto(`${url}/docs`);
      await page.locator('button.authorize').click();
      await page.keyboard.type(email);
    });
  } finally {
    await browser.close();
  }
}, brand);

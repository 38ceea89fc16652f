/**
 * Tests the docs page and the pages of mailed links in a real Chromium: by keyboard, without scripts, light and dark,
 * in a narrow window, and for accessibility; and two tabs with the typed client. A violation of a page's policy is an error.
 */
import { countAudits } from './browser/audit.mjs';
import { launchChromium } from './browser/chromium.mjs';
import { shareOneRefresh } from './browser/client-tabs.mjs';
import { visitDocs } from './browser/docs-page.mjs';
import { exhaustLimit, followLinks, resetWithoutScript, sendFromForeignPages } from './browser/link-pages.mjs';
import { withServer } from './running-server.mjs';

const brand = { BRAND_NAME: 'Analytical Engines', BRAND_COLOR: '#e0b000', BRAND_URL: 'https://app.example.com' };

await withServer(async (url, folder) => {
  const browser = await launchChromium();
  try {
    await visitDocs(browser, url);
    await followLinks(browser, url, folder, { locale: 'en', name: 'Ada', error: 'Error' });
    await followLinks(browser, url, folder, { locale: 'de', name: 'Byron', error: 'Fehler' });
    await resetWithoutScript(browser, url, folder);
    await sendFromForeignPages(browser, url);
    await shareOneRefresh(browser, url);
    await exhaustLimit(browser, url, ['en', 'de']);
    console.log(
      'Authorized on the docs page and called the API there; confirmed addresses and reset passwords by link, with the ' +
        'keyboard alone and without scripts. Pages of other origins could not send the forms. ' +
        `Two tabs with the typed client shared each refresh. ${countAudits()} audits found nothing.`,
    );
  } finally {
    await browser.close();
  }
}, brand);

import { chromium } from 'playwright-core';
import { findProgram } from '../programs.mjs';

const known = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Starts Chromium. If this machine has none, Debian's is installed. */
export function launchChromium() {
  return chromium.launch({
    executablePath: findProgram(known, 'chromium'),
    args: ['--no-sandbox', '--headless', '--disable-gpu', '--disable-background-networking'],
  });
}

/** What Chromium says of an answer to a form that the test means to be refused. */
const refused = /^Failed to load resource: the server responded with a status of 4(?:00|01|22) /;

/**
 * A page that records its errors, such as violations of its policy, and its requests to any other host.
 *
 * @param {import('playwright-core').BrowserContextOptions} options
 */
export async function openPage(browser, url, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !refused.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => request.url().startsWith(url) || complaints.push(`Asked ${request.url()}`));
  return { page, complaints };
}

import assert from 'node:assert/strict';
import axe from 'axe-core';

/** WCAG 2.2, level AA, as far as a program can check it. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** A wide window, and one of the width to which a zoom of 400 % shrinks it (WCAG 2.2, success criterion 1.4.10). */
const windows = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 320 },
];

let audits = 0;

/** How often a page was audited. */
export const countAudits = () => audits;

/**
 * Waits until no colour is between two: Swagger UI's buttons and links pass slowly from one to another, and those inside
 * them follow later. Asking for the animations makes the browser apply the styles that changed.
 */
async function endTransitions() {
  const running = () => document.getAnimations().filter((animation) => animation instanceof CSSTransition);
  while (running().length > 0) await Promise.allSettled(running().map(({ finished }) => finished));
}

/** Checks that axe finds nothing on the page, light and dark, and that it fits into 320 pixels without scrolling sideways. */
export async function audit(page, state) {
  for (const { colorScheme, width } of windows) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate(endTransitions);
    const found = await page.evaluate(`(async () => {
      ${axe.source};
      const { violations } = await axe.run(document, { runOnly: ${JSON.stringify(tags)} });
      const beyond = document.documentElement.scrollWidth - innerWidth;
      const where = violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ': ' + target.join(' ')));
      return beyond > 0 ? [...where, beyond + ' pixels too wide'] : where;
    })()`);
    assert.deepEqual(found, [], `${state}, ${colorScheme}, ${width} pixels wide`);
    audits += 1;
  }
}

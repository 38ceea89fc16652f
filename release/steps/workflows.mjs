import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateWorkflow } from '@action-validator/core';
import { root } from '../prepare.mjs';

const folder = join(root, '.github/workflows');

/**
 * What is wrong with the workflows: what GitHub would not accept, scripts of npm that are not there, and actions that are
 * not pinned by their commit.
 *
 * @returns {string[]}
 */
export function checkWorkflows() {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return readdirSync(folder).flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const { errors } = validateWorkflow(text);
    const actions = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
    const asked = [...text.matchAll(/npm run (\S+)/g)].map(([, script]) => script);
    return [
      ...errors.map(({ title, detail = '', path = '' }) => `${name}: ${title} ${path} ${detail}`),
      ...actions.filter((action) => !/@[0-9a-f]{40}$/.test(action)).map((action) => `${name}: ${action} is not pinned`),
      ...asked.filter((script) => !Object.hasOwn(scripts, script)).map((script) => `${name}: there is no ${script}`),
    ];
  });
}

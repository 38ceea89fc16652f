import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { synopsis } from './help.ts';
import { commands } from './table.ts';

const operations = readFileSync(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');

describe('docs/operations.md', () => {
  it('has a row for each command, as the help has it', () => {
    const table = commands.map((one) => `| \`${synopsis(one).replaceAll('|', '\\|')}\` | ${one.summary} |`).join('\n');
    expect(operations).toContain(`| command | what it does |\n|---|---|\n${table}\n\n`);
  });
});

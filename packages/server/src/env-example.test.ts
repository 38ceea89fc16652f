import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { Environment } from './environment.ts';

const guide = readFileSync(new URL('../../../docs/run.md', import.meta.url), 'utf8');
const example = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');

describe('.env.example', () => {
  it('lists every variable there is, with its meaning and its default, and nothing else', () => {
    const entries = Object.entries(Environment.entries).map(
      ([name, entry]) => `# ${v.getDescription(entry.wrapped)}\n# ${name}=${v.getDefault(entry) ?? ''}\n`,
    );
    expect(example).toBe(entries.join('\n'));
  });

  it('changes nothing where it is copied and every line is brought to life', () => {
    const lines = example.split('\n').filter((line) => /^# [A-Z0-9_]+=/.test(line));
    const variables = parseEnv(lines.map((line) => line.slice(2)).join('\n'));
    expect(Object.keys(variables)).toHaveLength(Object.keys(Environment.entries).length);
    expect(readConfig(variables as Record<string, string>)).toEqual(readConfig({}));
  });
});

describe('The guide to running the server', () => {
  it('has a row for every variable there is', () => {
    const rows = guide.split('\n').filter((line) => /^\| `[A-Z0-9_]+`/.test(line));
    const names = rows.flatMap((row) => [...(row.split(' | ')[0] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name));
    expect(names).toHaveLength(new Set(names).size);
    expect(new Set(names)).toEqual(new Set(Object.keys(Environment.entries)));
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkHabits } from './check.mjs';

const sources = 'packages/store/src';
const tag = `import sql, { empty, join, type Sql } from 'sql-template-tag';\n`;

/** A small tree with every good habit. */
const good = {
  [`${sources}/index.ts`]: `export * from './people.ts';`,
  [`${sources}/people.ts`]: `${tag}
    export const find = (id: number, rest: Sql[]) => sql\`select * from people where id = \${id} and \${join(rest, ' and ')}\`;
    export const none = empty;
    export const begin = (client: any) => client.query('begin');
    export const grow = (client: any, text: string) => client.exec(text);
    export const sentence = (name: string) => \`\${name} was updated and set aside, from wherever that came\`;
    export const isName = (text: string) => /^[a-z]+(?: [a-z]+)*$/.exec(text) !== null;`,
  'scripts/clean.mjs': `export const firstLine = (text, name) => \`create table \${name}\` + /^(.*?)\\n/.exec(text)?.[1] + /x+$/.test(text);`,
};

/** Changed files of the tree, with the one refusal that must follow. */
const bad = [
  [
    'db.query(`select * from ${table} where id = 1`);',
    ':1: SQL is composed of text',
    ':1: query is called with composed text',
  ],
  ['const text = `\nselect * from ${table} `;', ':1: SQL is composed of text'],
  [`const text = 'delete from ' + table;`, ':1: SQL is composed of text'],
  [`text += ' order by ' + column;`, ':1: SQL is composed of text'],
  [`text += ' where id = 1';`, ':1: SQL is composed of text'],
  [`const text = 'update '.concat(table, ' set name = 1');`, ':1: SQL is composed of text'],
  [`const text = ['insert into', table].join(' ') + ' values';`, ':1: SQL is composed of text'],
  ['const text = String.raw`insert into ${table} default values`;', ':1: SQL is composed of text'],
  ['db.query(`${verb} ${what}`);', ':1: query is called with composed text'],
  [`const text = verb + what;\ndb.exec(text);`, ':2: exec is called with composed text'],
  ['db.query({ text: `${verb} ${what}`, values: [] });', ':1: a statement is composed of text'],
  [`import { raw } from 'sql-template-tag';`, ':1: raw of sql-template-tag makes text part of a statement'],
  [`import { Sql } from 'sql-template-tag';`, ':1: Sql of sql-template-tag makes text part of a statement'],
  [`import * as all from 'sql-template-tag';`, ':1: all of sql-template-tag makes text part of a statement'],
  [`export { raw } from 'sql-template-tag';`, ':1: sql-template-tag is passed on'],
  [`${tag}sql([text]);`, ':2: the tag sql is called with text'],
  [`${tag}join(parts, separator);`, ':2: a separator becomes part of the statement'],
  ['/^(a+)+$/.test(text);', ':1: /^(a+)+$/ is exponential'],
  ['/^(a|aa)+$/.test(text);', ':1: /^(a|aa)+$/ is exponential'],
  ['v.regex(/\\s+$/);', ':1: /\\s+$/ is polynomial'],
  [`new RegExp('^(a+)+$', 'u');`, ':1: /^(a+)+$/u is exponential'],
  ['new RegExp(`^${name}$`);', ':1: a regular expression must stand there in plain text'],
  ['globalThis.RegExp(pattern);', ':1: a regular expression must stand there in plain text'],
];

/**
 * Shows that the check can refuse, since a check that reads nothing finds no violation.
 *
 * @returns {{ trees: number, failures: string[] }} the canaries with a wrong result
 */
export function checkCanaries() {
  const script = 'scripts/clean.mjs';
  const trees = [
    { tree: good, expected: [] },
    { tree: {}, expected: ['no source of a package was read', 'no script was read'] },
    { tree: { ...good, [script]: '/^(a+)+$/.test(text);' }, expected: [`${script}:1: /^(a+)+$/ is exponential`] },
    {
      tree: {
        ...good,
        'docs/limits.md': `Nobody's attempts, 'Nobody', nobody@example.com\n\nof those whom a limit stops`,
      },
      expected: [
        'docs/limits.md:1: "Nobody" stops a reader; say for example "no caller"',
        'docs/limits.md:3: "whom" stops a reader; say for example "the caller that"',
      ],
    },
    ...bad.map(([text, ...refusals]) => ({
      tree: { ...good, [`${sources}/people.ts`]: text },
      expected: refusals.map((refusal) => `${sources}/people.ts${refusal}`),
    })),
  ];
  const failures = trees.flatMap(({ tree, expected }) => {
    const { refusals } = checkTree(tree);
    if (JSON.stringify(refusals.toSorted()) === JSON.stringify(expected.toSorted())) return [];
    return [`canary: expected [${expected.join(', ')}], found [${refusals.join(', ')}]`];
  });
  return { trees: trees.length, failures };
}

function checkTree(tree) {
  const root = mkdtempSync(join(tmpdir(), 'habits-'));
  try {
    for (const [path, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return checkHabits(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

import { Visitor } from 'oxc-parser';
import { isComposed, textIn } from './composed-text.mjs';

const library = 'sql-template-tag';

/** The safe exports of the library. All others insert text into a statement unescaped. */
const harmless = new Set(['default', 'join', 'empty']);

/** The only file that makes quoted names part of statements, because a name cannot be a parameter. */
const quoting = 'packages/adapters-postgres/src/identifiers.ts';

/** Words that follow each other in SQL and hardly anywhere else. */
const sqlWords =
  /\bselect\s.*\bfrom\s|\binsert\s+into\s|\bupdate\s+\S+\s+set\s|\bdelete\s+from\s|\b(?:create|alter|drop|truncate)\s+(?:table|index|schema|database|role)\s|\bwhere\s+\S+\s*(?:[=<>]|in\b|is\b|i?like\b)|\b(?:order|group)\s+by\s|\bunion\s+(?:all|select)\b/is;

/**
 * Finds SQL that is composed of text, so that a value could become part of it. Values belong into templates of the tag
 * `sql`, which sends them separately from the text. Migrations are sent as they are in their files, by a variable to
 * which nothing is added. No tag made that text, but no caller's input can reach it.
 *
 * @param {import('./read-sources.mjs').Source} source
 * @returns {{ line: number, reason: string }[]}
 */
export function composedSql({ path, program, lineOf }) {
  const refusals = [];
  const names = { sql: undefined, join: undefined };
  const tagged = new Set();
  const composedNames = new Set();
  const refuse = (node, reason) => refusals.push({ line: lineOf(node), reason });

  function judge(node) {
    if (!tagged.has(node) && isComposed(node) && sqlWords.test(textIn(node))) refuse(node, 'SQL is composed of text');
  }
  const isOfText = (node) => (isComposed(node) && !tagged.has(node)) || composedNames.has(node?.name);

  new Visitor({
    ImportDeclaration(node) {
      if (node.source.value !== library || node.importKind === 'type') return;
      for (const one of node.specifiers) {
        const imported = one.type === 'ImportDefaultSpecifier' ? 'default' : one.imported?.name;
        if (imported === 'default') names.sql = one.local.name;
        if (imported === 'join') names.join = one.local.name;
        const isHarmless = harmless.has(imported) || (imported === 'raw' && path === quoting);
        if (one.importKind !== 'type' && !isHarmless) {
          refuse(one, `${imported ?? 'all'} of ${library} makes text part of a statement`);
        }
      }
    },
    ExportNamedDeclaration: (node) => node.source?.value === library && refuse(node, `${library} is passed on`),
    ExportAllDeclaration: (node) => node.source.value === library && refuse(node, `${library} is passed on`),
    TaggedTemplateExpression(node) {
      if (node.tag.name === names.sql && names.sql !== undefined) tagged.add(node.quasi);
    },
    TemplateLiteral: judge,
    BinaryExpression: judge,
    AssignmentExpression: judge,
    VariableDeclarator: (node) => isComposed(node.init) && composedNames.add(node.id.name),
    ObjectExpression({ properties }) {
      const valueOf = (key) => properties.find((one) => one.key?.name === key)?.value;
      if (valueOf('values') && isOfText(valueOf('text'))) refuse(valueOf('text'), 'a statement is composed of text');
    },
    CallExpression(node) {
      judge(node);
      const { callee, arguments: given } = node;
      if (callee.name === names.sql && names.sql !== undefined) refuse(node, 'the tag sql is called with text');
      if (callee.name === names.join && names.join !== undefined) {
        const separators = given.slice(1).filter((one) => one.type !== 'Literal');
        for (const one of separators) refuse(one, 'a separator becomes part of the statement');
      }
      if (!['query', 'exec'].includes(callee.property?.name) || callee.object.regex) return;
      if (isOfText(given[0])) refuse(node, `${callee.property.name} is called with composed text`);
    },
  }).visit(program);
  return refusals;
}

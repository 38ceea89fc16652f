import { parseSync, Visitor } from 'oxc-parser';
import { onlyCallers } from './rules.mjs';

/**
 * @typedef {object} Finding
 * @property {string | undefined} name a specifier, or the used name; `undefined` for an import whose name is known only
 *   at run time
 * @property {number} line
 *
 * @typedef {object} Source
 * @property {Finding[]} imports every module that the file names, including types
 * @property {Finding[]} uses of `process.env`, `Math.random` and the methods in `onlyCallers`
 * @property {Finding[]} mentions of posts, in code, text and comments
 */

/** Members of globals that only some files, or none, may use. */
const watchedGlobals = new Set(['process.env', 'Math.random']);

/** Methods of repositories that only some files may call, with any transaction. */
const watchedMethods = new Set(Object.keys(onlyCallers));

/** The words of the module of posts, but not the method POST or Postgres. */
const isOfPosts = (word) => /^[pP]osts$|[pP]osts?[A-Z]|[a-z]Posts?$|^post_/.test(word);

/**
 * Reads a source file by its syntax, without its types, so that an import of a type counts like any other.
 *
 * @param {string} path
 * @param {string} text
 * @returns {Source}
 * @throws {Error} when it is not TypeScript
 */
export function readSource(path, text) {
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);

  /** @type {Source} */
  const source = { imports: [], uses: [], mentions: [] };
  const lineOf = ({ start }) => text.slice(0, start).split('\n').length;
  const addImport = (node, specifier) => source.imports.push({ name: textOf(specifier), line: lineOf(node) });
  const addUse = (node, object, member) => {
    const [ofGlobal, ofAny] = [`${globalName(object)}.${member}`, `${lastName(object)}.${member}`];
    if (watchedGlobals.has(ofGlobal)) source.uses.push({ name: ofGlobal, line: lineOf(node) });
    if (watchedMethods.has(ofAny)) source.uses.push({ name: ofAny, line: lineOf(node) });
  };

  /** The names that a pattern takes from an object, in a declaration or in another pattern. */
  function addTaken(node, pattern, object) {
    if (pattern.type !== 'ObjectPattern') return;
    for (const property of pattern.properties) addUse(node, object, property.key?.name ?? property.key?.value);
  }

  new Visitor({
    ImportDeclaration: (node) => addImport(node, node.source),
    ExportAllDeclaration: (node) => addImport(node, node.source),
    ExportNamedDeclaration: (node) => node.source && addImport(node, node.source),
    ImportExpression: (node) => addImport(node, node.source),
    TSImportType: (node) => addImport(node, node.source),
    TSExternalModuleReference: (node) => addImport(node, node.expression),
    CallExpression: (node) => isRequire(node.callee) && addImport(node, node.arguments[0]),
    MemberExpression: (node) => addUse(node, node.object, memberName(node)),
    VariableDeclarator: (node) => addTaken(node, node.id, node.init),
    Property: (node) => addTaken(node, node.value, node.key),
  }).visit(program);

  for (const comment of comments) {
    const reference = /^\/\s*<reference\s+(?:types|path)\s*=\s*["']([^"']+)/.exec(comment.value);
    if (reference) source.imports.push({ name: reference[1], line: lineOf(comment) });
  }
  for (const { 0: name, index } of text.matchAll(/\w+/g)) {
    if (isOfPosts(name)) source.mentions.push({ name, line: lineOf({ start: index }) });
  }
  return source;
}

/** The text of a literal. */
function textOf(node) {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0].value.cooked;
  return undefined;
}

function memberName({ computed, property }) {
  return computed ? textOf(property) : property.name;
}

/** `Math`, and `globalThis.Math` too. */
function globalName(node) {
  if (node?.type === 'Identifier') return node.name;
  if (node?.type === 'MemberExpression' && globalName(node.object) === 'globalThis') return memberName(node);
  return undefined;
}

/** `sessions`, and `transaction.sessions` too. */
function lastName(node) {
  return node?.type === 'MemberExpression' ? memberName(node) : node?.name;
}

/** `require`, `createRequire(…)`, and `resolve` of either or of `import.meta`. */
function isRequire(callee) {
  if (callee.type === 'Identifier') return callee.name === 'require';
  if (callee.type === 'CallExpression') return callee.callee.name === 'createRequire';
  if (callee.type !== 'MemberExpression' || memberName(callee) !== 'resolve') return false;
  return callee.object.type === 'MetaProperty' || isRequire(callee.object);
}

import { lstatSync, readFileSync } from 'node:fs';
import { ConfigError } from './config.ts';

/**
 * Reads a settings file as people and their editors write it. A missing file has no variables.
 *
 * - The file is UTF-8, with or without a byte order mark, and its lines end in any way (LF, CRLF, CR).
 * - A line is empty, a comment, or `NAME=value`, with `export` before it if you like and spaces around the `=`. The last
 *   line of a name counts.
 * - Without quotes, the value ends with the line, or before a `#` that follows white space.
 * - In single quotes or backticks, the value is literal. In double quotes, `\n`, `\r`, `\t`, `\"`, `\\` and `\$` are
 *   escapes. A value in quotes may continue over lines.
 * - `$` stands for itself.
 *
 * @throws ConfigError for a file that is not readable as such, naming the line but never a value
 */
export function readEnvFile(file: string): Record<string, string> {
  const bytes = readBytes(file);
  return bytes ? parseEnv(decode(bytes, file), file) : {};
}

function readBytes(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !lstatSync(file, { throwIfNoEntry: false })) return undefined;
    throw new ConfigError(`${file} cannot be read: ${code === 'EISDIR' ? 'it is a directory' : message}`);
  }
}

function decode(bytes: Buffer, file: string): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new ConfigError(`${file} is in UTF-16: save it as UTF-8`);
  }
  const zero = bytes.indexOf(0);
  if (zero >= 0) {
    const line = lineAfter(bytes.toString('latin1', 0, zero));
    throw new ConfigError(`${file} line ${line} contains a NUL byte: save it as text in UTF-8`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const [valid = ''] = bytes.toString('utf8').split('\uFFFD');
    throw new ConfigError(`${file} line ${lineAfter(valid)} is not in UTF-8: save it as UTF-8`);
  }
}

const lineAfter = (text: string): number => text.split(lineEnd).length;

const lineEnd = /\r\n|\r|\n/;
const blank = /^\s*(?:#.*)?$/s;
const assignment = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=/;
const typographic = /^[\u2018-\u201F\u00AB\u00BB\u301D-\u301F\uFF02\uFF07\uFF40]/;
const invisible = /^[\p{Cf}\p{DI}]|\p{Cf}$/u;

/** Parses the text of a settings file. */
function parseEnv(text: string, file: string): Record<string, string> {
  const lines = text.split(lineEnd);
  const variables: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (blank.test(line)) continue;
    const complain = (what: string) => new ConfigError(`${file} line ${at + 1} ${what}`);
    const [start = '', name] = assignment.exec(line) ?? [];
    if (name === undefined) throw complain('is neither NAME=value nor a comment');
    const written = line.slice(start.length);
    const value = written.trimStart();
    if (typographic.test(value)) throw complain(`has typographic quotes: write ${name}="…" or ${name}='…'`);
    if (!/^["'`]/.test(value)) {
      const plain = withoutComment(written);
      if (invisible.test(plain)) {
        throw complain(
          'has an invisible character before or behind the value: remove it, or put the value into quotes',
        );
      }
      variables[name] = plain;
      continue;
    }
    const quoted = readQuoted([value, ...lines.slice(at + 1)].join('\n'));
    if (!quoted) throw complain('opens a quote that is not closed');
    if (!blank.test(quoted.rest) || quoted.rest.startsWith('#')) {
      throw complain('has text after the closing quote: put all of the value into quotes of another kind');
    }
    variables[name] = quoted.value;
    at += quoted.lineEnds;
  }
  return variables;
}

/** A `#` begins a comment only after white space. */
function withoutComment(written: string): string {
  return written.replace(/\s#.*$/s, '').trim();
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Reads the quoted value at the beginning of a text, and the rest of the line on which it ends. */
function readQuoted(text: string): { value: string; rest: string; lineEnds: number } | undefined {
  const pattern = { '"': /^"((?:[^"\\]|\\[^])*)"([^\n]*)/, "'": /^'([^']*)'([^\n]*)/, '`': /^`([^`]*)`([^\n]*)/ }[
    text[0] ?? ''
  ];
  const [, content, rest = ''] = pattern?.exec(text) ?? [];
  if (content === undefined) return undefined;
  const value =
    text[0] === '"'
      ? content.replaceAll(/\\([nrt"\\$])/g, (_, escaped: string) => escapes[escaped] ?? escaped)
      : content;
  return { value, rest, lineEnds: content.split('\n').length - 1 };
}

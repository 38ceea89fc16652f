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
  if (bytes && bytes.length > maxSize) throw new ConfigError(`${file} is longer than 1 MiB: it is no settings file`);
  return bytes ? parseEnv(decode(bytes, file), file) : {};
}

const maxSize = 2 ** 20;

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

/** Parses the text of a settings file, whose lines end in any way. */
function parseEnv(written: string, file: string): Record<string, string> {
  const text = written.replaceAll(/\r\n?/g, '\n');
  const variables: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = endOfLine(text, start);
    const line = text.slice(start, end);
    if (blank.test(line)) continue;
    const complain = (what: string) => new ConfigError(`${file} line ${lineAfter(text.slice(0, start))} ${what}`);
    const [assigned = '', name] = assignment.exec(line) ?? [];
    if (name === undefined) throw complain('is neither NAME=value nor a comment');
    const value = line.slice(assigned.length).trimStart();
    if (typographic.test(value)) throw complain(`has typographic quotes: write ${name}="…" or ${name}='…'`);
    if (!/^["'`]/.test(value)) {
      const plain = withoutComment(line.slice(assigned.length));
      if (invisible.test(plain)) {
        throw complain(
          'has an invisible character before or behind the value: remove it, or put the value into quotes',
        );
      }
      variables[name] = plain;
      continue;
    }
    const open = end - value.length;
    const close = closingQuote(text, open);
    if (close === undefined) throw complain('opens a quote that is not closed');
    end = endOfLine(text, close);
    const rest = text.slice(close + 1, end);
    if (!blank.test(rest) || rest.startsWith('#')) {
      throw complain('has text after the closing quote: put all of the value into quotes of another kind');
    }
    variables[name] = unquoted(text.slice(open, close));
  }
  return variables;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** A `#` begins a comment only after white space. */
function withoutComment(written: string): string {
  return written.replace(/\s#.*$/s, '').trim();
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Where the quote that opens here is closed. A pattern would need a stack as deep as the value is long. */
function closingQuote(text: string, open: number): number | undefined {
  const quote = text[open];
  for (let at = open + 1; at < text.length; at += 1) {
    if (text[at] === quote) return at;
    if (text[at] === '\\' && quote === '"') at += 1;
  }
  return undefined;
}

/** The value behind its opening quote. */
function unquoted(text: string): string {
  const content = text.slice(1);
  if (!text.startsWith('"')) return content;
  return content.replaceAll(/\\([nrt"\\$])/g, (_, escaped: string) => escapes[escaped] ?? escaped);
}

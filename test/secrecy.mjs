// Checks whole runs for one promise: no log, no refusal and no audit entry contains a credential. It is JavaScript,
// because Node 20 runs it directly for the scripts.
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A short text, a single word, or one letter repeated can appear by chance, and is no secret. */
const isSearchable = (text) => text.length >= 8 && !/^(?:[a-z]{1,14}|(.)\1*)$/i.test(text);

/** The shapes of credentials, whether or not a test has noted them. */
const shapes = [/\$argon2/, /plain:\d+:/, /eyJ[\w-]{20}/, /-----BEGIN/, /\b(?:Bearer|Basic) [\w-]{8}/];

/** The credentials that one process used and the answers that it got, for the search at the end of the run. */
export class Notes {
  #credentials = new Set();
  #answers = new Set();
  #watches = false;

  /** Notes credentials in use. */
  credentials(...values) {
    for (const value of values) {
      if (typeof value !== 'string') continue;
      // The last part of a token is its proof, which is as valuable as the whole.
      for (const part of [value, value.split('.').at(-1)]) if (isSearchable(part)) this.#credentials.add(part);
    }
  }

  /** Notes the secrets among variables: passwords, keys, and passwords in URLs. */
  environment(variables) {
    for (const [name, value] of Object.entries(variables)) {
      if (/PASSWORD|SECRET/.test(name)) this.credentials(value);
      if (name.endsWith('_URL') && URL.canParse(value)) this.credentials(decodeURIComponent(new URL(value).password));
    }
  }

  /** Notes the credentials that a request sends. */
  request({ authorization, body }) {
    this.credentials(authorization?.replace(/^bearer +/i, ''), ...credentialsIn(body));
  }

  /** Notes the credentials in an answer, and the answer itself if it must not contain any. */
  answer({ status, url, headers, body }) {
    this.credentials(...credentialsIn(body));
    const isRefusal = status >= 400 && /json/.test(headers.get('content-type') ?? '');
    if (isRefusal || /\/admin\/audit\b/.test(url)) this.#answers.add(withoutChance(body));
    for (const name of ['link', 'location']) if (headers.has(name)) this.#answers.add(headers.get(name));
  }

  /** Notes the credentials that a request sends, as `fetch` takes it. */
  sent({ headers, body } = {}) {
    const authorization = new Headers(headers).get('authorization') ?? undefined;
    this.request({ authorization, body: body instanceof URLSearchParams ? String(body) : body });
  }

  /** From now on, notes what every `fetch` of this process sends and receives. One call is enough. */
  watchFetch() {
    if (this.#watches) return;
    this.#watches = true;
    const notes = this;
    const { fetch } = globalThis;
    globalThis.fetch = async (input, init) => {
      notes.sent(init);
      return fetch(input, init);
    };
    const { text } = Response.prototype;
    Response.prototype.text = async function () {
      const body = await text.call(this);
      notes.answer({ status: this.status, url: this.url, headers: this.headers, body });
      return body;
    };
    Response.prototype.json = async function () {
      return JSON.parse(await this.text());
    };
  }

  /** Writes the notes since the last call to the folder of the run. */
  keep(folder) {
    const name = join(folder, randomUUID());
    writeFileSync(`${name}.credentials`, [...this.#credentials].map((one) => `${JSON.stringify(one)}\n`).join(''));
    writeFileSync(`${name}.answers`, [...this.#answers].map((one) => `${one}\n`).join(''));
    this.#credentials.clear();
    this.#answers.clear();
  }
}

/** The notes of this process. */
export const notes = new Notes();

/** The values of password and token fields, in JSON and in forms, including malformed ones. */
function credentialsIn(body) {
  if (typeof body !== 'string') return [];
  const inJson = body.matchAll(/"\w*(?:password|token)"\s*:\s*"((?:[^"\\]|\\.)*)"/g);
  const inForm = body.matchAll(/(?:^|&)\w*(?:password|token)=([^&]*)/g);
  return [
    ...[...inJson].map(([, value]) => decoded(() => JSON.parse(`"${value}"`))),
    ...[...inForm].map(([, value]) => decoded(() => decodeURIComponent(value.replaceAll('+', ' ')))),
  ];
}

function decoded(decode) {
  try {
    return decode();
  } catch {
    return undefined;
  }
}

/**
 * Searches all logs and answers of a run for every credential of the run.
 *
 * @param {string} folder
 * @param {string} planted a credential that must be found, to show that the search works
 * @throws {Error} when there is a leak, or when there was nothing to search
 */
export function searchRun(folder, planted) {
  const credentials = new Set([planted, ...linesOf(folder, '.credentials').map((line) => JSON.parse(line))]);
  const [logged, answers] = [linesOf(folder, '.log'), linesOf(folder, '.answers')];
  const plant = `{"msg":"request","route":"/reset-password?token=${planted}"}`;
  const searched = [...new Set([...logged, ...answers, plant].map(withoutChance))];

  const text = searched.join('\n');
  const found = [...credentials].filter((one) => spellingsOf(one).some((spelling) => text.includes(spelling)));
  const leaks = found.filter((one) => one !== planted);
  const shaped = searched.filter((line) => shapes.some((shape) => shape.test(line)));
  const requests = logged.filter((line) => line.includes('"msg":"request"')).length;

  if (!found.includes(planted)) throw new Error('The search does not even find what was planted');
  if (answers.length > 0 && requests === 0) throw new Error('Requests were refused, and no log tells of one');
  if (leaks.length > 0 || shaped.length > 0) {
    const shown = leaks.map((one) => `${one} in ${searched.find((line) => line.includes(one))}`);
    throw new Error(`Credentials got out:\n${[...shown, ...shaped].slice(0, 20).join('\n')}`);
  }
  return { credentials: credentials.size - 1, requests };
}

function linesOf(folder, suffix) {
  const files = readdirSync(folder).filter((name) => name.endsWith(suffix));
  return files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean));
}

/**
 * A line without parts that always differ and cannot contain a credential, so that few distinct lines are left to
 * search.
 */
function withoutChance(line) {
  return line
    .replace(/"time":"[\d-]{10}T[\d:.]{12}Z"/, '')
    .replace(/"durationMs":[\d.]+/, '')
    .replace(/"(?:requestId|instance)":"[\da-f-]{36}"/, '')
    .replaceAll(/"(?:userId|id|subject_id|actor_id)":\d+/g, '');
}

/** The credential as it is, within JSON, and within a URL. */
function spellingsOf(credential) {
  const wellFormed = credential.toWellFormed();
  return [...new Set([credential, JSON.stringify(credential).slice(1, -1), encodeURIComponent(wellFormed)])];
}

/** A message as a mail program reads it (RFC 5322, RFC 2045): its headers unfolded, its subject and bodies decoded. */
export interface ParsedMessage {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Each value of the headers of this name, in order, as it was sent. */
  header(name: string): readonly string[];
}

/** Knows as much of MIME as the mails need, and throws at anything else. */
export function parseMessage(raw: string): ParsedMessage {
  const { header, body } = parseEntity(raw);
  const [, boundary] = one(header('Content-Type')).match(/^multipart\/alternative; boundary="([^"]+)"$/) ?? [];
  if (boundary === undefined) throw new Error('Not a message of alternatives');
  const [preamble, ...parts] = `\r\n${body}`.split(`\r\n--${boundary}`);
  const [text, html, end, ...more] = parts;
  if (preamble !== '' || end !== '--\r\n' || more.length > 0) throw new Error('Not a message of two parts');
  return {
    header,
    subject: decodeWords(one(header('Subject'))),
    text: decode(text, 'text/plain'),
    html: decode(html, 'text/html'),
  };
}

/** A header's value with its encoded words decoded (RFC 2047); those that follow each other are one text. */
function decodeWords(value: string): string {
  const encoded = /=\?UTF-8\?([QB])\?([^?]*)\?=(?: (?==\?))?/g;
  return value.replaceAll(encoded, (_, encoding: string, word: string) =>
    encoding === 'B' ? Buffer.from(word, 'base64').toString('utf8') : decodeQuoted(word.replaceAll('_', ' ')),
  );
}

function parseEntity(raw: string): { header: (name: string) => readonly string[]; body: string } {
  if (/[^\t\r\n -~]|\r(?!\n)|(?<!\r)\n/.test(raw)) throw new Error('Not lines of ASCII that end in CRLF');
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, end)
    .replaceAll(/\r\n(?=[ \t])/g, '')
    .split('\r\n');
  const fields = lines.map((line) => {
    const [, name, value] = line.match(/^([!-9;-~]+): (.*)$/) ?? [];
    if (name === undefined || value === undefined) throw new Error(`Not a header: ${line}`);
    return { name: name.toLowerCase(), value };
  });
  return {
    header: (name) => fields.filter((field) => field.name === name.toLowerCase()).map(({ value }) => value),
    body: raw.slice(end + 4),
  };
}

function decode(part: string | undefined, type: string): string {
  const { header, body } = parseEntity(part?.replace(/^\r\n/, '') ?? '');
  if (one(header('Content-Type')) !== `${type}; charset=utf-8`) throw new Error(`Not ${type}`);
  const encoding = one(header('Content-Transfer-Encoding'));
  if (encoding === '7bit') return body.replaceAll('\r\n', '\n');
  if (encoding !== 'quoted-printable') throw new Error(`Not in an encoding that is known here: ${encoding}`);
  return decodeQuoted(body.replaceAll('=\r\n', '')).replaceAll('\r\n', '\n');
}

/** Quoted-printable text without soft line breaks. */
function decodeQuoted(text: string): string {
  const bytes = text.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function one(values: readonly string[]): string {
  const [value, ...more] = values;
  if (value === undefined || more.length > 0) throw new Error('Not one header');
  return value;
}

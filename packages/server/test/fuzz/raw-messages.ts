import fc from 'fast-check';

/** A request on the wire, and what a server must make of it. */
export interface Message {
  readonly bytes: string;
  /** Refused and disconnected, whatever follows; or answered. */
  readonly refused: boolean;
  /** Answered, and disconnected as well. */
  readonly last?: boolean;
}

const json = '{"email":"nobody@example.com","password":"Sesame is wrong 1"}';
const hidden = 'GET /health/live HTTP/1.1\r\nHost: hidden\r\n\r\n';
const login = 'POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
const get = 'GET /posts?limit=1 HTTP/1.1\r\nHost: a\r\n';

const right = (bytes: string): Message => ({ bytes, refused: false });
const wrong = (bytes: string): Message => ({ bytes, refused: true });

const chunk = (text: string, extension = '') => `${text.length.toString(16)}${extension}\r\n${text}\r\n`;
const halves = chunk(json.slice(0, 9)) + chunk(json.slice(9));

export const good = fc.constantFrom(
  ...[
    `${get}\r\n`,
    `GET /users/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ⟦ada.token⟧\r\n\r\n`,
    `GET http://evil.example/posts?limit=1 HTTP/1.1\r\nHost: evil.example\r\n\r\n`,
    'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
    'DELETE /posts HTTP/1.1\r\nHost: a\r\n\r\n',
    `${login}Content-Length: ${json.length}\r\n\r\n${json}`,
    `${login}Transfer-Encoding: chunked\r\n\r\n${halves}0\r\n\r\n`,
    `${login}Transfer-Encoding: CHUNKED\r\n\r\n${halves}0\r\nAuthorization: Bearer ⟦root.token⟧\r\n\r\n`,
    `${login}Transfer-Encoding: chunked\r\n\r\n${chunk(json, ';a=b')}0;c\r\n\r\n`,
    // The contents of a body are no request, even if the body is not read.
    `${login}Content-Length: ${hidden.length}\r\n\r\n${hidden}`,
    `${get}Content-Length: ${hidden.length}\r\n\r\n${hidden}`,
    `${get}Transfer-Encoding: chunked\r\n\r\n${chunk(hidden)}0\r\n\r\n`,
    `${get}X-Empty:\r\nX-Tab:\ta\t\r\nX-High: \xff\xfe\r\n\r\n`,
    `${get}Expect: 100-continue\r\n\r\n`,
    `${login}Expect: 100-continue\r\nContent-Length: ${json.length}\r\n\r\n${json}`,
  ].map(right),
);

/** Framing that two readers could read in two ways. */
const ambiguous = [
  'Content-Length: 5\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding: chunked\r\nContent-Length: 5',
  'Content-Length: 5\r\nContent-Length: 6',
  'Content-Length: 5\r\nContent-Length: 5',
  ...['5, 5', '-5', '+5', '0x5', '5 5', '5a', 'five', '99999999999999999999'].map(
    (length) => `Content-Length: ${length}`,
  ),
  'Content-Length : 5',
  'Content-Length\r\n: 5',
  ...['gzip', 'chunked, gzip', 'xchunked', '\x0bchunked', 'identity', '"chunked"'].map(
    (coding) => `Transfer-Encoding: ${coding}`,
  ),
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding:\r\n chunked',
].map((headers) => `${login}${headers}\r\n\r\n0\r\n\r\n${hidden}`);

const brokenChunks = [
  [
    'zz\r\n',
    '-1\r\n',
    '0x5\r\n',
    '5 \r\nhello\r\n',
    '5\nhello\n',
    '5\r\nhelloo\r\n',
    'ffffffffffffffffff\r\n',
    ';a\r\n',
  ],
  ['5\r\nhello0\r\n\r\n'],
]
  .flat()
  .map((chunks) => `${login}Transfer-Encoding: chunked\r\n\r\n${chunks}`);

const brokenHeaders = [
  ['X-A: a\0b', 'X-A: a\nX-B: b', 'X-A: a\rX-B: b', 'X-A: a\r\n folded', ' X-A: a', 'X-A : a', 'X A: a', 'X-A', ': a'],
  ['X(A): a', 'X-\xff: a', 'X-A: \x7f', 'X-A: \x01', `X-A: ${'a'.repeat(16_400)}`, `${'a'.repeat(17_000)}: b`],
]
  .flat()
  .map((header) => `${get}${header}\r\n\r\n`);

const brokenLines = [
  [
    'GET /posts HTTP/1.1\nHost: a\n\n',
    'GET /posts',
    'GET /posts HTTP/1.1 ',
    'GET\t/posts\tHTTP/1.1',
    'GET /po sts HTTP/1.1',
  ],
  ['GET posts HTTP/1.1', ' GET /posts HTTP/1.1', 'GET /posts HTTP/0.9', 'GET /posts HTTP/1.2', 'GET /posts HTTP/2.0'],
  [
    'GET /posts HTTP/11',
    'GET /posts http/1.1',
    'GET /posts HTTP/1.1\0',
    'GET /\xff HTTP/1.1',
    'GET /\0 HTTP/1.1',
    'FOO / HTTP/1.1',
  ],
  ['get / HTTP/1.1', '\0 / HTTP/1.1', `GET /${'a'.repeat(20_000)} HTTP/1.1`, 'CONNECT a:80 HTTP/1.1'],
]
  .flat()
  .map((line) => `${line}\r\nHost: a\r\n\r\n`);

/** A TLS handshake, the preface of HTTP/2, and others who knock at the wrong port. */
const strangers = [
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\0\0\0\0',
  '{}\r\n\r\n',
  'SSH-2.0-x\r\n',
];

export const tunnel = wrong('CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n');

/** What more than one reading could be made of, or none. */
export const bad = fc.constantFrom(
  ...[ambiguous, brokenChunks, brokenHeaders, brokenLines, strangers].flat().map(wrong),
);

/** Refused by the middleware, which goes on with the connection. */
export const refusedInTurn = fc.constantFrom(
  right(`${get}Host: b\r\n\r\n`),
  right('GET /posts HTTP/1.1\r\n\r\n'),
  right(`${get}${Array.from({ length: 101 }, () => 'X: a\r\n').join('')}\r\n`),
  right(`${get}Expect: the unexpected\r\n\r\n`),
);

/** Answered in the protocol that there is, and not read behind. */
export const upgrades = fc.constantFrom(
  ...[
    `${get}Connection: keep-alive, Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: a\r\n\r\n`,
    `${login}Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: ${json.length}\r\n\r\n${json}`,
    `${get}Connection: close\r\n\r\n`,
  ].map((bytes): Message => ({ bytes, refused: false, last: true })),
);

/** Behind which the server hangs up by itself. */
export const farewell = right('GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');

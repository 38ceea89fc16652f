import { type HostileToken, having } from './hostile-token.ts';
import { encode, type TokenForge } from './token-forge.ts';

/** Text that is no token, which a server must refuse as it refuses any other. */
export function malformedTokens({ header, payload, forge }: TokenForge): readonly HostileToken[] {
  const [head = '', body = '', signature = ''] = forge(header).split('.');
  const encrypted = (changes: object, text: string) =>
    `${encode({ alg: 'dir', enc: 'A256GCM', kid: header['kid'], typ: 'at+jwt', ...changes })}..aaaa.${text}.aaaa`;
  const deep = `${'['.repeat(4000)}${']'.repeat(4000)}`;
  return [
    ...having(
      {
        kind: 'malformed',
        why: 'What cannot be read as a token is answered like any invalid one.',
        source: 'RFC 7519, section 7.2; RFC 6750, section 3.1',
      },
      {
        'one dot': '.',
        'two dots': '..',
        'one part': head,
        'two parts': `${head}.${body}`,
        'no header': `.${body}.${signature}`,
        'no claims': `${head}..${signature}`,
        'a word': 'token',
        null: 'null',
        undefined: 'undefined',
        'a header that is not JSON': forge('{'),
        'a header that is null': forge('null'),
        'a header that is a list': forge('[]'),
        'a header that is not UTF-8': `_w.${body}.${signature}`,
        'claims that are not JSON': forge(header, 'sub=42'),
        'claims that are null': forge(header, 'null'),
        'claims that are a list': forge(header, [payload]),
        'claims that are a number': forge(header, '42'),
        'claims without an end': forge(header, JSON.stringify(payload).slice(0, -1)),
        'claims that name a prototype': forge(header, `{"__proto__":${JSON.stringify(payload)}}`),
      },
    ),
    ...having(
      {
        kind: 'malformed',
        why: 'An encrypted token that no key of the server opens must not be decompressed or tried.',
        source: 'RFC 7516; CVE-2024-28176',
      },
      {
        'an encrypted token': encrypted({}, 'aaaa'),
        'an encrypted token that is compressed': encrypted({ zip: 'DEF' }, 'a'.repeat(3000)),
        'an encrypted token with a million rounds of PBKDF2': encrypted(
          { alg: 'PBES2-HS256+A128KW', p2c: 1_000_000, p2s: 'AAAA' },
          'aaaa',
        ),
      },
    ),
    ...having(
      {
        kind: 'malformed',
        why: 'The time to refuse a token must not grow with what an attacker writes into it.',
        source: 'RFC 8725, section 3.12',
      },
      {
        'ten thousand dots': '.'.repeat(10_000),
        'claims of great depth': forge(header, deep, () => signature),
        'a header of great depth': forge(deep, payload, () => signature),
      },
    ),
  ];
}

import { type HostileToken, having } from './hostile-token.ts';
import type { TokenForge } from './token-forge.ts';

/** Other spellings of a genuine token, and claims of other types than an issuer writes. */
export function irregularTokens(forging: TokenForge): readonly HostileToken[] {
  return [...spellings(forging), ...duplicates(forging), ...types(forging)];
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Another character at the end that has the same bits where bytes are read; the token itself if no bit is unused. */
function withChangedUnusedBits(token: string): string {
  const last = token.length - token.lastIndexOf('.') - 1;
  const isUnused = last % 4 !== 0;
  return isUnused ? token.slice(0, -1) + alphabet[alphabet.indexOf(token.at(-1) ?? '') ^ 1] : `${token}AA`;
}

function spellings({ header, payload, forge, withClaims }: TokenForge): readonly HostileToken[] {
  const token = forge(header);
  const [head = '', body = '', signature = ''] = token.split('.');
  return [
    ...having(
      {
        kind: 'irregular',
        why: 'Base64url has one spelling for the same bytes, without padding and white space.',
        source: 'RFC 7515, section 2; RFC 4648, section 3.5',
      },
      {
        'changed unused bits at the end': withChangedUnusedBits(token),
        'padding behind the signature': `${token}==`,
        'padding behind the claims': `${head}.${body}=.${signature}`,
        'a character that is not of base64url': `${head}.${body}.${signature}!`,
        'base64 in place of base64url': `${head}.${body}.${toBase64(signature)}`,
        'a space inside the claims': `${head}.${body.slice(0, 9)} ${body.slice(9)}.${signature}`,
        'a tab inside the claims': `${head}.${body.slice(0, 9)}\t${body.slice(9)}.${signature}`,
        'a space inside the signature': `${head}.${body}.${signature.slice(0, 9)} ${signature.slice(9)}`,
        'a tab inside the signature': `${head}.${body}.${signature.slice(0, 9)}\t${signature.slice(9)}`,
      },
    ),
    ...having(
      {
        kind: 'irregular',
        why: 'A token of this size costs the server more than it can be worth.',
        source: 'RFC 8725, section 3.12',
      },
      { 'a genuine token of ten kilobytes': withClaims({ note: 'x'.repeat(7500) }) },
    ),
    ...having(
      {
        kind: 'irregular',
        why: 'A bearer token is a compact JWS: three parts.',
        source: 'RFC 7519, section 3; RFC 7515, section 3.1',
      },
      {
        'a part more': `${token}.`,
        'two parts more': `${token}.${body}.${signature}`,
        'a dot in front': `.${token}`,
        'the JSON serialisation': JSON.stringify({ protected: head, payload: body, signature }),
        'the general JSON serialisation': JSON.stringify({
          payload: body,
          signatures: [{ protected: head, signature }],
        }),
        'the token twice': `${token}${token}`,
        'a scheme in front': `Bearer ${token}`,
        'a byte order mark in the claims': forge(header, `\ufeff${JSON.stringify(payload)}`),
      },
    ),
  ];
}

/** The other alphabet of base64. A signature without the letters that differ gets one of them. */
function toBase64(text: string): string {
  const other = text.replaceAll('-', '+').replaceAll('_', '/');
  return other === text ? `${text.slice(0, 4)}+${text.slice(4)}` : other;
}

function duplicates({ header, payload, forge }: TokenForge): readonly HostileToken[] {
  const twice = (object: object, name: string, first: unknown) =>
    JSON.stringify(object).replace('{', `{${JSON.stringify(name)}:${JSON.stringify(first)},`);
  return having(
    {
      kind: 'irregular',
      why: 'Parsers differ in which of two members of the same name they read.',
      source: 'RFC 7519, section 4; RFC 8259, section 4',
    },
    {
      'an alg that is there twice': forge(twice(header, 'alg', 'none')),
      'a kid that is there twice': forge(twice(header, 'kid', 'other')),
      'a sub that is there twice': forge(header, twice(payload, 'sub', '1')),
      'an exp that is there twice': forge(header, twice(payload, 'exp', 0)),
      'an iss that is there twice': forge(header, twice(payload, 'iss', 'https://attacker.invalid')),
    },
  );
}

function types({ header, payload: { iat, exp }, withHeader, withClaims }: TokenForge): readonly HostileToken[] {
  return [
    ...having(
      {
        kind: 'irregular',
        why: 'An access token names its subject as text, and has an id and a client.',
        source: 'RFC 9068, section 2.2; RFC 7519, section 4.1.2',
      },
      {
        'no sub': withClaims({ sub: undefined }),
        'a sub that is null': withClaims({ sub: null }),
        'an empty sub': withClaims({ sub: '' }),
        'a sub that is a number': withClaims({ sub: 42 }),
        'a sub in a list': withClaims({ sub: ['42'] }),
        'a sub that is an object': withClaims({ sub: { id: '42' } }),
        'no client_id': withClaims({ client_id: undefined }),
        'no jti': withClaims({ jti: undefined }),
        'a jti that is a number': withClaims({ jti: 1 }),
      },
    ),
    ...having(
      {
        kind: 'irregular',
        why: 'A token is issued in the past, and its end is a number of seconds that an issuer would write.',
        source: 'RFC 9068, section 2.2; RFC 7519, sections 2 and 4.1.6',
      },
      {
        'an exp in a hundred years': withClaims({ exp: iat + 3_155_760_000 }),
        'an exp in milliseconds': withClaims({ exp: exp * 1000 }),
        'an exp beyond all integers': withClaims({ exp: 1e308 }),
        'no iat': withClaims({ iat: undefined }),
        'an iat that is text': withClaims({ iat: String(iat) }),
        'an iat in an hour': withClaims({ iat: iat + 3600, exp: iat + 4200 }),
        'an iat after the exp': withClaims({ iat: exp + 1 }),
      },
    ),
    ...having(
      { kind: 'irregular', why: 'The header of an access token has one form.', source: 'RFC 7515, section 4.1' },
      {
        'an alg in a list': withHeader({ alg: [header['alg']] }),
        'a kid in a list': withHeader({ kid: [header['kid']] }),
        'a kid that is a number': withHeader({ kid: 1 }),
        'no kid': withHeader({ kid: undefined }),
        'a kid of several kilobytes': withHeader({ kid: 'k'.repeat(7500) }),
      },
    ),
  ];
}

import { type HostileToken, having } from './hostile-token.ts';
import type { TokenForge } from './token-forge.ts';

/** Tokens that the trusted key has signed, for something else. */
export function misusedTokens(forging: TokenForge): readonly HostileToken[] {
  return [...ofOtherTypes(forging), ...elsewhere(forging), ...otherTimes(forging), ...withExtensions(forging)];
}

function ofOtherTypes({ withHeader }: TokenForge): readonly HostileToken[] {
  return having(
    {
      kind: 'misused',
      why: 'Only the type tells an access token from an id token or another token that the same key signs.',
      source: 'RFC 9068, section 4; RFC 8725, section 3.11',
    },
    {
      'no typ': withHeader({ typ: undefined }),
      'the typ JWT, as of an id token': withHeader({ typ: 'JWT' }),
      'the typ of a refresh token': withHeader({ typ: 'refresh+jwt' }),
      'the typ of a logout token': withHeader({ typ: 'logout+jwt' }),
      'an empty typ': withHeader({ typ: '' }),
      'a typ that is an array': withHeader({ typ: ['at+jwt'] }),
    },
  );
}

function elsewhere({ payload, withClaims }: TokenForge): readonly HostileToken[] {
  const { iss, aud } = payload as { iss?: unknown; aud?: unknown };
  const [issuer, audience] = [String(iss), String(aud)];
  return [
    ...having(
      {
        kind: 'misused',
        why: 'Issuers are compared as they are, character by character.',
        source: 'RFC 9068, section 4; RFC 8725, section 3.8',
      },
      {
        'another issuer': withClaims({ iss: 'https://attacker.invalid' }),
        'no issuer': withClaims({ iss: undefined }),
        'an empty issuer': withClaims({ iss: '' }),
        'an issuer that is null': withClaims({ iss: null }),
        'the issuer with a slash more': withClaims({ iss: `${issuer}/` }),
        'the issuer in capitals': withClaims({ iss: issuer.toUpperCase() }),
        'the issuer as the beginning of another': withClaims({ iss: `${issuer}.attacker.invalid` }),
        'the issuer behind another host': withClaims({ iss: `https://attacker.invalid/?${issuer}` }),
        'the issuer with a look-alike letter': withClaims({ iss: lookAlike(issuer) }),
        'the issuer with an invisible letter': withClaims({ iss: `${issuer}\u200b` }),
        'the issuer in full-width letters': withClaims({ iss: fullWidth(issuer) }),
        'the issuer with a zero byte behind': withClaims({ iss: `${issuer}\0` }),
        'the issuer in a list': withClaims({ iss: [issuer] }),
        'the issuer in a list with another': withClaims({ iss: ['https://attacker.invalid', issuer] }),
      },
    ),
    ...having(
      {
        kind: 'misused',
        why: 'A token for another server would open this one too.',
        source: 'RFC 9068, section 4; RFC 8725, section 3.9',
      },
      {
        'another audience': withClaims({ aud: 'https://other.invalid' }),
        'no audience': withClaims({ aud: undefined }),
        'an empty audience': withClaims({ aud: '' }),
        'an empty list as audience': withClaims({ aud: [] }),
        'an audience that is null': withClaims({ aud: null }),
        'an audience that is true': withClaims({ aud: true }),
        'a list of other audiences': withClaims({ aud: ['https://other.invalid', 'https://another.invalid'] }),
        'the audience as a part of another': withClaims({ aud: `${audience}.other.invalid` }),
        'the audience with a slash more': withClaims({ aud: `${audience}/` }),
        'the audience as the name of a member': withClaims({ aud: { [audience]: true } }),
      },
    ),
  ];
}

function otherTimes({ payload: { iat, exp }, withClaims }: TokenForge): readonly HostileToken[] {
  return [
    ...having(
      { kind: 'misused', why: 'The token has expired.', source: 'RFC 7519, section 4.1.4' },
      {
        'a token that expired an hour ago': withClaims({ iat: iat - 7200, exp: iat - 3600 }),
        'a token that expired two minutes ago': withClaims({ iat: iat - 720, exp: iat - 120 }),
        'the exp 0': withClaims({ exp: 0 }),
        'a negative exp': withClaims({ exp: -1 }),
      },
    ),
    ...having(
      {
        kind: 'misused',
        why: 'A token without an end, or with one that cannot be read, would be valid for ever.',
        source: 'RFC 9068, section 2.2; RFC 7519, section 4.1.4; GHSA-wxg7-w2v3-w38g',
      },
      {
        'no exp': withClaims({ exp: undefined }),
        'no exp, with an nbf': withClaims({ exp: undefined, nbf: iat }),
        'an exp that is null': withClaims({ exp: null }),
        'an exp that is text': withClaims({ exp: String(exp) }),
        'an exp that is a date in text': withClaims({ exp: new Date(exp * 1000).toISOString() }),
        'an exp in a list': withClaims({ exp: [exp] }),
        'an exp that is true': withClaims({ exp: true }),
      },
    ),
    ...having(
      { kind: 'misused', why: 'The token is not valid yet.', source: 'RFC 7519, section 4.1.5' },
      {
        'an nbf in half an hour': withClaims({ nbf: iat + 1800, exp: iat + 3600 }),
        'an nbf that is text': withClaims({ nbf: String(iat) }),
        'an nbf that is null': withClaims({ nbf: null }),
      },
    ),
  ];
}

function withExtensions({
  publicKey,
  header,
  payload,
  forge,
  withHeader,
  signed,
}: TokenForge): readonly HostileToken[] {
  const json = JSON.stringify(payload);
  const unencoded = `${Buffer.from(JSON.stringify({ ...header, b64: false, crit: ['b64'] })).toString('base64url')}.${json}`;
  return [
    ...having(
      {
        kind: 'misused',
        why: 'A server must refuse what it does not understand, if the token says that it must be understood.',
        source: 'RFC 7515, section 4.1.11',
      },
      {
        'an unknown crit': withHeader({ crit: ['urn:example:unknown'], 'urn:example:unknown': true }),
        'a crit that names a claim': withHeader({ crit: ['exp'] }),
        'an empty crit': withHeader({ crit: [] }),
        'a crit that is no list': withHeader({ crit: 'exp' }),
        'b64 false': withHeader({ b64: false, crit: ['b64'] }),
        'b64 false, with bare claims': `${unencoded}.${signed(unencoded)}`,
      },
    ),
    ...having(
      {
        kind: 'irregular',
        why: 'Access tokens are neither compressed nor nested, and name no key but by kid.',
        source: 'RFC 7516, section 4.1.3; RFC 8725, sections 3.6 and 3.10',
      },
      {
        zip: withHeader({ zip: 'DEF' }),
        'a nested token by cty': withHeader({ cty: 'JWT' }),
        'the trusted key, enclosed as jwk': withHeader({ jwk: publicKey.export({ format: 'jwk' }) }),
        'a jku beside the trusted signature': withHeader({ jku: 'https://attacker.invalid/jwks.json' }),
        'an x5u beside the trusted signature': withHeader({ x5u: 'https://attacker.invalid/certificate.pem' }),
        'a token in a token': forge({ ...header, cty: 'JWT' }, forge(header)),
      },
    ),
  ];
}

/** The same text to the eye, with a Cyrillic letter. */
function lookAlike(text: string): string {
  const letters: Readonly<Record<string, string>> = { a: 'а', e: 'е', o: 'о', p: 'р', c: 'с', s: 'ѕ' };
  return text.replace(/[aeopcs](?!.*[aeopcs])/, (letter) => letters[letter] ?? letter);
}

/** The same text under compatibility normalisation (NFKC). */
function fullWidth(text: string): string {
  return text.replaceAll(/[a-z]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfe_e0));
}

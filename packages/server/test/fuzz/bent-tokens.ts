/** What is done to a token that was good: none of it may leave it good. */
export const bends = ['flip', 'cut', 'double', 'upper', 'pad', 'none', 'claims', 'space', 'swap', 'last'] as const;

/** The token, bent: `flip 17` changes its 18th character, counted round and round. */
export function bend(token: string, how: string): string {
  const [way = '', number = '0'] = how.split(' ');
  const at = Number(number) % token.length;
  const [header = '', claims = '', signature = ''] = token.split('.');
  switch (way) {
    case 'flip':
      return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
    case 'cut':
      return token.slice(0, at);
    case 'double':
      return token + token;
    case 'upper':
      return token.toUpperCase();
    case 'pad':
      return `${token}=`;
    case 'none':
      return `${base64url({ alg: 'none', typ: 'at+jwt' })}.${claims}.`;
    case 'claims':
      return `${header}.${base64url({ ...fromBase64url(claims), sub: '1', role: 'admin' })}.${signature}`;
    case 'space': {
      // Before it and behind it white space means nothing (RFC 6750, section 2.1; RFC 9110, section 5.5).
      const within = 1 + (Number(number) % (token.length - 1));
      return `${token.slice(0, within)} ${token.slice(within)}`;
    }
    case 'swap':
      return [claims, header, signature].join('.');
    case 'last': {
      // The last character holds bits that no byte takes.
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      return token.slice(0, -1) + (alphabet[alphabet.indexOf(token.at(-1) ?? 'A') ^ 1] ?? 'A');
    }
    default:
      throw new Error(`There is no rule for bending a token by ${way}`);
  }
}

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function fromBase64url(text: string): object {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return {};
  }
}

import { describe, expect, it } from 'vitest';
import { HmacRefreshTokens } from './hmac-refresh-tokens.ts';

const secretKey = 'a secret key for tests, long enough';
const claims = { sessionId: 'AbCdEfGhIjKlMnOpQrSt_A', generation: 3 };

describe('HmacRefreshTokens', () => {
  it('reads what was issued under the secret before, and issues under the current one', async () => {
    const before = await new HmacRefreshTokens({ secretKey }).issue(claims);
    const next = { secretKey: 'another secret key, long enough too' };
    expect(await new HmacRefreshTokens(next).read(before)).toBeUndefined();
    const turning = new HmacRefreshTokens({ ...next, previousSecretKey: secretKey });
    expect(await turning.read(before)).toEqual(claims);
    expect(await turning.issue(claims)).toBe(await new HmacRefreshTokens(next).issue(claims));
  });

  it("refuses one session's proof for another session or generation", async () => {
    const tokens = new HmacRefreshTokens({ secretKey });
    const [, , proof] = (await tokens.issue(claims)).split('.');
    expect(await tokens.read(`${claims.sessionId}.4.${proof}`)).toBeUndefined();
    expect(await tokens.read(`BbCdEfGhIjKlMnOpQrSt_A.3.${proof}`)).toBeUndefined();
    expect(await tokens.read(`${claims.sessionId}.03.${proof}`)).toBeUndefined();
  });

  it('refuses another spelling of the same proof', async () => {
    const tokens = new HmacRefreshTokens({ secretKey });
    const token = await tokens.issue(claims);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twin = alphabet[alphabet.indexOf(token.at(-1) ?? '') ^ 1] ?? '';
    expect(await tokens.read(`${token.slice(0, -1)}${twin}`)).toBeUndefined();
  });
});

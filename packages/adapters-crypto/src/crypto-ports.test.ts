import { memoryPorts, testApplication } from '@sallyport/adapters-memory/testing';
import { anyone } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { cryptoPorts } from './crypto-ports.ts';

const minute = 60;
const day = 86_400;
const ada = { email: 'ada@example.com', password: 'secret123' };
const secrets = { secretKey: 'a secret key for tests, long enough', issuer: 'https://accounts.example.com' };

/** An embedded application where Ada has an account, with the lifetime of access tokens given in two places. */
async function embedded(policy: number | undefined, option: number | undefined, ports = memoryPorts()) {
  const { accessTokens, keyRing } = cryptoPorts({ ...secrets, accessTokenLifetime: option }, ports);
  const told = policy === undefined ? {} : { accessTokenLifetime: policy };
  const { application } = testApplication({ ...told, ports: { ...ports, accessTokens, keyRing } });
  await application.register.execute(anyone, { name: 'Ada', profile: { age: 36 }, ...ada }).catch(() => {});
  return { application, ports, login: () => application.login.execute(anyone, ada) };
}

describe('cryptoPorts', () => {
  it.each([
    [undefined, undefined],
    [30 * minute, undefined],
    [undefined, 30 * minute],
    [day, day],
    [10 * minute, 30 * minute],
  ])('issues tokens of a lifetime (%s) up to the one that it was told (%s)', async (policy, option) => {
    const { login } = await embedded(policy, option);
    expect(await login()).toHaveProperty('accessToken');
  });

  it.each([
    [31 * minute, undefined],
    [undefined, 29 * minute],
    [2 * day, day],
  ])(
    'makes ports that do not start with a lifetime (%s) above the one that it was told (%s)',
    async (policy, option) => {
      await expect(embedded(policy, option)).rejects.toThrow(
        /^accessTokenLifetime is \d+ seconds, but the port "accessTokens" issues tokens for \d+ at most: give both the same lifetime$/,
      );
    },
  );

  it('believes a token of a longer lifetime than that of today', async () => {
    const before = await embedded(day, day);
    const grant = await before.login();
    const { application } = await embedded(10 * minute, 10 * minute, before.ports);
    before.ports.clock.advance(20 * minute);
    expect((await application.authenticate.execute(anyone, grant)).user.email).toBe(ada.email);
  });

  it.each([day + 1, 0, -1, 0.5, Number.NaN])('refuses a lifetime of %s seconds', (accessTokenLifetime) => {
    expect(() => cryptoPorts({ ...secrets, accessTokenLifetime }, memoryPorts())).toThrow(
      new RangeError('accessTokenLifetime must be a whole number from 1 to 86400'),
    );
  });
});

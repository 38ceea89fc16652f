import { describe, expect, it } from 'vitest';
import { refreshing } from '../../test/refreshing.ts';
import { codeOf, emailOf, password } from '../../test/scenario.ts';
import type { Anyone } from '../model/caller.ts';

const day = 24 * 60 * 60;
const userAgent = 'Phone/1';
const wifi: Anyone = { ip: '203.0.113.7', userAgent };
const mobile: Anyone = { ip: '198.51.100.7', userAgent };
const ipv6: Anyone = { ip: '2001:db8:1:2::7', userAgent };
const thief: Anyone = { ip: '192.0.2.66', userAgent };

/** Ada, whose client refreshes from several places. */
async function withPlaces() {
  const story = await refreshing();
  const shared = async () => (await story.audited()).filter(({ type }) => type === 'session.shared');
  const stolen = async () => (await story.audited()).filter(({ type }) => type === 'session.stolen').length;
  return { ...story, shared, stolen };
}

describe('The previous refresh token, within its 30 seconds', () => {
  it('gets its successor from a network that has rotated the token, as often as it asks, without a record', async () => {
    const { first, refresh, shared } = await withPlaces();
    const second = await refresh(first.refreshToken, wifi);
    for (const ip of ['203.0.113.7', '203.0.113.250', '::ffff:203.0.113.8']) {
      for (let times = 0; times < 5; times += 1) {
        const again = await refresh(first.refreshToken, { ip, userAgent });
        expect(again.refreshToken).toBe(second.refreshToken);
      }
    }
    expect(await shared()).toEqual([]);
  });

  it('gets exactly the same successor from another network, which is recorded', async () => {
    const { first, refresh, shared, ada, works } = await withPlaces();
    const second = await refresh(first.refreshToken, wifi);
    const again = await refresh(first.refreshToken, mobile);
    expect(again.refreshToken).toBe(second.refreshToken);
    expect(await works(again)).toBe(true);
    const detail = { otherNetwork: true, otherUserAgent: false };
    expect(await shared()).toMatchObject([{ subjectId: ada.user.id, ip: mobile.ip, userAgent, detail }]);
  });

  it('gets its successor for another user agent in the same network, which is recorded and counts for nothing', async () => {
    const { first, refresh, shared, stolen } = await withPlaces();
    const second = await refresh(first.refreshToken, wifi);
    for (let times = 0; times < 5; times += 1) {
      const again = await refresh(first.refreshToken, { ...wifi, userAgent: 'Browser/2' });
      expect(again.refreshToken).toBe(second.refreshToken);
    }
    expect((await shared()).map(({ detail }) => detail)).toEqual(
      Array.from({ length: 5 }, () => ({ otherNetwork: false, otherUserAgent: true })),
    );
    expect(await stolen()).toBe(0);
  });

  it('is theft at its third use within a day from networks that never rotated the token', async () => {
    const { first, refresh, clock, isOpen, ada, stolen, mailsTo } = await withPlaces();
    let { refreshToken } = first;
    for (const from of [thief, { ...thief, ip: '192.0.2.67' }]) {
      const next = await refresh(refreshToken, wifi);
      expect((await refresh(refreshToken, from)).refreshToken).toBe(next.refreshToken);
      ({ refreshToken } = next);
      clock.advance(1800);
    }
    const newest = await refresh(refreshToken, wifi);
    expect(await codeOf(refresh(refreshToken, mobile))).toBe('invalid_refresh_token');
    expect([await isOpen(ada), await stolen()]).toEqual([false, 1]);
    expect(await codeOf(refresh(newest.refreshToken, wifi))).toBe('invalid_refresh_token');
    expect(await mailsTo(emailOf('Ada'))).toContain('session-stolen');
  });

  it('may be used twice on each day', async () => {
    const { first, refresh, clock, isOpen, ada } = await withPlaces();
    let { refreshToken } = first;
    for (let times = 0; times < 10; times += 1) {
      const next = await refresh(refreshToken, wifi);
      await refresh(refreshToken, thief);
      ({ refreshToken } = next);
      clock.advance(day / 2);
    }
    expect(await isOpen(ada)).toBe(true);
  });

  it('ends the session for twenty strangers who ask at once, and no more than two get the successor', async () => {
    const { first, refresh, isOpen, ada, stolen } = await withPlaces();
    await refresh(first.refreshToken, wifi);
    const strangers = Array.from({ length: 20 }, (_, n) => ({ ip: `100.64.${n}.1`, userAgent }));
    const outcomes = await Promise.allSettled(strangers.map((from) => refresh(first.refreshToken, from)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect([await isOpen(ada), await stolen()]).toEqual([false, 1]);
  });

  it('keeps a thief who follows each refresh of the owner for less than a day', async () => {
    const { first, refresh, clock, isOpen, ada } = await withPlaces();
    let { refreshToken } = first;
    let successes = 0;
    for (let rotations = 0; rotations < 48 && (await isOpen(ada)); rotations += 1) {
      const next = await refresh(refreshToken, wifi);
      successes += await refresh(refreshToken, thief).then(
        () => 1,
        () => 0,
      );
      ({ refreshToken } = next);
      clock.advance(1800);
    }
    expect([successes, await isOpen(ada)]).toEqual([2, false]);
  });
});

describe('A thief who rotates a copied token before the owner does', () => {
  it('is recorded, although the thief then counts as a network of the session', async () => {
    const { first, refresh, clock, shared, stolen } = await withPlaces();
    let { refreshToken } = await refresh(first.refreshToken, wifi);
    clock.advance(1800);
    const early = await refresh(refreshToken, thief);
    const owner = await refresh(refreshToken, wifi);
    expect(owner.refreshToken).toBe(early.refreshToken);
    expect(await shared()).toMatchObject([{ ip: wifi.ip, detail: { otherNetwork: true } }]);
    ({ refreshToken } = owner);
    expect(await stolen()).toBe(0);
  });

  it('ends the session at the third such race within a day, from whatever networks', async () => {
    const { first, refresh, clock, isOpen, ada, stolen } = await withPlaces();
    let { refreshToken } = await refresh(first.refreshToken, wifi);
    for (let n = 0; n < 2; n += 1) {
      clock.advance(1800);
      await refresh(refreshToken, { ip: `100.64.${n}.1`, userAgent });
      ({ refreshToken } = await refresh(refreshToken, wifi));
    }
    clock.advance(1800);
    await refresh(refreshToken, thief);
    expect(await codeOf(refresh(refreshToken, wifi))).toBe('invalid_refresh_token');
    expect([await isOpen(ada), await stolen()]).toEqual([false, 1]);
  });
});

describe('An honest client', () => {
  it('is a phone that changes networks, also while a response is lost', async () => {
    const { first, refresh, clock, isOpen, ada, stolen } = await withPlaces();
    let { refreshToken } = first;
    for (let times = 0; times < 48; times += 1) {
      const [here, there] = times % 2 ? [wifi, mobile] : [mobile, wifi];
      const lost = await refresh(refreshToken, here);
      const repeated = await refresh(refreshToken, there);
      expect(repeated.refreshToken).toBe(lost.refreshToken);
      ({ refreshToken } = repeated);
      clock.advance(1800);
    }
    expect([await isOpen(ada), await stolen()]).toEqual([true, 0]);
  });

  it('is two tabs on a dual stack that refresh at the same moment', async () => {
    const { first, refresh, clock, isOpen, ada, shared } = await withPlaces();
    let { refreshToken } = first;
    for (let times = 0; times < 20; times += 1) {
      const tabs = await Promise.all([refresh(refreshToken, wifi), refresh(refreshToken, ipv6)]);
      expect(tabs[0].refreshToken).toBe(tabs[1].refreshToken);
      ({ refreshToken } = tabs[0]);
      clock.advance(1800);
      ({ refreshToken } = await refresh(refreshToken, ipv6));
      clock.advance(1800);
    }
    expect(await isOpen(ada)).toBe(true);
    expect((await shared()).length).toBeLessThanOrEqual(1);
  });

  it('is a family behind one address, each with a session of their own', async () => {
    const { login, register, refresh, isOpen, application, stolen } = await withPlaces();
    for (const name of ['Bob', 'Carl', 'Dora']) {
      await register(name);
      const grant = await login(name, password, wifi);
      const second = await refresh(grant.refreshToken, wifi);
      expect((await refresh(grant.refreshToken, wifi)).refreshToken).toBe(second.refreshToken);
      const member = await application.authenticate.execute(wifi, second);
      expect(await isOpen(member)).toBe(true);
    }
    expect(await stolen()).toBe(0);
  });
});

describe('A session', () => {
  it('remembers the four networks that rotated its token last', async () => {
    const { first, refresh, shared, clock } = await withPlaces();
    let { refreshToken } = first;
    const places = Array.from({ length: 5 }, (_, n) => ({ ip: `100.64.${n}.1`, userAgent }));
    for (const place of places) {
      clock.advance(60);
      ({ refreshToken } = await refresh(refreshToken, place));
    }
    clock.advance(60);
    const previous = refreshToken;
    await refresh(previous, places[4]);
    for (const place of places.slice(1)) await refresh(previous, place);
    expect(await shared()).toEqual([]);
    await refresh(previous, places[0]);
    expect(await shared()).toMatchObject([{ ip: '100.64.0.1' }]);
  });
});

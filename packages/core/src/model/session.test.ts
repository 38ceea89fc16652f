import { describe, expect, it } from 'vitest';
import { type Anyone, anyone } from './caller.ts';
import { expiryOf, isLive, isRefreshable, sessionFor } from './session.ts';

const now = new Date('2026-01-01T12:00:00.123Z');
const proof = { userId: 7, methods: ['otp'] } as const;
const open = (caller: Anyone) => sessionFor(proof, 'AAAA', caller, { now, lifetime: 60 });
const at = (milliseconds: number) => new Date(now.getTime() + milliseconds);

describe('A session', () => {
  it('begins now and is over when its lifetime is', () => {
    expect(open(anyone)).toEqual({
      id: 'AAAA',
      userId: 7,
      methods: ['otp'],
      authenticatedAt: now,
      generation: 0,
      createdAt: now,
      lastUsedAt: now,
      turnedAt: now,
      networks: [''],
      fromNewNetwork: false,
      sharedAt: [],
      expiresAt: new Date('2026-01-01T12:01:00.123Z'),
    });
  });

  it('is live up to the moment at which it expires', () => {
    const session = open(anyone);
    expect([0, 59_999, 60_000].map((passed) => isLive(session, at(passed)))).toEqual([true, true, false]);
  });

  it('is not live once it ended', () => {
    expect(isLive({ ...open(anyone), endedAt: at(1) }, at(2))).toBe(false);
  });

  it('may go on until it lay idle for too long, and never past its end', () => {
    const session = { ...open(anyone), lastUsedAt: at(10_000) };
    const policy = { refreshTokenLifetime: 30 };
    expect(expiryOf(session, policy)).toEqual(at(40_000));
    expect([39_999, 40_000].map((passed) => isRefreshable(session, at(passed), policy))).toEqual([true, false]);

    const busy = { ...session, lastUsedAt: at(50_000) };
    expect(expiryOf(busy, policy)).toEqual(at(60_000));
    expect([59_999, 60_000].map((passed) => isRefreshable(busy, at(passed), policy))).toEqual([true, false]);
    expect(isRefreshable({ ...session, endedAt: at(1) }, at(2), policy)).toBe(false);
  });

  it('keeps what fits of what a client says of itself', () => {
    const ip = '2001:0db8:85a3:0000:0000:8a2e:192.168.100.100';
    const userAgent = '😀'.repeat(256);
    expect(open({ ip, userAgent })).toMatchObject({ ip: '2001:db8:85a3::8a2e:c0a8:6464', userAgent });
  });

  it.each([
    ['too much', 'x'.repeat(513), 'x'.repeat(512)],
    ['half a character', `${'x'.repeat(511)}😀`, `${'x'.repeat(511)}\ufffd`],
    ['lone surrogates', 'a\ud800b', 'a\ufffdb'],
    ['NUL', 'a\0b', 'a b'],
    ['line breaks and colours', 'Lynx\r\n\u001b[31m\u007f\u0085', 'Lynx   [31m  '],
    ['nothing', '', ''],
  ])('makes %s storable', (_, said, kept) => {
    expect(open({ userAgent: said }).userAgent).toBe(kept);
  });

  it('cuts an address and makes it storable', () => {
    expect(open({ ip: 'f'.repeat(46) }).ip).toBe('f'.repeat(45));
    expect(open({ ip: '::1\n\0\ud800' }).ip).toBe('::1  \ufffd');
  });
});

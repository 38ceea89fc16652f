import { describe, expect, it } from 'vitest';
import { parse, Timestamp } from './input.ts';

/** The sentence with which an input is refused. */
function messageFor(input: unknown): string {
  try {
    return `It was taken for ${parse(Timestamp, input).toISOString()}`;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('A timestamp', () => {
  it.each([
    ['2026-01-01T12:00:00Z', '2026-01-01T12:00:00.000Z'],
    ['2026-01-01T12:00:00.123Z', '2026-01-01T12:00:00.123Z'],
    ['2026-01-01T12:00:00+02:00', '2026-01-01T10:00:00.000Z'],
    ['2024-02-29T00:00:00-01:30', '2024-02-29T01:30:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
    ['0000-12-31T23:00:00-01:00', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('may be %s', (text, moment) => {
    expect(parse(Timestamp, text)).toEqual(new Date(moment));
  });

  it.each([
    '',
    'now',
    '2026',
    '2026-02-30',
    '2026-01-01T12:00',
    '1767268800',
    '2026-13-01T12:00:00Z',
    '2026-01-32T12:00:00Z',
    '2026-02-30T12:00:00Z',
    '2023-02-29T12:00:00Z',
    '2026-01-01T25:00:00Z',
    ' 2026-01-01T12:00:00Z',
  ])('is not %j', (text) => {
    expect(messageFor(text)).toBe('Must be a date like 2026-01-31 or a time like 2026-01-31T12:00:00Z');
  });

  it.each([
    '0000-01-01',
    '0001-01-01T00:00:00+14:00',
    '9999-12-31T23:59:59-14:00',
    '9999-12-31T23:59:59.999999999-00:01',
  ])('is not %s, which is outside the years 1 to 9999 in UTC', (text) => {
    expect(messageFor(text)).toBe('Must be within the years 1 to 9999 in UTC');
  });

  it('is text', () => {
    expect(messageFor(1767268800)).toBe('Must be a string');
  });
});

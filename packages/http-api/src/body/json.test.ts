import { describe, expect, it } from 'vitest';
import { parseJson } from './json.ts';

const nested = (depth: number, inside = '') => '['.repeat(depth) + inside + ']'.repeat(depth);
const refusalOf = (text: string): unknown => {
  try {
    return parseJson(text);
  } catch (error) {
    return (error as Error).message;
  }
};
const tooDeep = 'The body is nested too deeply';
const notJson = 'The body cannot be read';

describe('the depth of JSON', () => {
  it('may be 32, and no more', () => {
    expect(refusalOf(nested(32, '1'))).toEqual(expect.any(Array));
    expect(refusalOf(nested(33))).toBe(tooDeep);
    expect(refusalOf('{"a":'.repeat(32) + '1' + '}'.repeat(32))).toEqual({ a: expect.anything() });
    expect(refusalOf('{"a":'.repeat(33) + '1' + '}'.repeat(33))).toBe(tooDeep);
    expect(refusalOf('[{"a":'.repeat(17) + '1' + '}]'.repeat(17))).toBe(tooDeep);
  });

  it('is not its width', () => {
    expect(refusalOf(`[${'[],{},'.repeat(100)}0]`)).toHaveLength(201);
  });

  it.each(['[', '{', '\\"[', '\\\\\\"[', '\\u0022[', '"'.repeat(0)])('is not made by a string of %s', (piece) => {
    expect(refusalOf(`{"a":"${piece.repeat(100)}"}`)).toEqual({ a: expect.any(String) });
  });

  it('goes on behind a string', () => {
    expect(refusalOf(`["\\\\",${nested(32)}]`)).toBe(tooDeep);
    expect(refusalOf(`["]]]",${nested(32)}]`)).toBe(tooDeep);
    expect(refusalOf(`["\\"]",${nested(32)}]`)).toBe(tooDeep);
  });

  it('is looked at even where the rest is no JSON', () => {
    expect(refusalOf('['.repeat(1_000_000))).toBe(tooDeep);
    expect(refusalOf(']'.repeat(100) + '['.repeat(100))).toBe(notJson);
    expect(refusalOf('"['.repeat(101))).toBe(tooDeep);
  });
});

describe('the number of values in JSON', () => {
  const tooMany = 'The body has too many values';

  it('may be 5,000, and no more', () => {
    expect(refusalOf(`[${'0,'.repeat(4_999)}0]`)).toHaveLength(5_000);
    expect(refusalOf(`[${'0,'.repeat(5_000)}0]`)).toBe(tooMany);
  });

  it.each(['0,', '{},', '[],', '"",', '{"a":1},', '[[[]]],'])('is refused before the work of parsing %s', (piece) => {
    expect(refusalOf(`{"a":[${piece.repeat(5_001)}`)).toBe(tooMany);
  });

  it('is not made by a string', () => {
    expect(refusalOf(`{"a":"${',[{'.repeat(10_000)}"}`)).toEqual({ a: expect.any(String) });
  });
});

describe('JSON', () => {
  it('counts the last of two fields of one name', () => {
    expect(parseJson('{"a":1,"\\u0061":2}')).toEqual({ a: 2 });
  });

  it.each(['{"__proto__":{"a":1}}', '{"b":[{"__proto__":null}]}', '{"\\u005f_proto__":1}'])(
    'with a field __proto__ is refused: %s',
    (text) => {
      expect(refusalOf(text)).toBe(notJson);
      expect({}).not.toHaveProperty('a');
    },
  );

  it('takes constructor and prototype for names like any other', () => {
    const text = '{"constructor":{"prototype":{"a":1}},"prototype":1}';
    expect(JSON.stringify(parseJson(text))).toBe(text);
    expect({}).not.toHaveProperty('a');
  });

  it.each([
    '',
    '{',
    '{"secret123"',
    'secret123',
    '{"a":secret123}',
    "{'a':1}",
    '\ufeff\ufeff{}',
    '//\n{}',
    '{"a":1}\0',
  ])('that is none is refused without repeating it: %j', (text) => {
    expect(refusalOf(text)).toBe(notJson);
  });
});

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { inputOf, policyOf, useCases } from '@sallyport/core';
import { wireJsonSchema } from './json-schema.ts';

describe('a JSON Schema', () => {
  it('has the names of the wire, all the way down', () => {
    const schema = v.object({
      firstName: v.string(),
      lastName: v.optional(v.string()),
      someItems: v.array(v.object({ isGood: v.boolean() })),
      oneOf: v.nullish(v.object({ postId: v.number() })),
    });
    expect(wireJsonSchema(schema)).toMatchObject({
      type: 'object',
      properties: {
        first_name: { type: 'string' },
        last_name: { type: 'string' },
        some_items: { type: 'array', items: { properties: { is_good: { type: 'boolean' } }, required: ['is_good'] } },
        one_of: { anyOf: [{ properties: { post_id: { type: 'number' } } }, { type: 'null' }] },
      },
      required: ['first_name', 'some_items'],
    });
  });

  it('says that a plain value may be null by its type', () => {
    const schema = v.object({
      age: v.nullable(v.pipe(v.number(), v.minValue(0))),
      role: v.nullable(v.picklist(['a'])),
    });
    expect(wireJsonSchema(schema).properties).toEqual({
      age: { type: ['number', 'null'], minimum: 0 },
      role: { anyOf: [{ type: 'string', enum: ['a'] }, { type: 'null' }] },
    });
  });

  it('permits any value where a schema contains itself', () => {
    const tree: v.GenericSchema = v.object({ name: v.string(), parts: v.array(v.lazy(() => tree)) });
    expect(wireJsonSchema(tree)).toEqual({
      type: 'object',
      properties: { name: { type: 'string' }, parts: { type: 'array', items: {} } },
      required: ['name', 'parts'],
    });
  });

  it('writes dates as ISO 8601', () => {
    expect(wireJsonSchema(v.date())).toEqual({ type: 'string', format: 'date-time' });
  });

  it('counts code points, as JSON Schema does', () => {
    const { properties } = wireJsonSchema(inputOf(useCases.register, policyOf()));
    expect(properties?.['name']).toMatchObject({ type: 'string', minLength: 2, maxLength: 50 });
    expect(properties?.['password']).toMatchObject({ minLength: 8, maxLength: 128 });
    expect(properties?.['email']).toMatchObject({ maxLength: 254 });
  });

  it('is refused for a rule that it has no word for', () => {
    const Odd = v.pipe(
      v.string(),
      v.transform((text) => text.length),
    );
    expect(() => wireJsonSchema(Odd)).toThrow('transform');
  });
});

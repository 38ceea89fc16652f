import type { Policy } from '@sallyport/core';
import { toWireName } from '@sallyport/http-api';
import * as v from 'valibot';
import { ConfigError } from '../config.ts';

/**
 * The values of `--default NAME=VALUE`, by the names of the fields on the wire. A value is JSON if the field accepts
 * it, otherwise text.
 *
 * @throws ConfigError when a field does not exist or does not accept its value
 */
export function readDefaults(given: readonly string[], policy: Policy): Readonly<Record<string, unknown>> {
  const fields = new Map(Object.entries(policy.profile.fields).map(([name, field]) => [toWireName(name), field]));
  const entries = given.map((text) => {
    const name = text.slice(0, Math.max(0, text.indexOf('=')));
    const field = fields.get(name);
    if (!field) {
      throw new ConfigError(
        `--default ${text} names no field of the profile: use NAME=VALUE with one of ${[...fields.keys()].join(', ')}`,
      );
    }
    const value = text.slice(name.length + 1);
    const accepted = [parsed(value), value].find((one) => v.is(field.schema, one));
    if (accepted === undefined) throw new ConfigError(`--default ${text} has a value that the field does not accept`);
    return [name, accepted] as const;
  });
  return Object.fromEntries(entries);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

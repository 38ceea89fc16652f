import { type Policy, type ProfileField, readersOf, UserView } from '@sallyport/core';
import * as v from 'valibot';
import { bare, spreadField } from '../wire/names.ts';

/** The entries of an input on the wire: the fields of the profile are next to the others. */
export function spreadProfile(entries: v.ObjectEntries): v.ObjectEntries {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, entry]) => {
      const inner = bare(entry).entries;
      return name === spreadField && inner ? Object.entries(inner) : [[name, entry]];
    }),
  );
}

/** The schema of an account, with the fields of the host's profile. */
export function userSchema({ profile }: Policy): v.GenericSchema {
  const fields = Object.entries(profile.fields).flatMap(([name, field]) => {
    const isAlwaysSeen = readersOf(field).some((reader) => reader === 'members' || reader === 'public');
    const schema = shownSchema(field);
    return [[name, isAlwaysSeen ? schema : v.optional(schema)] as const];
  });
  return v.object(withProfile(UserView.entries, Object.fromEntries(fields)));
}

/**
 * The entries of a view, in which these fields of the host's profile are where the view has `profile`. Each of them is
 * always shown. A module describes its views with it (`NamedSchema.under`).
 */
export function withProfileFields(
  entries: v.ObjectEntries,
  { profile }: Pick<Policy, 'profile'>,
  names: readonly string[],
): v.ObjectEntries {
  const fields = Object.entries(profile.fields)
    .filter(([name]) => names.includes(name))
    .map(([name, field]) => [name, shownSchema(field)] as const);
  return withProfile(entries, Object.fromEntries(fields));
}

function shownSchema({ schema, default: fallback }: ProfileField): v.GenericSchema {
  return fallback === null ? v.nullable(schema) : schema;
}

function withProfile(entries: v.ObjectEntries, fields: v.ObjectEntries): v.ObjectEntries {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, entry]) =>
      name === spreadField ? Object.entries(fields) : [[name, entry]],
    ),
  );
}

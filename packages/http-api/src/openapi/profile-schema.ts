import { type Policy, readersOf, roleIn, shownSchema, UserView } from '@sallyport/core';
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

/** The schema of an account, with the roles and the profile of the host. */
export function userSchema({ profile, roles }: Policy): v.GenericSchema {
  const fields = Object.entries(profile.fields).flatMap(([name, field]) => {
    const isAlwaysSeen = readersOf(field).some((reader) => reader === 'members' || reader === 'public');
    const schema = shownSchema(field);
    return [[name, isAlwaysSeen ? schema : v.optional(schema)] as const];
  });
  const entries = { ...UserView.entries, role: roleIn(roles) };
  return v.pipe(v.object(withProfile(entries, Object.fromEntries(fields))), v.title('User'));
}

/** The entries of a view on the wire, with these fields of the profile next to the others. */
function withProfile(entries: v.ObjectEntries, fields: v.ObjectEntries): v.ObjectEntries {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, entry]) =>
      name === spreadField ? Object.entries(fields) : [[name, entry]],
    ),
  );
}

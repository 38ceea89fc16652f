import { line, type ProfileFields, wholeNumber } from '@sallyport/core';
import * as v from 'valibot';

/** Every member may read these fields. Owners and admins may write them. */
const forMembers = { read: ['self', 'members'], write: ['self', 'admins'] } as const;

/** The profile of this server's accounts. */
export const profile: ProfileFields = {
  /** In years. */
  age: {
    schema: v.pipe(wholeNumber(0, 150), v.examples([36])),
    default: null,
    required: true,
    ...forMembers,
  },
  city: {
    schema: v.pipe(line(0, 50), v.examples(['London'])),
    default: 'Unknown',
    ...forMembers,
  },
};

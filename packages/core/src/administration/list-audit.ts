import * as v from 'valibot';
import { canonicalAddress } from '../model/address.ts';
import { Id, line, Timestamp } from '../model/input.ts';
import { pageEntries, pageOf, readPage } from '../model/paging.ts';
import type { AuditEntry } from '../ports/audit.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** An event as admins see it. */
export const AuditView = v.pipe(
  v.object({
    id: Id,
    at: v.date(),
    type: v.pipe(v.string(), v.examples(['user.logged_in'])),
    actorId: v.pipe(v.nullable(Id), v.description('The user who acted.')),
    subjectId: v.pipe(v.nullable(Id), v.description('The user whose account it is about.')),
    ip: v.nullable(v.pipe(v.string(), v.examples(['192.0.2.1']))),
    userAgent: v.nullable(v.pipe(v.string(), v.examples(['Mozilla/5.0']))),
    detail: v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
  }),
  v.title('AuditEntry'),
);
export type AuditView = v.InferOutput<typeof AuditView>;

const { limit, after } = pageEntries;

const Address = v.pipe(
  line(1, 45),
  v.check((text) => canonicalAddress(text) !== undefined, 'Must be an IPv4 or IPv6 address'),
);

/** The audit entries that match, newest first. */
export const listAudit = useCase({
  caller: 'operator',
  joinable: true,
  input: ({ eventTypes }) =>
    v.object({
      limit,
      after,
      subjectId: v.optional(v.pipe(Id, v.description('The user whose account the entries are about.'))),
      actorId: v.optional(v.pipe(Id, v.description('The user who acted.'))),
      type: v.optional(v.pipe(v.picklist(eventTypes), v.title('EventType'), v.description('The type of the event.'))),
      ip: v.optional(v.pipe(Address, v.description('The address that the request came from.'))),
      since: v.optional(v.pipe(Timestamp, v.description('Entries from this moment on.'))),
      until: v.optional(v.pipe(Timestamp, v.description('Entries before this moment.'))),
    }),
  output: pageOf(AuditView),
  errors: [],
  async run({ audit }: Pick<Ports, 'audit'>, _caller, { limit: size, after: behind, ip, ...others }) {
    const filter = { ...others, ip: ip && canonicalAddress(ip) };
    const page = { skip: 0, limit: size, after: behind };
    return readPage(page, (rows) => audit.list(filter, rows), toAuditView);
  },
});

function toAuditView({ id, at, type, actorId, subjectId, ip, userAgent, detail }: AuditEntry): AuditView {
  return {
    id,
    at,
    type,
    actorId: actorId ?? null,
    subjectId: subjectId ?? null,
    ip: ip ?? null,
    userAgent: userAgent ?? null,
    detail: { ...detail },
  };
}

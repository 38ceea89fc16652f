import * as v from 'valibot';
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
    type: v.string(),
    actorId: v.nullable(Id),
    subjectId: v.nullable(Id),
    ip: v.nullable(v.string()),
    userAgent: v.nullable(v.string()),
    detail: v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
  }),
  v.title('AuditEntry'),
);
export type AuditView = v.InferOutput<typeof AuditView>;

const { limit, after } = pageEntries;

/** The audit entries that match, newest first. */
export const listAudit = useCase({
  caller: 'operator',
  joinable: true,
  input: ({ eventTypes }) =>
    v.object({
      limit,
      after,
      subjectId: v.optional(Id),
      actorId: v.optional(Id),
      type: v.optional(v.picklist(eventTypes)),
      ip: v.optional(line(1, 45)),
      /** Entries from this moment on. */
      since: v.optional(Timestamp),
      /** Entries before this moment. */
      until: v.optional(Timestamp),
    }),
  output: pageOf(AuditView),
  errors: [],
  async run({ audit }: Pick<Ports, 'audit'>, _caller, { limit: size, after: behind, ...filter }) {
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

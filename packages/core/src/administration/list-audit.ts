import * as v from 'valibot';
import type { Admin } from '../model/caller.ts';
import { eventTypes } from '../model/domain-event.ts';
import { Id, parse } from '../model/input.ts';
import { type Page, pageEntries, pageOf, readPage } from '../model/paging.ts';
import type { AuditEntry } from '../ports/audit.ts';
import type { Ports } from '../ports/ports.ts';

/** An event as admins see it. */
export const AuditView = v.object({
  id: Id,
  at: v.date(),
  type: v.picklist(eventTypes),
  actorId: v.nullable(Id),
  subjectId: v.nullable(Id),
  ip: v.nullable(v.string()),
  userAgent: v.nullable(v.string()),
  detail: v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
});
export type AuditView = v.InferOutput<typeof AuditView>;

const { limit, after } = pageEntries;

export const ListAuditInput = v.object({
  limit,
  after,
  subjectId: v.optional(Id),
  actorId: v.optional(Id),
  type: v.optional(v.picklist(eventTypes)),
});

type Needs = Pick<Ports, 'audit'>;

/** What happened to accounts, newest first. */
export class ListAudit {
  static readonly caller = 'admin';
  static readonly input = ListAuditInput;
  static readonly output = pageOf(AuditView);

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `validation_failed` | `unavailable` */
  async execute(_caller: Admin, input: v.InferInput<typeof ListAuditInput>): Promise<Page<AuditView>> {
    const { limit: size, after: behind, ...filter } = parse(ListAuditInput, input);
    const page = { skip: 0, limit: size, after: behind };
    return readPage(page, (rows) => this.#ports.audit.list(filter, rows), toAuditView);
  }
}

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

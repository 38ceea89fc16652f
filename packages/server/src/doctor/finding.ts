/** What a check found, in a sentence, and what to do about it. It never contains a secret. */
export interface Finding {
  readonly check: string;
  readonly level: 'ok' | 'warning' | 'error';
  readonly message: string;
  readonly advice?: string | undefined;
}

/** Findings of one check. */
export function findingsOf(check: string) {
  const of =
    (level: Finding['level']) =>
    (message: string, advice?: string): Finding => ({
      check,
      level,
      message,
      advice,
    });
  return { ok: of('ok'), warning: of('warning'), error: of('error') };
}

/** These findings, or one that all is well if there is none. */
export function orFine(findings: readonly (Finding | false | undefined)[], fine: Finding): readonly Finding[] {
  const found = findings.filter((finding) => finding !== false && finding !== undefined);
  return found.length > 0 ? found : [fine];
}

import type { Who } from './model/caller.ts';
import type { Policy } from './model/policy.ts';
import type { UseCaseTable } from './module.ts';

/**
 * Checks the callers that the use cases of a module declare. A host without a compiler may have misspelt one, and a rule
 * of the policy may be wider than what is declared.
 *
 * @throws Error that names a use case for callers or a role that do not exist, or whose rule is wider than its caller
 */
export function refuseUnusableCallers(cases: UseCaseTable, policy: Policy, module: string): void {
  for (const [name, { caller, restrictedTo }] of Object.entries(cases)) {
    const rule = restrictedTo?.(policy) ?? caller;
    for (const who of [caller, rule]) refuseUnknown(who, policy, `${module}.${name}`);
    if (!accepts(caller, rule)) throw new Error(`${module}.${name} accepts more callers than it declares`);
  }
}

function refuseUnknown(who: Who | undefined, { roles }: Pick<Policy, 'roles'>, useCase: string): void {
  if (['anyone', 'member', 'admin', 'operator', 'system'].some((known) => known === who)) return;
  const named: readonly string[] = typeof who === 'object' && Array.isArray(who?.roles) ? who.roles : [];
  if (named.length === 0) {
    throw new Error(
      `${useCase} declares a caller that is not one of anyone, member, admin, operator, system and roles(…)`,
    );
  }
  const unknown = named.find((role) => !roles.includes(role));
  if (unknown !== undefined) throw new Error(`${useCase} accepts the role "${unknown}", which is not declared`);
}

/** Whether every caller that the rule accepts is one that is declared. */
function accepts(declared: Who, rule: Who): boolean {
  if (declared === rule || declared === 'anyone') return true;
  if (declared === 'operator') return rule === 'admin' || rule === 'system';
  const ruled = rolesOf(rule);
  return ruled !== undefined && (declared === 'member' || ruled.every((role) => rolesOf(declared)?.includes(role)));
}

/** The roles that a caller must have one of, if a role is required. */
function rolesOf(who: Who): readonly string[] | undefined {
  if (who === 'admin') return ['admin'];
  return typeof who === 'object' ? who.roles : undefined;
}

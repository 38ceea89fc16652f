import type { components, operations } from './generated/schema.ts';
import type { OutputOf } from './operations.ts';

/** The tokens of an answer. */
export type Grant = Pick<components['schemas']['Grant'], 'access_token' | 'expires_in' | 'refresh_token'>;

type Granting = {
  [Name in keyof operations]: OutputOf<operations[Name]> extends Grant ? Name : never;
}[keyof operations];

const granting: Readonly<Record<Granting, true>> = {
  login: true,
  issueTokens: true,
  refresh: true,
  changePassword: true,
};

/** Whether the result of this operation is a grant. */
export const returnsGrant = (operation: string) => Object.hasOwn(granting, operation);

export function isGrant(result: unknown): result is Grant {
  const { access_token, refresh_token, expires_in } = (result ?? {}) as Partial<Record<keyof Grant, unknown>>;
  return (
    [access_token, refresh_token].every((token) => token && typeof token === 'string') && Number.isFinite(expires_in)
  );
}

import fc from 'fast-check';
import { bends } from './bent-tokens.ts';
import type { Caller, Shot } from './shot.ts';

/** Who calls, with the header that says so. */
export interface CallerPart {
  readonly caller: Caller;
  readonly kind?: string;
  readonly headers: Shot['headers'];
}

const bearer = (token: string): Shot['headers'] => [['Authorization', `Bearer ${token}`]];

/** A caller by the token that they hold. */
const as = (who: Exclude<Caller, 'anonymous' | 'forger'>): CallerPart => ({
  caller: who,
  headers: bearer(`⟦${who}.token⟧`),
});

const anonymous: CallerPart = { caller: 'anonymous', headers: [] };

const forger = (value: string): CallerPart => ({
  caller: 'forger',
  kind: 'tokens',
  headers: [['Authorization', value]],
});

/** Good tokens, bent; and what is no access token. */
const forgeries = fc.oneof(
  fc
    .tuple(fc.constantFrom('ada', 'root'), fc.constantFrom(...bends), fc.nat(1000))
    .map(([who, way, at]) => forger(`Bearer ⟦${who}.token|${way} ${at}⟧`)),
  fc.constantFrom('refresh', 'reset', 'verify', 'session').map((what) => forger(`Bearer ⟦ada.${what}⟧`)),
  fc
    .constantFrom(
      'Bearer',
      'Bearer ',
      'Bearer  ',
      'Bearer a b',
      'Bearer null',
      'bearer ..',
      'BEARER \t',
      'Bearer ⟦ada.token⟧, Bearer ⟦ada.token⟧',
      'Bearer "⟦ada.token⟧"',
      'Bearer\t⟦ada.token⟧',
      `Bearer ${'a'.repeat(2_000)}`,
    )
    .map(forger),
  fc
    .string({ unit: 'binary-ascii', maxLength: 40 })
    .map((text) => forger(`Bearer ${text.replaceAll(/[^\x20-\x7e]/g, '.')}`)),
);

/** Schemes that the server ignores: their callers are anonymous. */
const strangers = fc
  .constantFrom(
    'Basic YWRhOnNlY3JldDEyMw==',
    'Token ⟦ada.token⟧',
    '⟦ada.token⟧',
    'Negotiate x',
    '',
    'bearer⟦ada.token⟧',
  )
  .map((value): CallerPart => ({ caller: 'anonymous', kind: 'tokens', headers: [['Authorization', value]] }));

/** Callers of every kind, most often those that the route is for. */
export function callersFor(who: 'anyone' | 'member' | 'admin'): fc.Arbitrary<CallerPart> {
  const fit = { anyone: [anonymous, as('ada')], member: [as('ada'), as('ada'), as('bob')], admin: [as('root')] }[who];
  const others = [anonymous, as('ada'), as('bob'), as('root'), as('idle'), as('gone'), as('left')];
  return fc.oneof(
    { weight: 10, arbitrary: fc.constantFrom(...fit) },
    { weight: 4, arbitrary: fc.constantFrom(...others) },
    { weight: 2, arbitrary: forgeries },
    { weight: 1, arbitrary: strangers },
  );
}

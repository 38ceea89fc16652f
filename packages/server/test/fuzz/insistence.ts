import fc from 'fast-check';
import type { Plan, Step } from './shot.ts';
import { ask, password, times } from './story-steps.ts';

const guess = { email: '⟦ada.email⟧', password: 'Sesame is wrong 1' };

/** What limits are for: more than any of them allows, by which each is met or is off. */
const insistence: readonly Step[] = [
  ...Array.from({ length: 7 }, () => ask('anonymous', 'POST /auth/login', [401, 429], { json: guess })),
  ...Array.from({ length: 7 }, () =>
    ask('anonymous', 'POST /auth/token', [401, 429], { form: { username: guess.email, password: guess.password } }),
  ),
  ...Array.from({ length: 11 }, () =>
    ask('ada', 'PATCH /users/me/password', [400, 429], {
      json: { current_password: guess.password, new_password: 'Sesame is new 1' },
    }),
  ),
  ...Array.from({ length: 6 }, () =>
    ask('ada', 'POST /users/me/email', [400, 429], {
      json: { current_password: guess.password, new_email: '⟦a.new⟧' },
    }),
  ),
  ...Array.from({ length: 6 }, () => ask('ada', 'POST /auth/verify-email/resend', [202, 429])),
  ...Array.from({ length: 6 }, () =>
    ask('anonymous', 'POST /auth/forgot-password', [200, 429], { json: { email: '⟦ada.email⟧' } }),
  ),
  times(
    51,
    ask('anonymous', 'POST /auth/register', [400, 429], { json: { name: 'Eve', age: 36, ...password('bob') } }),
  ),
  times(
    51,
    ask('anonymous', 'POST /auth/verify-email', [400, 429], { json: { token: 'a token that was never issued' } }),
  ),
  times(
    51,
    ask('anonymous', 'POST /auth/reset-password', [400, 429], {
      json: { token: 'a token that was never issued', new_password: 'Sesame is new 1' },
    }),
  ),
];

export const insistentStory: fc.Arbitrary<Plan> = fc.constant({ kind: 'insistence', steps: insistence });

import fc from 'fast-check';
import { harmlessShot } from './route-shots.ts';
import type { Plan, Step } from './shot.ts';
import {
  ask,
  changePassword,
  login,
  loginByForm,
  me,
  oldLogin,
  password,
  post,
  refresh,
  register,
  reset,
  role,
  times,
  verify,
} from './story-steps.ts';

const guess = { email: '⟦ada.email⟧', password: 'Sesame is wrong 1' };

/** What somebody does in turn, and what must come of each step. */
const stories: Readonly<Record<string, readonly Step[]>> = {
  'a session from its beginning to its end': [
    register,
    login('eve'),
    me('eve', 200),
    refresh('eve', 'refresh', 200),
    refresh('eve', 'previous', 200),
    me('eve', 200),
    ask('eve', 'POST /auth/logout', 204),
    me('eve', 401),
    refresh('eve', 'refresh', 401),
    login('eve'),
    me('eve', 200),
  ],
  'a refresh token that was copied': [
    me('ada', 200),
    refresh('ada', 'spent', 401),
    refresh('ada', 'refresh', 401),
    me('ada', 401),
    loginByForm('ada'),
    me('ada', 200),
  ],
  'a changed password': [
    login('ada'),
    changePassword,
    oldLogin,
    me('ada', 200),
    refresh('ada', 'refresh', 200),
    login('ada'),
    ask('ada', 'PATCH /users/me/password', 400, {
      json: { current_password: '⟦ada.old_password⟧', new_password: 'Sesame is new 2' },
    }),
  ],
  'a password that was forgotten': [
    me('ada', 200),
    ask('nobody', 'POST /auth/forgot-password', 200, { json: { email: '⟦ada.email⟧' } }),
    reset,
    { ...reset, expect: [400] },
    me('ada', 401),
    oldLogin,
    login('ada'),
    me('ada', 200),
  ],
  'an address that is confirmed': [
    verify(204),
    verify(400),
    ask('ada', 'POST /auth/verify-email/resend', 202),
    me('ada', 200),
  ],
  'another address': [
    ask('ada', 'POST /users/me/email', 202, {
      json: { new_email: '⟦ada.newEmail⟧', current_password: '⟦ada.password⟧' },
    }),
    ask('nobody', 'POST /auth/verify-email', 204, {
      json: { token: '⟦ada.moved⟧' },
      learn: { who: 'ada', what: 'email' },
    }),
    login('ada'),
    ask('nobody', 'POST /auth/login', 401, { json: { email: '⟦ada.old_email⟧', password: '⟦ada.password⟧' } }),
    me('ada', 200),
  ],
  'an account that sleeps and wakes': [
    me('ada', 200),
    ask('ada', 'PATCH /users/me/deactivate', 200),
    me('ada', 403),
    login('ada', 403),
    refresh('ada', 'refresh', 401),
    ask('root', 'PATCH /admin/users/⟦ada.id⟧/activate', 200),
    me('ada', 401),
    login('ada'),
    me('ada', 200),
    ask('root', 'PATCH /admin/users/⟦ada.id⟧/deactivate', 200),
    me('ada', 403),
  ],
  'an account that is deleted': [
    ask('nobody', 'GET /posts/⟦ada.post⟧', 200),
    ask('ada', 'DELETE /users/me', 204),
    me('ada', 401),
    login('ada', 401),
    refresh('ada', 'refresh', 401),
    ask('nobody', 'GET /posts/⟦ada.post⟧', 404),
    ask('root', 'GET /admin/users/⟦ada.id⟧', 404),
  ],
  'a role that comes and goes': [
    ask('ada', 'GET /admin/users', 403),
    role('admin'),
    ask('ada', 'GET /admin/users?limit=1', 200),
    ask('ada', 'GET /admin/audit?limit=1', 200),
    ask('ada', 'POST /auth/introspect', 200, { form: { token: '⟦bob.refresh⟧' } }),
    role('user'),
    ask('ada', 'GET /admin/users', 403),
  ],
  'a post': [
    post('nobody', 'GET', 404),
    post('bob', 'GET', 404),
    post('ada', 'GET', 200),
    post('bob', 'PATCH', 404, { published: true }),
    post('ada', 'PATCH', 200, { published: true }),
    post('nobody', 'GET', 200),
    post('bob', 'PATCH', 403, { title: 'Taken over' }),
    post('bob', 'DELETE', 403),
    post('root', 'PATCH', 200, { title: 'In order now' }),
    ask('ada', 'GET /posts/my?limit=1', 200),
    post('ada', 'DELETE', 204),
    post('ada', 'GET', 404),
  ],
  'sessions that are looked after': [
    login('ada'),
    ask('ada', 'GET /users/me/sessions', 200),
    ask('bob', 'DELETE /users/me/sessions/⟦ada.session⟧', 404),
    me('ada', 200),
    ask('ada', 'DELETE /users/me/sessions/⟦ada.session⟧', 204),
    me('ada', 401),
    login('ada'),
    ask('ada', 'DELETE /users/me/sessions', 204),
    me('ada', 401),
  ],
  'tokens that are given back': [
    ask('root', 'POST /auth/introspect', 200, { form: { token: '⟦ada.refresh⟧' } }),
    ask('nobody', 'POST /auth/revoke', 200, { form: { token: '⟦ada.refresh⟧' } }),
    me('ada', 401),
    refresh('ada', 'refresh', 401),
    loginByForm('ada'),
    ask('nobody', 'POST /auth/revoke', 200, { form: { token: '⟦ada.token⟧' } }),
    me('ada', 401),
  ],
  'an admin at work': [
    me('ada', 200),
    ask('root', 'DELETE /admin/users/⟦ada.id⟧/sessions', 204),
    me('ada', 401),
    login('ada'),
    ask('root', 'POST /admin/users/⟦ada.id⟧/password-reset', 202),
    ask('root', 'DELETE /admin/users/⟦ada.id⟧', 204),
    me('ada', 401),
    ask('root', 'DELETE /admin/users/⟦ada.id⟧', 404),
  ],
  'a race for an address': [times(5, { ...register, expect: [201, 400] }, true), login('eve'), me('eve', 200)],
  'a race for a successor': [times(5, refresh('ada', 'refresh', 200)), me('ada', 200), refresh('ada', 'refresh', 200)],
  'a race for a reset': [times(5, { ...reset, expect: [204, 400] }, true), login('ada')],
  'a race for the end': [
    {
      together: [
        me('ada', 200),
        ask('ada', 'DELETE /users/me', 204),
        ask('ada', 'POST /posts', 201, {
          json: { title: 'The last one', content: 'Twenty characters or more of it.' },
        }),
        ...times(2, refresh('ada', 'refresh', 200)).together,
      ].map((shot) => ({ ...shot, expect: [200, 201, 204, 401] })),
    },
    me('ada', 401),
    login('ada', 401),
  ],
};

/** What limits are for: more than any of them allows, by which each is met or is off. */
const insistence: readonly Step[] = [
  ...Array.from({ length: 7 }, () => ask('nobody', 'POST /auth/login', [401, 429], { json: guess })),
  ...Array.from({ length: 7 }, () =>
    ask('nobody', 'POST /auth/token', [401, 429], { form: { username: guess.email, password: guess.password } }),
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
    ask('nobody', 'POST /auth/forgot-password', [200, 429], { json: { email: '⟦ada.email⟧' } }),
  ),
  times(51, ask('nobody', 'POST /auth/register', [400, 429], { json: { name: 'Eve', age: 36, ...password('bob') } })),
  times(51, ask('nobody', 'POST /auth/verify-email', [400, 429], { json: { token: 'a token of nobody' } })),
  times(
    51,
    ask('nobody', 'POST /auth/reset-password', [400, 429], {
      json: { token: 'a token of nobody', new_password: 'Sesame is new 1' },
    }),
  ),
];

export const insistentStory: fc.Arbitrary<Plan> = fc.constant({ kind: 'insistence', steps: insistence });

/** A story that goes on while others ask for something else. */
export const toldStory: fc.Arbitrary<Plan> = fc
  .record({
    name: fc.constantFrom(...Object.keys(stories)),
    disturbances: fc.array(fc.record({ shot: harmlessShot, at: fc.nat(12) }), { maxLength: 5 }),
  })
  .map(({ name, disturbances }) => ({
    kind: name,
    steps: (stories[name] ?? []).flatMap((step, at) => [
      ...disturbances.filter((one) => one.at === at).map(({ shot }) => shot),
      step,
    ]),
  }));

import type { Step } from './shot.ts';
import { accept, ask, login, look, me, refresh, register, reset, times, verify } from './story-steps.ts';

/** What several ask for at a time, and what must come of it. */
export const races: Readonly<Record<string, readonly Step[]>> = {
  'a race for an address': [times(5, { ...register, expect: [201, 400] }, true), login('eve'), me('eve', 200)],
  'a race for a successor': [times(5, refresh('ada', 'refresh', 200)), me('ada', 200), refresh('ada', 'refresh', 200)],
  'a race for a reset': [times(5, reset([204, 400]), true), login('ada')],
  'a race of three links': [
    ...look('reset', 'reset2', 'reset3'),
    { together: ['reset', 'reset2', 'reset3'].map((link) => reset([204, 400], link)), once: true },
    login('ada'),
  ],
  'a race for an invitation': [times(5, accept([204, 400]), true), login('ivy'), me('ivy', 200)],
  'a link that is opened at once': [times(5, verify(204)), me('ada', 200)],
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

import * as v from 'valibot';
import type { Limiting } from '../limits/admit.ts';
import { forgetFailures } from '../limits/guessing.ts';
import { eventOf } from '../model/domain-event.ts';
import { Email } from '../model/email.ts';
import { SallyportError } from '../model/errors.ts';
import { NoOutput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/**
 * Clears the failed passwords of an account, so that its logins are no longer slowed down. It takes effect where the
 * failures are counted: in the process, unless nodes count together.
 */
export const unslowUser = useCase({
  caller: 'system',
  input: v.object({ email: Email }),
  output: NoOutput,
  errors: ['user_not_found'],
  async run(needs: Limiting & Pick<Ports, 'users' | 'unitOfWork'>, caller, { email }) {
    const { users, unitOfWork, clock } = needs;
    const found = await users.findCredentials({ email });
    if (!found) throw new SallyportError('user_not_found');
    await forgetFailures(needs, email);
    await unitOfWork.run(({ audit }) => audit.append(eventOf('user.unslowed', caller, clock.now(), found.user.id)));
  },
});

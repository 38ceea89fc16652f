import { vi } from 'vitest';
import type { Email, QueuedMail } from '../src/index.ts';
import { emailOf, scenario } from './scenario.ts';

/** Where mails to Ada go. */
export const ada = emailOf('Ada') as Email;

/** Ada, who is registered, and what becomes of her mails. */
export async function mailing() {
  const story = scenario();
  const { application, system, ports, clock } = story;
  const user = await story.register('Ada');
  const send = () => application.sendMails.execute(system);
  const queue = (mail: Partial<QueuedMail>) =>
    ports.unitOfWork.run(({ outbox }) =>
      outbox.append({ kind: 'reset-password', email: ada, queuedAt: clock.now(), ...mail }),
    );
  /** Has every attempt fail from now on. */
  const failing = (error: unknown = new Error('450 Try again later')) =>
    vi.spyOn(ports.mailer, 'send').mockRejectedValue(error);
  const sent = () => ports.mailer.mails;
  return { ...story, user, send, queue, failing, sent };
}

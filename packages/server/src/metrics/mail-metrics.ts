import type { Application, Mailer } from '@sallyport/core';
import type { ContainerModule } from 'inversify';
import { Counter, type Registry } from 'prom-client';
import { wrap } from '../wiring/provide.ts';
import { ports } from '../wiring/tokens.ts';

/** Counts what becomes of mails. */
export interface MailMetrics {
  readonly module: ContainerModule;
  /** Counts the mails that are not sent at all. */
  follow(application: Pick<Application, 'events'>): void;
}

const outcomes = ['sent', 'failed', 'given_up', 'withheld'] as const;

export function mailMetrics(registry: Registry): MailMetrics {
  const mails = new Counter({
    name: 'sallyport_mails_total',
    help: 'Mails by outcome: sent, an attempt that failed, given up after the last attempt, withheld by a limit.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const count = (outcome: (typeof outcomes)[number]) => mails.inc({ outcome });
  for (const outcome of outcomes) mails.inc({ outcome }, 0);

  const around = (inner: Mailer): Mailer => ({
    async send(mail) {
      try {
        await inner.send(mail);
      } catch (error) {
        count('failed');
        throw error;
      }
      count('sent');
    },
  });
  return {
    module: wrap(ports.mailer, around),
    follow({ events }) {
      events.on('mail.given_up', () => count('given_up'));
      events.on('mail.withheld', () => count('withheld'));
    },
  };
}

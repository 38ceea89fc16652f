import { ContainerModule } from 'inversify';
import { tellingFailures } from '../mail.ts';
import { provide } from './provide.ts';
import { parts, ports } from './tokens.ts';

/** Mails, by the configured way. */
export const mailModule = new ContainerModule(({ bind }) => {
  provide(bind, ports.mailer, [parts.mail, parts.log], ({ mailer, server }, log) =>
    tellingFailures(mailer, log, server),
  );
});

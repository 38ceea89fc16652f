import { ContainerModule } from 'inversify';
import { tellingFailures } from '../mail.ts';
import { provide } from './provide.ts';
import { parts, ports } from './tokens.ts';

/** Mails, wherever the configuration sends them. */
export const mailModule = new ContainerModule(({ bind }) => {
  provide(bind, ports.mailer, [parts.mail, parts.log], ({ mailer }, log) => tellingFailures(mailer, log));
});

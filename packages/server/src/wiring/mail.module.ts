import { ContainerModule } from 'inversify';
import { provide } from './provide.ts';
import { parts, ports } from './tokens.ts';

/** Mails, wherever the configuration sends them. */
export const mailModule = new ContainerModule(({ bind }) => {
  provide(bind, ports.mailer, [parts.mail], ({ mailer }) => mailer);
});

import { ContainerModule } from 'inversify';
import { provide } from './provide.ts';
import { parts, ports } from './tokens.ts';

/** Rate limits, counted as configured. */
export const rateLimitsModule = new ContainerModule(({ bind }) => {
  provide(bind, ports.rateLimiter, [parts.rateLimits], ({ rateLimiter }) => rateLimiter);
});

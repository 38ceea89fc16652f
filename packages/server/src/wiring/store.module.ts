import { ContainerModule } from 'inversify';
import { modulePortNames } from '../modules.ts';
import { provide } from './provide.ts';
import { parts, ports } from './tokens.ts';

/** The configured store, and what all its processes share. */
export const storeModule = new ContainerModule(({ bind }) => {
  provide(bind, ports.users, [parts.database], ({ store }) => store.users);
  provide(bind, ports.sessions, [parts.database], ({ store }) => store.sessions);
  provide(bind, ports.knownNetworks, [parts.database], ({ store }) => store.knownNetworks);
  provide(bind, ports.oneTimeTokens, [parts.database], ({ store }) => store.oneTimeTokens);
  provide(bind, ports.audit, [parts.database], ({ store }) => store.audit);
  provide(bind, ports.keys, [parts.database], ({ store }) => store.keys);
  for (const name of Object.values(modulePortNames)) {
    provide(bind, ports[name], [parts.database], ({ store }) => store[name]);
  }
  provide(bind, ports.unitOfWork, [parts.database], ({ store }) => store.unitOfWork);
  provide(bind, ports.clock, [parts.database], ({ clock }) => clock);
});

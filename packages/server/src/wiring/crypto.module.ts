import { cryptoPorts } from '@sallyport/adapters-crypto';
import { ContainerModule } from 'inversify';
import { provide } from './provide.ts';
import { parts, ports } from './tokens.ts';

/** Hashes, tokens and secrets. */
export const cryptoModule = new ContainerModule(({ bind }) => {
  provide(bind, parts.crypto, [parts.config, parts.secretKey], ({ publicUrl, threadPoolSize }, secretKey) =>
    cryptoPorts({ secretKey, issuer: publicUrl, threadPoolSize }),
  );
  provide(bind, ports.hasher, [parts.crypto], ({ hasher }) => hasher);
  provide(bind, ports.commonPasswords, [parts.crypto], ({ commonPasswords }) => commonPasswords);
  provide(bind, ports.accessTokens, [parts.crypto], ({ accessTokens }) => accessTokens);
  provide(bind, ports.secrets, [parts.crypto], ({ secrets }) => secrets);
});

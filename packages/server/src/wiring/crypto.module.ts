import { cryptoPorts } from '@sallyport/adapters-crypto';
import { ContainerModule } from 'inversify';
import { provide } from './provide.ts';
import { parts, ports } from './tokens.ts';

/** Hashes, tokens, keys and secrets. */
export const cryptoModule = new ContainerModule(({ bind }) => {
  provide(
    bind,
    parts.crypto,
    [parts.config, parts.secretKey, ports.keys, ports.unitOfWork, ports.clock],
    (config, secretKey, keys, unitOfWork, clock) =>
      cryptoPorts(
        {
          secretKey,
          previousSecretKey: config.previousSecretKey,
          issuer: config.publicUrl,
          audience: config.audience,
          accessTokenLifetime: config.policy.accessTokenLifetime,
          keyRotationInterval: config.keyRotationInterval,
          ...config.passwordHashes,
          threadPoolSize: config.threadPoolSize,
          foreignHashes: config.foreignHashes,
        },
        { keys, unitOfWork, clock },
      ),
  );
  provide(bind, ports.hasher, [parts.crypto], ({ hasher }) => hasher);
  provide(bind, ports.commonPasswords, [parts.crypto], ({ commonPasswords }) => commonPasswords);
  provide(bind, ports.accessTokens, [parts.crypto], ({ accessTokens }) => accessTokens);
  provide(bind, ports.refreshTokens, [parts.crypto], ({ refreshTokens }) => refreshTokens);
  provide(bind, ports.keyRing, [parts.crypto], ({ keyRing }) => keyRing);
  provide(bind, ports.secrets, [parts.crypto], ({ secrets }) => secrets);
});

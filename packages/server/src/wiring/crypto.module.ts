import {
  Argon2PasswordHasher,
  derivedSigningKeys,
  JwtAccessTokens,
  ListedCommonPasswords,
  RandomSecrets,
} from '@sallyport/adapters-crypto';
import { ContainerModule } from 'inversify';
import { provide, provideValue } from './provide.ts';
import { parts, ports } from './tokens.ts';

/** Hashes, tokens and secrets. */
export const cryptoModule = new ContainerModule(({ bind }) => {
  provide(bind, ports.hasher, [parts.config], ({ threadPoolSize }) => new Argon2PasswordHasher({ threadPoolSize }));
  provideValue(bind, ports.commonPasswords, new ListedCommonPasswords());
  provideValue(bind, ports.secrets, new RandomSecrets());
  provide(bind, ports.accessTokens, [parts.config, parts.secretKey], ({ publicUrl, policy }, secretKey) => {
    const keys = derivedSigningKeys(secretKey);
    return new JwtAccessTokens({
      issuer: publicUrl,
      audience: publicUrl,
      keys,
      maxLifetime: policy.accessTokenLifetime,
    });
  });
});

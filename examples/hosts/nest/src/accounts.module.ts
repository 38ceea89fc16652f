import { openAccounts } from '@example/accounts';
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';

/** The token of the accounts, which the guard asks for. */
export const ACCOUNTS = Symbol('accounts');

/** What is provided under it. */
export type Accounts = Awaited<ReturnType<typeof openAccounts>>;

const port = process.env['PORT'] ?? 3000;

@Global()
@Module({
  providers: [{ provide: ACCOUNTS, useFactory: () => openAccounts(`http://localhost:${port}/accounts`) }],
  exports: [ACCOUNTS],
})
export class AccountsModule implements OnApplicationShutdown {
  constructor(@Inject(ACCOUNTS) private readonly accounts: Accounts) {}

  /** Nest calls it once the server is closed. */
  onApplicationShutdown(): Promise<void> {
    return this.accounts.close();
  }
}

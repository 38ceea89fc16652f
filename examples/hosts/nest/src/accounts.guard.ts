import { type CanActivate, type ExecutionContext, Inject, Injectable, mixin, type Type } from '@nestjs/common';
import { nodeGuard } from '@sallyport/http-api/node';
import type { GuardedBy } from '@sallyport/http-api';
import type { Request, Response } from 'express';
import { ACCOUNTS, type Accounts } from './accounts.module.js';

/** A guard that admits these members: `@UseGuards(Admit('member'))`. Then `memberOf(request)` returns the member. */
export function Admit(who: GuardedBy): Type<CanActivate> {
  @Injectable()
  class AccountsGuard implements CanActivate {
    readonly #require;

    constructor(@Inject(ACCOUNTS) accounts: Accounts) {
      this.#require = nodeGuard(accounts.api).require(who);
    }

    canActivate(context: ExecutionContext): Promise<boolean> {
      const http = context.switchToHttp();
      const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
      return new Promise((resolve) => {
        this.#require(request, response, () => resolve(true));
        // The refusal has been sent.
        response.once('close', () => resolve(false));
      });
    }
  }
  return mixin(AccountsGuard);
}

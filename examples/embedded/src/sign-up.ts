import { randomUUID } from 'node:crypto';
import { joinPg, postgresStore } from '@sallyport/adapters-postgres';
import type { Anyone, Application } from '@sallyport/core';
import { toProblem } from '@sallyport/http-api';
import { send } from '@sallyport/http-api/node';
import type { RequestHandler } from 'express';
import type pg from 'pg';
import { schema } from './accounts.ts';

/** Creates an account, and the app's row about its owner, in one transaction of the app. */
export async function signUp(application: Application, pool: pg.Pool, caller: Anyone, body: unknown) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const joined = application.join(postgresStore(await joinPg(client, { schema })));
    const account = await joined.register.attempt(caller, body);
    const { plan } = body as { readonly plan?: unknown };
    await client.query('insert into users (account_id, plan) values ($1, $2)', [account.id, plan]);
    await client.query('commit');
    joined.committed();
    return account;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

/** `POST /sign-up` of the app. */
export function signUpRoute(application: Application, pool: pg.Pool): RequestHandler {
  return async (request, response) => {
    try {
      const caller = { ip: request.ip, locales: request.acceptsLanguages() };
      const { id, name } = await signUp(application, pool, caller, request.body);
      response.status(201).json({ id, name });
    } catch (error) {
      send(response, toProblem(error, randomUUID()));
    }
  };
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { memoryPorts } from '@sallyport/adapters-memory/testing';
import { createApplication, type DomainEvent, type PolicyOptions } from '@sallyport/core';
import { posts } from '@sallyport/core/posts';
import { createHttpApi } from '@sallyport/http-api';
import { nodeListener } from '@sallyport/http-api/node';
import { httpPosts } from '@sallyport/http-api/posts';
import * as v from 'valibot';
import { httpComments } from '../http.ts';
import { comments } from '../index.ts';
import type { CommentsStore } from './stores.ts';

/** What a request adds to its method and path. */
export interface RequestParts {
  readonly token?: string;
  readonly json?: unknown;
}

/** An answer, with its body from JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export type Host = Awaited<ReturnType<typeof startHost>>;

/** Starts a server with posts and comments on this store. */
export async function startHost(store: CommentsStore, options: PolicyOptions = {}) {
  const ports = { ...memoryPorts(), ...store };
  const { application, system } = createApplication(ports, {
    roles: ['user', 'admin', 'moderator'],
    profile: { locale: { schema: v.picklist(['en', 'de']), default: null } },
    modules: [posts, comments],
    ...options,
  });
  const events: DomainEvent[] = [];
  application.events.on('comments.deleted', (event) => void events.push(event));
  const modules = [httpPosts(), httpComments];
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on('request', nodeListener(createHttpApi({ application, publicUrl, modules, log: console })));

  async function call(methodAndPath: string, { token, json }: RequestParts = {}): Promise<Answer> {
    const [method = '', path = ''] = methodAndPath.split(' ');
    const response = await fetch(publicUrl + path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
    const text = await response.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, headers: response.headers, body };
  }

  const logIn = async (email: string, password: string) => {
    const { body } = await call('POST /auth/login', { json: { email, password } });
    const { access_token: token, user } = body as { access_token: string; user: { id: number } };
    return { id: user.id, email, token };
  };

  return {
    application,
    system,
    store,
    events,
    call,
    /** Registers a member who reads mails in this language, and logs them in. */
    async member(name: string, locale = 'en') {
      const account = { name, email: `${name.toLowerCase()}@example.com`, password: 'secret123', locale };
      await call('POST /auth/register', { json: account });
      return logIn(account.email, account.password);
    },
    /** Creates an admin and logs them in. */
    async admin() {
      const account = { email: 'root@example.com', password: 'admin secret 123' };
      await application.bootstrapAdmin.execute(system, account);
      return logIn(account.email, account.password);
    },
    /** Sends all mails that are waiting, and returns those about comments so far. */
    async mails() {
      while ((await application.sendMails.execute(system)) > 0);
      return ports.mailer.mails.filter(({ kind }) => kind === 'comments.added');
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

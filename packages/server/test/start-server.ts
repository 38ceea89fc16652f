import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Mailbox, type ManualClock, PlainPasswordHasher } from '@sallyport/adapters-memory/testing';
import type { Application, Mail, MailKind, Origin, System } from '@sallyport/core';
import type { HardenedServer } from '@sallyport/hardened-server';
import type { ContainerModule } from 'inversify';
import { createDatabase } from '../../../test/databases.ts';
import { notes } from '../../../test/secrecy.mjs';
import { type Running, running } from '../../http-api/test/running.ts';
import { type Exchange, overSockets, throughHost } from './exchange.ts';
import { keptLog } from './kept-log.ts';
import { openEmbedded } from './embedded-databases.ts';
import { compose, parts, ports, readConfig, replace } from '../src/index.ts';

/** The host that serves the API instead of the server, if the run is about the mounts. */
const { WIRE_MOUNT: hostName } = process.env;

export type Store = 'memory' | 'PGlite' | 'Postgres';

/** The stores, for what depends on how data is stored, found or locked. The mounts do not depend on the store. */
export const stores: readonly Store[] = hostName === undefined ? ['memory', 'PGlite', 'Postgres'] : ['memory'];

/** A store of each adapter, for everything else. PGlite runs the same SQL as Postgres, and keeps the same contracts. */
export const storeOfEachAdapter: readonly Store[] = stores.filter((store) => store !== 'PGlite');

/** The path under which the API is mounted, which its links contain; empty at the root of the host. */
export const { WIRE_MOUNT_PATH: basePath = '' } = process.env;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON, or as text where it is none. */
  readonly body: any;
}

export interface RequestOptions {
  readonly token?: string | undefined;
  readonly json?: unknown;
  readonly form?: Record<string, string>;
  /** A body as it stands; its type goes into the headers. */
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

/** A server that listens on a port of its own, or a host that the API is mounted on. */
export interface TestServer extends Pick<Running, 'url' | 'statusOf'> {
  readonly application: Application;
  /** The URL to scrape, if METRICS_PORT is set. */
  readonly metricsUrl: string | undefined;
  /** The caller for what runs in the background. */
  readonly system: System;
  /** What was mailed; `sendMails` says when. */
  readonly mailbox: Mailbox;
  /** Sends what is to be mailed. */
  sendMails(): Promise<void>;
  /** Sends a request such as `GET /users/me` to the API. */
  request(methodAndPath: string, options?: RequestOptions): Promise<Answer>;
  /** Sends a request to a target of the host, such as `${basePath}/users/me`. */
  fetch(target: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

export interface TestServerOptions {
  readonly environment?: Record<string, string>;
  readonly overrides?: readonly ContainerModule[];
  /** Hash as in production, which takes its time. */
  readonly realHashes?: boolean;
  /** The time, if it is to stand still. */
  readonly clock?: ManualClock;
}

/** Starts the whole server in this process, on an empty store. */
export async function startServer(
  store: Store,
  { environment = {}, overrides = [], realHashes = false, clock }: TestServerOptions = {},
): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-test-'));
  const embedded = store === 'PGlite' && environment['DATABASE_URL'] === undefined ? await openEmbedded() : undefined;
  const variables = {
    DATA_DIR: directory,
    DATABASE_URL: store === 'Postgres' ? (await createDatabase()).url : 'memory:',
    SECRET_KEY: 'a secret key for tests, long enough',
    PUBLIC_URL: `http://sallyport.test${basePath}`,
    LOG_LEVEL: 'silent',
    RATE_LIMITS: 'off',
    ...environment,
  };
  notes.environment(variables);
  const mailbox = new NotedMailbox();
  const mounted = hostName === undefined ? undefined : (await import('./mounted.ts')).mountOn(hostName, basePath);
  const { application, system, http, metrics, close } = await compose(
    readConfig(variables),
    replace(parts.log, keptLog),
    replace(ports.mailer, mailbox),
    ...(embedded ? [replace(parts.database, embedded)] : []),
    ...(realHashes ? [] : [replace(ports.hasher, new PlainPasswordHasher())]),
    ...(clock ? [replace(ports.clock, clock)] : []),
    ...(mounted ? [mounted.module] : []),
    ...overrides,
  );
  const host = mounted ? await mounted.start() : running(await listenOn(http), async () => {});
  const exchange = host.listens ? overSockets(host.url) : throughHost(host);
  return {
    url: host.url,
    application,
    metricsUrl: metrics && `${await listenOn(metrics)}/metrics`,
    system,
    mailbox,
    async sendMails() {
      while ((await application.sendMails.execute(system)) > 0);
    },
    request: (methodAndPath, options) => send(exchange, methodAndPath, options),
    fetch: host.request,
    statusOf: host.statusOf,
    async close() {
      await host.close();
      await close();
      await embedded?.close();
      await rm(directory, { recursive: true });
    },
  };
}

/** Notes the tokens that it keeps. */
class NotedMailbox extends Mailbox {
  override async send(mail: Mail): Promise<void> {
    notes.credentials(mail.token);
    await super.send(mail);
  }
}

async function listenOn(http: HardenedServer): Promise<string> {
  const { port } = await http.listen(0, '127.0.0.1');
  return `http://127.0.0.1:${port}`;
}

async function send(exchange: Exchange, methodAndPath: string, options: RequestOptions = {}): Promise<Answer> {
  const [method = '', path = ''] = methodAndPath.split(' ');
  const { token, json, form, body, headers } = options;
  const received = await exchange(basePath + path, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body ?? (form ? new URLSearchParams(form) : json === undefined ? undefined : JSON.stringify(json)),
  });
  return { status: received.status, headers: received.headers, body: fromJson(received.text) };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A member who is logged in. */
export interface Person {
  readonly id: number;
  readonly email: string;
  readonly password: string;
  readonly token: string;
  readonly refreshToken: string;
}

let count = 0;

/** A name that is unused in this file. */
export function unusedName(): string {
  count += 1;
  return `Person${count}`;
}

/** Registers a user and logs them in, without a detour by HTTP. */
export async function member(
  { application }: TestServer,
  name: string = unusedName(),
  password = 'secret123',
  origin: Origin = {},
): Promise<Person> {
  const email = `${name.toLowerCase()}@example.com`;
  const { id } = await application.register.execute(origin, { name, email, password, profile: { age: 36 } });
  const { accessToken, refreshToken } = await application.login.execute(origin, { email, password });
  notes.credentials(password, accessToken, refreshToken);
  return { id, email, password, token: accessToken, refreshToken };
}

/** Makes the first admin and logs them in. */
export async function admin({ application, system }: TestServer): Promise<Person> {
  const [email, password] = ['admin@example.com', 'admin secret 123'];
  await application.bootstrapAdmin.execute(system, { email, password });
  const { accessToken, refreshToken, user } = await application.login.execute({}, { email, password });
  notes.credentials(password, accessToken, refreshToken);
  return { id: user.id, email, password, token: accessToken, refreshToken };
}

/** Makes one more admin, beside those there are. */
export async function anotherAdmin(server: TestServer, { token }: Person): Promise<Person> {
  const person = await member(server);
  await server.request(`PATCH /admin/users/${person.id}/role`, { token, json: { role: 'admin' } });
  return person;
}

/** An account without a password, whose invitation is queued. */
export async function invitee(
  server: TestServer,
  { token }: Pick<Person, 'token'>,
): Promise<{ id: number; email: string }> {
  const name = unusedName();
  const email = `${name.toLowerCase()}@example.com`;
  return (await server.request('POST /admin/users', { token, json: { name, email } })).body;
}

/** The id of the session that an access token is of. */
export function sessionOf(token: string): string {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sid;
}

/** The token of the newest link that was mailed to this address. */
export async function linkTo(server: TestServer, address: string, kind: MailKind): Promise<string> {
  await server.sendMails();
  const token = server.mailbox.tokenFor(address, kind);
  if (token === undefined) throw new Error(`Nothing of ${kind} was mailed to ${address}`);
  return token;
}

/** The kinds of all mails to this address so far. */
export async function mailedTo(server: TestServer, address: string): Promise<readonly MailKind[]> {
  await server.sendMails();
  return server.mailbox.mails.filter(({ to }) => to === address).map(({ kind }) => kind);
}

/** An access token. */
export async function login(
  { request }: Pick<TestServer, 'request'>,
  email: string,
  password: string,
): Promise<string> {
  const { status, body } = await request('POST /auth/login', { json: { email, password } });
  if (status !== 200) throw new Error(`Login answered ${status}`);
  return body.access_token;
}

import { memoryPosts } from '@sallyport/adapters-memory/posts';
import { memoryPorts } from '@sallyport/adapters-memory/testing';
import { anyone, type Application, createApplication, type PolicyOptions, type System } from '@sallyport/core';
import { posts } from '@sallyport/core/posts';
import { type ApiRequest, type ApiResponse, createHttpApi, type HttpApi, type HttpApiOptions } from '../src/index.ts';
import { httpPosts } from '../src/posts/index.ts';

/** An API on an empty application in memory, and what it reported. */
export interface TestApi {
  readonly api: HttpApi;
  readonly application: Application;
  readonly system: System;
  readonly errors: readonly unknown[];
}

/** Makes one, with posts unless the options name other modules. */
export function testApi(options: Partial<HttpApiOptions> = {}, policy: PolicyOptions = {}): TestApi {
  const errors: unknown[] = [];
  const { application, system } = createApplication(memoryPorts([memoryPosts]), { modules: [posts], ...policy });
  const log = { error: (error: unknown) => void errors.push(error) };
  const api = createHttpApi({ application, publicUrl: 'http://host.example', modules: [httpPosts()], log, ...options });
  return { api, application, system, errors };
}

export interface RequestParts extends Partial<Omit<ApiRequest, 'header'>> {
  readonly token?: string | undefined;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request such as `GET /users?limit=1`. */
export function apiRequest(methodAndPath: string, { token, json, headers, ...parts }: RequestParts = {}): ApiRequest {
  const [method = '', target = ''] = methodAndPath.split(' ');
  const [path = '', query = ''] = target.split('?');
  const all: Record<string, string> = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(json !== undefined && { 'content-type': 'application/json' }),
    ...headers,
  };
  const body = json === undefined ? undefined : { read: async () => Buffer.from(JSON.stringify(json)) };
  return {
    method,
    path,
    query,
    header: (name) => all[name],
    clientAddress: '192.0.2.1',
    requestId: 'r1',
    body,
    ...parts,
  };
}

/** The JSON of an answer. */
export const jsonOf = ({ body }: ApiResponse): any => JSON.parse(String(body));

let count = 0;

/** Registers a member, and logs them in. */
export async function member({ application }: Pick<TestApi, 'application'>, name = 'Ada') {
  count += 1;
  const input = { name, email: `${name.toLowerCase()}${count}@example.com`, password: 'secret123' };
  const { id } = await application.register.execute(anyone, input);
  const { accessToken, refreshToken } = await application.login.execute(anyone, input);
  return { ...input, id, token: accessToken, refreshToken };
}

/** Makes an admin, and logs them in. */
export async function admin({ application, system }: Pick<TestApi, 'application' | 'system'>) {
  const input = { email: 'admin@example.com', password: 'admin secret 123' };
  await application.bootstrapAdmin.execute(system, input);
  const { accessToken, user } = await application.login.execute(anyone, input);
  return { ...input, id: user.id, token: accessToken };
}

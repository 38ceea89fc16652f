import { memoryPosts } from '@sallyport/adapters-memory/posts';
import { type TestApplication, testApplication } from '@sallyport/adapters-memory/testing';
import type { Member, PolicyOptions } from '@sallyport/core';
import { posts } from '@sallyport/core/posts';
import { type ApiRequest, type ApiResponse, createHttpApi, type HttpApi, type HttpApiOptions } from '../src/index.ts';
import { httpPosts } from '../src/posts/index.ts';

/** An API on an empty application in memory, and what it reported. */
export interface TestApi extends TestApplication {
  readonly api: HttpApi;
  readonly errors: readonly unknown[];
}

/** Makes one, with posts unless the options name other modules. */
export function testApi(options: Partial<HttpApiOptions> = {}, policy: PolicyOptions = {}): TestApi {
  const errors: unknown[] = [];
  const tested = testApplication({ parts: [memoryPosts], modules: [posts], ...policy });
  const log = { error: (error: unknown) => void errors.push(error) };
  const api = createHttpApi({
    application: tested.application,
    publicUrl: 'http://host.example',
    modules: [httpPosts()],
    log,
    ...options,
  });
  return { ...tested, api, errors };
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

/** Registers a member, and logs them in. */
export const member = async (tested: TestApi, name = 'Ada') => clientOf(tested, await tested.member(name));

/** Makes an admin, and logs them in. */
export const admin = async (tested: TestApi) => clientOf(tested, await tested.admin('Grace'));

/** What a client of this member knows. */
function clientOf({ credentialsOf }: TestApi, one: Member) {
  const { accessToken: token, ...credentials } = credentialsOf(one);
  return { ...credentials, token, id: one.user.id, name: one.user.name };
}

const givenAddresses: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  'an empty text': () => '',
  'a list': () => ['192.0.2.1'],
  'a number': () => 5,
  'a promise': async () => '192.0.2.1',
  'a promise that rejects': () => Promise.reject(new Error('no address')),
  'an error that is thrown': () => {
    throw new Error('The client has no address');
  },
};

/** What a host without a compiler may return in place of a client's address. */
export const noAddresses = Object.entries(givenAddresses) as readonly (readonly [string, () => undefined])[];

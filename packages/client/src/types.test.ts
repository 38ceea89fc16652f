import { describe, expectTypeOf, it } from 'vitest';
import type { ApiErrorCode, Client, Page, PageCall, Schemas } from './index.ts';

type User = Schemas['User'];
type Post = Schemas['Post'];

type Input<Name extends keyof Client> = Client[Name] extends (input: infer Given, ...more: never) => unknown
  ? Given
  : never;

describe('the types of the client', () => {
  it('have the input of path, query and body in one object', () => {
    expectTypeOf<Input<'changeRole'>>().toEqualTypeOf<{ id: number; role: 'user' | 'admin' }>();
    expectTypeOf<Input<'login'>>().toEqualTypeOf<{ email: string; password: string }>();
    expectTypeOf<NonNullable<Input<'listPosts'>>>().toEqualTypeOf<{
      skip?: number;
      limit?: number;
      after?: number;
      published?: boolean;
    }>();
    expectTypeOf<NonNullable<Input<'introspect'>>>().toHaveProperty('token');
  });

  it('ask for an input only where a field is required', () => {
    expectTypeOf<Client['logout']>().toBeCallableWith();
    expectTypeOf<Client['listUsers']>().toBeCallableWith();
    expectTypeOf<Client['getProfile']>().toBeCallableWith(undefined, { timeout: 5 });
    // @ts-expect-error a login has an address and a password
    expectTypeOf<Client['login']>().toBeCallableWith();
  });

  it('have the result, nothing where there is none, and pages of lists', () => {
    expectTypeOf<ReturnType<Client['getProfile']>>().resolves.toEqualTypeOf<User>();
    expectTypeOf<ReturnType<Client['logout']>>().resolves.toEqualTypeOf<void>();
    expectTypeOf<Awaited<ReturnType<Client['listPosts']>>>().toExtend<Post[]>();
    expectTypeOf<ReturnType<Client['listUsers']>>().toExtend<PageCall<User, unknown>>();
    expectTypeOf<Awaited<ReturnType<Client['listUsers']>>>().toExtend<Page<User, unknown>>();
    expectTypeOf<ReturnType<Client['getProfile']>>().not.toExtend<AsyncIterable<unknown>>();
  });

  it('know the codes of errors, of the API, of OAuth and of the client, and no others', () => {
    expectTypeOf<'email_taken' | 'post_not_found' | 'invalid_grant' | 'network_error'>().toExtend<ApiErrorCode>();
    expectTypeOf<string>().not.toExtend<ApiErrorCode>();
  });
});

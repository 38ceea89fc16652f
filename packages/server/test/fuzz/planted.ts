import type { UseCaseName } from '@sallyport/core';
import { posts } from '@sallyport/core/posts';
import type { TestServer } from '../start-server.ts';

/** Puts something else in the place of a use case; it is given what was there. */
export function planted(
  name: UseCaseName | keyof typeof posts.useCases,
  make: (real: (caller: any, input: any) => Promise<any>, server: TestServer) => (caller: any, input: any) => unknown,
) {
  return async (server: TestServer) => {
    const useCase = { ...server.application, ...server.application.use(posts) }[name];
    const real = useCase.attempt.bind(useCase) as (caller: any, input: any) => Promise<any>;
    const planted = make(real, server);
    const { attempt: admit } = { ...server.application.getProfile };
    // What is planted looks at the input, which HTTP parses once the caller is known.
    const attempt = async (caller: any, inputOf: any) => {
      if ('userId' in caller) await admit(caller, {});
      return planted(caller, typeof inputOf === 'function' ? await inputOf() : inputOf);
    };
    Object.assign(useCase, name === 'verifyAccessToken' ? { execute: planted } : { attempt });
    return server;
  };
}

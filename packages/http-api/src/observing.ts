import { isolate } from './isolate.ts';
import type { ApiRequest } from './messages.ts';
import type { Served } from './serve.ts';

/** What an operator may know of an answer. Apart from the method, nothing in it comes from the client. */
export interface AnsweredRequest {
  /** As sent, so it may be any word. */
  readonly method: string;
  /** The pattern of the route, without values from the path; `undefined` if no route matched. */
  readonly route: string | undefined;
  readonly status: number;
  /** The error code, if the answer is a refusal. */
  readonly code: string | undefined;
  /** The time from the request to its answer, without the time in which the answer is sent. */
  readonly milliseconds: number;
}

/** Is told of an answer. What it throws or rejects is dropped. */
export type ResponseObserver = (answered: AnsweredRequest) => void;

/** The same endpoints. The observer is told of each answer, in the asynchronous context of its request. */
export function observing(served: Served, onResponse: ResponseObserver): Served {
  async function answer(request: ApiRequest) {
    const observed = request.observed ?? {};
    const startedAt = performance.now();
    const response = await served.answer(request.observed ? request : { ...request, observed });
    const { method } = request;
    const { route, code } = observed;
    const milliseconds = performance.now() - startedAt;
    void isolate(() => onResponse({ method, route, status: response.status, code, milliseconds }));
    return response;
  }
  return {
    has: (path) => served.has(path),
    answer,
    handle: async (request) => (served.has(request.path) ? answer(request) : undefined),
  };
}

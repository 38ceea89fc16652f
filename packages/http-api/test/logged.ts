import { keepLog } from '../../server/test/kept-log.ts';
import type { HttpApi } from '../src/index.ts';

/** The API, with a log of its requests such as a host may write. */
export function logged(api: HttpApi): HttpApi {
  return {
    ...api,
    async answer(request) {
      const observed = {};
      const response = await api.answer({ ...request, observed });
      const { requestId } = request;
      keepLog(`${JSON.stringify({ msg: 'request', requestId, status: response.status, ...observed })}\n`);
      return response;
    },
  };
}

import { user } from '../contestants/constant-user.mjs';
import { requestOf } from '../harness/requests.mjs';

const answer = JSON.stringify(user);

/** The only request of a server whose answer is constant. */
export const constantApi = {
  currentUser: () => ({ request: requestOf('GET /users/me', { check: (body) => body === answer }) }),
};

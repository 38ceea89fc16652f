import { user } from '../contestants/constant-user.mjs';
import { requestOf } from '../harness/requests.mjs';

const answer = JSON.stringify(user);

const currentUser = requestOf('GET /users/me', { check: (body) => body === answer });

/** The only request of a server whose answer is constant. */
export const constantApi = {
  currentUser: () => ({ request: currentUser }),
};

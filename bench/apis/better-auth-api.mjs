import { requestOf } from '../harness/requests.mjs';

/** The requests of better-auth. A member is known by a cookie. */
export const betterAuthApi = {
  register: ({ name, email, password }) => ({
    request: requestOf('POST /api/auth/sign-up/email', { json: { name, email, password }, check: isOf({ email }) }),
  }),
  logIn: (person) => ({
    request: requestOf('POST /api/auth/sign-in/email', {
      json: { email: person.email, password: person.password },
      check: isOf(person),
    }),
    keep: ({ head }) => {
      const [, cookie] = /\r\nset-cookie: *([^;\r]*session_token=[^;\r]+)/i.exec(head);
      person.currentUser = requestOf('GET /api/auth/get-session', { headers: { cookie }, check: isOf(person) });
    },
  }),
  currentUser: (person) => ({ request: person.currentUser }),
};

function isOf({ email }) {
  const text = `"email":"${email}"`;
  return (body) => body.includes(text);
}

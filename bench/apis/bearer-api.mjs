import { requestOf } from '../harness/requests.mjs';

/**
 * The requests of an API with the routes of Sallyport: its own, and those of the Fastify servers. Each checks that the
 * answer belongs to the person who asks.
 *
 * @param {{ headers?: () => Record<string, string>, publishes?: boolean }} options `headers` are added to requests
 *   without a token; `publishes` says that a new post is a draft
 */
export function bearerApi({ headers = () => ({}), publishes = false } = {}) {
  const isGrantFor = (person) => (body) => body.includes('"access_token":"') && isOf(person)(body);
  const keep = (person) => (answer) => {
    const { access_token: token, refresh_token: refreshToken } = JSON.parse(answer.body);
    const authorization = { authorization: `Bearer ${token}` };
    Object.assign(person, { authorization, refreshToken });
    person.currentUser = requestOf('GET /users/me', { headers: authorization, check: isOf(person) });
  };
  const posts = requestOf('GET /posts', { check: (body) => body.split('"title":"On engines"').length === 11 });
  return {
    register: ({ name, email, password, age }) => ({
      request: requestOf('POST /auth/register', {
        json: { name, email, password, age },
        headers: headers(),
        status: 201,
        check: isOf({ email }),
      }),
    }),
    logIn: (person) => ({
      request: requestOf('POST /auth/login', {
        json: { email: person.email, password: person.password },
        headers: headers(),
        check: isGrantFor(person),
      }),
      keep: keep(person),
    }),
    currentUser: (person) => ({ request: person.currentUser }),
    refresh: (person) => ({
      request: requestOf('POST /auth/refresh', {
        json: { refresh_token: person.refreshToken },
        headers: headers(),
        check: isGrantFor(person),
      }),
      keep: keep(person),
    }),
    posts: () => ({ request: posts }),
    createPost: (person) => ({
      request: requestOf('POST /posts', {
        json: { title: 'On engines', content: 'Weaves algebraical patterns. '.repeat(7) },
        headers: person.authorization,
        status: 201,
      }),
    }),
    publish:
      publishes &&
      ((person, id) => ({
        request: requestOf(`PATCH /posts/${id}`, { json: { published: true }, headers: person.authorization }),
      })),
  };
}

const isOf = ({ email }) => {
  const text = `"email":"${email}"`;
  return (body) => body.includes(text);
};

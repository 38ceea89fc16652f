/** JSON Schemas of the Fastify servers. Fastify validates requests and writes answers by them. */

const text = { type: 'string' };
const email = { type: 'string', format: 'email', maxLength: 254 };
const password = { type: 'string', minLength: 8, maxLength: 128 };
const bodyOf = (properties, optional = {}) => ({
  type: 'object',
  properties: { ...properties, ...optional },
  required: Object.keys(properties),
});
const answerOf = (properties) => ({ type: 'object', properties });

const user = answerOf({
  id: { type: 'integer' },
  name: text,
  email: text,
  age: { type: 'integer' },
  city: text,
  role: text,
  is_active: { type: 'boolean' },
  email_verified: { type: 'boolean' },
  created_at: { type: 'string', format: 'date-time' },
});
const grant = answerOf({
  access_token: text,
  token_type: text,
  expires_in: { type: 'integer' },
  refresh_token: text,
  user,
});
const post = answerOf({
  id: { type: 'integer' },
  title: text,
  content: text,
  published: { type: 'boolean' },
  author_id: { type: 'integer' },
  created_at: { type: 'string', format: 'date-time' },
});

export const schemas = {
  register: {
    body: bodyOf(
      { name: { type: 'string', minLength: 2, maxLength: 50 }, email, password, age: { type: 'integer' } },
      { city: { type: 'string', maxLength: 50 } },
    ),
    response: { 201: user },
  },
  login: { body: bodyOf({ email, password: { type: 'string', maxLength: 128 } }), response: { 200: grant } },
  refresh: { body: bodyOf({ refresh_token: { type: 'string', maxLength: 1000 } }), response: { 200: grant } },
  user: { response: { 200: user } },
  posts: { response: { 200: { type: 'array', items: post } } },
  createPost: {
    body: bodyOf({
      title: { type: 'string', minLength: 5, maxLength: 100 },
      content: { type: 'string', minLength: 20, maxLength: 50_000 },
    }),
    response: { 201: post },
  },
};

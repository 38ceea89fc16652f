/**
 * What a Node developer would write by hand: Fastify, @fastify/jwt, pg and argon2, with schemas for requests and
 * answers. `lean` trusts a token until it expires: a member cannot log out. `fair` has a table of sessions, and reads
 * the session with the user in one query.
 */
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import fastifyJwt from '@fastify/jwt';
import fastify from 'fastify';
import pg from 'pg';
import { announce } from './announce.mjs';
import { argon2Options } from './argon2-options.mjs';
import { createTables, statements } from './fastify-sql.mjs';
import { schemas } from './fastify-schemas.mjs';

const hasSessions = process.argv[2] === 'fair';
const refreshDays = 30;

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
await createTables(pool);
const query = async (statement, ...values) => (await pool.query({ ...statement, values })).rows;

const app = fastify({ logger: false });
const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
await app.register(fastifyJwt, {
  secret: { private: privateKey, public: publicKey },
  sign: { algorithm: 'EdDSA', expiresIn: '1d' },
  // Its documentation recommends the cache. It has room for every token of the members.
  verify: { algorithms: ['EdDSA'], cache: 10_000 },
});

/** The user of a request, or `undefined` after a refusal. */
async function authenticate(request, reply) {
  await request.jwtVerify();
  const { sub, sid } = request.user;
  const [user] = hasSessions ? await query(statements.userOfSession, sid, sub) : await query(statements.user, sub);
  if (!user) await reply.code(401).send({ message: 'Invalid token' });
  return user;
}

async function grantFor(user) {
  const secret = randomBytes(32).toString('base64url');
  if (!hasSessions) {
    const refresh = app.jwt.sign({ sub: String(user.id), use: 'refresh' }, { expiresIn: `${refreshDays}d` });
    return grant(user, refresh);
  }
  const sid = randomUUID();
  await query(statements.createSession, sid, user.id, secret, refreshDays);
  return grant(user, `${sid}.${secret}`, sid);
}

function grant(user, refresh_token, sid) {
  const access_token = app.jwt.sign({ sub: String(user.id), ...(sid && { sid }) });
  return { access_token, token_type: 'bearer', expires_in: 86_400, refresh_token, user };
}

app.post('/auth/register', { schema: schemas.register }, async (request, reply) => {
  const { name, email, password, age, city } = request.body;
  const passwordHash = await hash(password, argon2Options);
  const [user] = await query(statements.createUser, name, email, passwordHash, age, city ?? 'Unknown');
  return user ? reply.code(201).send(user) : reply.code(400).send({ message: 'Email already registered' });
});

app.post('/auth/login', { schema: schemas.login }, async (request, reply) => {
  const { email, password } = request.body;
  const [user] = await query(statements.userByEmail, email);
  if (!user || !(await verify(user.password_hash, password))) {
    return reply.code(401).send({ message: 'Invalid email or password' });
  }
  return grantFor(user);
});

app.post('/auth/refresh', { schema: schemas.refresh }, async (request, reply) => {
  const { refresh_token: token } = request.body;
  if (!hasSessions) {
    const claims = app.jwt.verify(token);
    const [user] = await query(statements.user, claims.sub);
    return user ? grantFor(user) : reply.code(401).send({ message: 'Invalid token' });
  }
  const [sid, secret] = token.split('.');
  const next = randomBytes(32).toString('base64url');
  const [user] = await query(statements.refreshSession, sid, secret, next);
  return user ? grant(user, `${sid}.${next}`, sid) : reply.code(401).send({ message: 'Invalid token' });
});

app.get('/users/me', { schema: schemas.user }, (request, reply) => authenticate(request, reply));

app.get('/posts', { schema: schemas.posts }, () => query(statements.posts));

app.post('/posts', { schema: schemas.createPost }, async (request, reply) => {
  const user = await authenticate(request, reply);
  if (!user) return reply;
  const { title, content } = request.body;
  const [post] = await query(statements.createPost, title, content, user.id);
  return reply.code(201).send(post);
});

await app.ready();
await app.listen({ port: 0, host: '127.0.0.1' });
await announce(app.server);

/**
 * better-auth with addresses and passwords, as its documentation sets it up for Node: sessions in the database, the
 * member known by a cookie. `scrypt` leaves its own hash; otherwise passwords are hashed as by the others.
 */
import { createServer } from 'node:http';
import { hash, verify } from '@node-rs/argon2';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import pg from 'pg';
import { announce } from './announce.mjs';
import { argon2Options } from './argon2-options.mjs';

const argon2 = {
  hash: (password) => hash(password, argon2Options),
  verify: ({ hash: stored, password }) => verify(stored, password),
};

const auth = betterAuth({
  baseURL: 'http://localhost:3000',
  secret: 'only for measurements, 32 bytes and more',
  database: new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 }),
  emailAndPassword: {
    enabled: true,
    // A registration alone, as that of the others.
    autoSignIn: false,
    ...(process.argv[2] !== 'scrypt' && { password: argon2 }),
  },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
});
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
const handle = toNodeHandler(auth);
await announce(createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1'));

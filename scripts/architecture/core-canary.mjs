const src = 'packages/core/src';

/** A small core that keeps every rule. */
export const goodCore = {
  [`${src}/model/email.ts`]: `export type Email = string;`,
  [`${src}/model/user.ts`]: `import * as v from 'valibot';\nimport type { Email } from './email.ts';`,
  [`${src}/ports/clock.ts`]: `export type Now = Date;`,
  [`${src}/ports/users.ts`]: `import type { User } from '../model/user.ts';\nimport type { Now } from './clock.ts';`,
  [`${src}/authorize.ts`]: `import './model/user.ts';\nimport './ports/users.ts';`,
  [`${src}/read-member.ts`]: `import './model/user.ts';`,
  [`${src}/use-case.ts`]: `import * as v from 'valibot';\nimport './authorize.ts';\nimport './ports/users.ts';`,
  [`${src}/events/events.ts`]: `import '../model/user.ts';`,
  [`${src}/limits/admit.ts`]: `import '../events/events.ts';\nimport type { Who } from '../use-case.ts';`,
  [`${src}/links/use-link.ts`]: `import '../ports/users.ts';`,
  [`${src}/sign-in/open-session.ts`]: `transaction.sessions.append(session);`,
  [`${src}/sign-in/login.ts`]: `import '../limits/admit.ts';\nimport '../use-case.ts';`,
  [`${src}/identity/register.ts`]: `import '../sign-in/login.ts';\nimport * as v from 'valibot';`,
  [`${src}/recovery/reset.ts`]: `import '../identity/register.ts';\nimport '../links/use-link.ts';`,
  [`${src}/administration/list.ts`]: `import '../recovery/reset.ts';`,
  [`${src}/sessions/logout.ts`]: `import '../model/user.ts';`,
  [`${src}/mails/queue-mail.ts`]: `import '../ports/users.ts';\ntransaction.outbox.append(mail);`,
  [`${src}/keys/rotate.ts`]: `import '../ports/clock.ts';`,
  [`${src}/use-case-schema.ts`]: `import './use-case.ts';`,
  [`${src}/module.ts`]: `import './use-case.ts';`,
  [`${src}/posts/create.ts`]: `import '../index.ts';\nimport * as v from 'valibot';`,
  [`${src}/posts/contract.ts`]: `import '../contracts/index.ts';\nimport './create.ts';`,
  [`${src}/contracts/index.ts`]: `import '../model/user.ts';\nexport * from './users.ts';`,
  [`${src}/contracts/users.ts`]: `import '../ports/users.ts';\nsessions.append(session);\noutbox.append(mail);`,
  [`${src}/application.ts`]: `import './identity/register.ts';\nimport './use-case.ts';\nimport './model/user.ts';`,
  [`${src}/declared-callers.ts`]: `import './module.ts';`,
  [`${src}/given-ports.ts`]: `export type Given = object;`,
  [`${src}/joined.ts`]: `import './module.ts';`,
  [`${src}/workers.ts`]: `import './application.ts';`,
  [`${src}/index.ts`]: `export * from './application.ts';\nexport * from './ports/users.ts';`,
};

const storesSession = ': only packages/core/src/sign-in/open-session.ts may store a session';
const queuesMail = ': only packages/core/src/mails/queue-mail.ts may queue a mail';

/** A changed file of the core, with the one refusal that must follow. */
export const badCore = [
  // A session that is stored without a proof, in each way to write it.
  ['sign-in/other.ts', `await sessions.append(session);`, `:1${storesSession}`],
  ['sign-in/other.ts', `\ntransaction.sessions.append(session);`, `:2${storesSession}`],
  ['sessions/logout.ts', `transaction['sessions']['append'](session);`, `:1${storesSession}`],
  ['identity/register.ts', `run(({ sessions }) => sessions?.append(session));`, `:1${storesSession}`],
  ['identity/register.ts', `const { append } = transaction.sessions;`, `:1${storesSession}`],
  ['identity/register.ts', `run(({ sessions: { append } }) => append(session));`, `:1${storesSession}`],
  ['identity/register.ts', `const store = sessions.append.bind(sessions);`, `:1${storesSession}`],

  // A mail that is queued without the language of its caller.
  ['sessions/logout.ts', `await transaction.outbox.append(mail);`, `:1${queuesMail}`],
  ['mails/other.ts', `run(({ outbox }) => outbox.append(mail));`, `:1${queuesMail}`],
  ['identity/register.ts', `const { append } = outbox;`, `:1${queuesMail}`],

  // An import of each layer from one layer too high.
  ['model/email.ts', `import '../ports/clock.ts';`, ':1: model may not import ../ports/clock.ts'],
  ['model/email.ts', `import '../use-case.ts';`, ':1: model may not import ../use-case.ts'],
  ['ports/clock.ts', `import '../identity/register.ts';`, ':1: ports may not import ../identity/register.ts'],
  ['ports/clock.ts', `import '../use-case.ts';`, ':1: ports may not import ../use-case.ts'],
  ['ports/clock.ts', `import * as v from 'valibot';`, ':1: ports may not import valibot'],
  ['use-case.ts', `import './identity/register.ts';`, ':1: use-case.ts may not import ./identity/register.ts'],
  ['use-case.ts', `import './limits/admit.ts';`, ':1: use-case.ts may not import ./limits/admit.ts'],
  ['links/use-link.ts', `import '../sign-in/login.ts';`, ':1: links may not import ../sign-in/login.ts'],
  ['sessions/logout.ts', `import '../application.ts';`, ':1: sessions may not import ../application.ts'],
  ['sessions/logout.ts', `import '../contracts/users.ts';`, ':1: sessions may not import ../contracts/users.ts'],
  ['contracts/users.ts', `import '../use-case.ts';`, ':1: contracts may not import ../use-case.ts'],
  ['contracts/users.ts', `import '../index.ts';`, ':1: contracts may not import ../index.ts'],
  ['application.ts', `import './index.ts';`, ':1: application.ts may not import ./index.ts'],
  ['posts/create.ts', `import '../ports/users.ts';`, ':1: posts may not import ../ports/users.ts'],
  ['posts/create.ts', `import '../use-case.ts';`, ':1: posts may not import ../use-case.ts'],
  ['index.ts', `import './contracts/index.ts';`, ':1: index.ts may not import ./contracts/index.ts'],

  // Each way to write an import.
  ['ports/clock.ts', `import type { A } from '../identity/a.ts';`, ':1: ports may not import ../identity/a.ts'],
  ['ports/clock.ts', `import { type A } from '../identity/a.ts';`, ':1: ports may not import ../identity/a.ts'],
  ['ports/clock.ts', `type A = import('../identity/a.ts').A;`, ':1: ports may not import ../identity/a.ts'],
  ['ports/clock.ts', `export { a } from '../identity/a.ts';`, ':1: ports may not import ../identity/a.ts'],
  ['ports/clock.ts', `export type { A } from '../identity/a.ts';`, ':1: ports may not import ../identity/a.ts'],
  ['ports/clock.ts', `\nexport * from '../identity/a.ts';`, ':2: ports may not import ../identity/a.ts'],
  ['ports/clock.ts', `await import('../identity/a.ts');`, ':1: ports may not import ../identity/a.ts'],
  ['ports/clock.ts', `import '../identity/register.js';`, ':1: ports may not import ../identity/register.js'],

  // Imports without a layer.
  ['model/email.ts', `import './user.test.ts';`, ':1: ./user.test.ts is no source file of the core'],
  ['model/email.ts', `import './user.js';`, ':1: ./user.js is no source file of the core'],
  ['model/email.ts', `import '../../test/people.ts';`, ':1: model may not import ../../test/people.ts'],
  ['helpers/name.ts', `import '../model/user.ts';`, `${src}/helpers: has no layer`],

  // Cycles, including cycles of types.
  [
    'sign-in/login.ts',
    `\nimport type { A } from '../identity/register.ts';`,
    `${src}: identity → sign-in → identity is a cycle
  ${src}/identity/register.ts:1 imports ../sign-in/login.ts
  ${src}/sign-in/login.ts:2 imports ../identity/register.ts`,
  ],
  [
    'sign-in/login.ts',
    `import '../recovery/reset.ts';\nexport * from '../recovery/reset.ts';`,
    `${src}: identity → sign-in → recovery → identity is a cycle
  ${src}/identity/register.ts:1 imports ../sign-in/login.ts
  ${src}/sign-in/login.ts:1 imports ../recovery/reset.ts (1 of 2 imports)
  ${src}/recovery/reset.ts:1 imports ../identity/register.ts`,
  ],
  [
    'events/events.ts',
    `import '../limits/admit.ts';`,
    `${src}: events → limits → events is a cycle
  ${src}/events/events.ts:1 imports ../limits/admit.ts
  ${src}/limits/admit.ts:1 imports ../events/events.ts`,
  ],
  [
    'model/email.ts',
    `import type { User } from './user.ts';`,
    `${src}: model/email.ts → model/user.ts → model/email.ts is a cycle
  ${src}/model/email.ts:1 imports ./user.ts
  ${src}/model/user.ts:2 imports ./email.ts`,
  ],
  [
    'model/email.ts',
    `import './email.ts';`,
    `${src}: model/email.ts → model/email.ts is a cycle
  ${src}/model/email.ts:1 imports ./email.ts`,
  ],
].map(([path, text, refusal]) => [`core/src/${path}`, text, refusal]);

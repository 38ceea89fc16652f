/** The page that lists what an application can do and what it reports, made from the declarations. */
import { inputOf } from '@sallyport/core';

/** What each type of event says, and in backticks what its detail may have. */
const meanings = {
  'user.registered': 'an account registered itself; or, with the `role`, the first admin was created by configuration',
  'user.created': 'an admin or the system created an account, with its `role`, and `invited` its holder',
  'user.imported': 'an account was imported',
  'user.invited': 'an invitation was mailed once more',
  'user.corrected': 'an admin or the system changed fields of a profile, which the detail names',
  'user.logged_in': 'a session was opened; `newDevice` says whether browser and network were new to the account',
  'user.login_failed': 'a login failed; without a subject if the address has no account',
  'user.login_refused': 'the password was right, but the account is deactivated, or its address is not verified',
  'user.login_slowed': 'so many passwords were wrong that logins from unknown networks have to wait',
  'user.unslowed': 'the system cleared the failed passwords of an account',
  'user.reauthentication_failed': 'the current password, asked for once more inside a session, was wrong',
  'user.password_changed': 'a password was changed; `sessionsEnded` counts the sessions that this ended',
  'user.password_reset_requested': 'an admin or the system had a link to a new password mailed',
  'user.password_reset': 'a password was set by a mailed link',
  'user.email_verified': 'an address was confirmed by a mailed link, which may have set a password',
  'user.email_change_requested': 'a link was mailed to a new address',
  'user.email_changed': 'a new address was confirmed by its link, and replaced the old one',
  'user.role_changed': 'an account got another `role`',
  'user.activated': 'a deactivated account can be used again',
  'user.deactivated': 'an account was deactivated, and its sessions ended',
  'user.deleted': 'an account was closed for good',
  'session.ended': 'sessions ended before their time: their `count`, and the `reason` if no caller asked for it',
  'session.shared': 'a used refresh token came from another network or browser within its grace',
  'session.stolen': 'a used refresh token came after its grace, so the session was ended as stolen',
  'session.refresh_refused': 'a refresh token within its grace was refused, because the account or session had ended',
  'mail.withheld': 'a limit withheld a mail of this `kind`, which a `network` had asked for',
  'mail.given_up': 'a mail of this `kind` was given up, for a `reason`',
  'signing_key.created': 'a new key `kid` signs access tokens',
  'signing_key.revoked': 'keys were revoked: their `count`',
  'posts.updated': 'an admin changed the post of another member',
  'posts.deleted': 'an admin deleted the post of another member',
};

/** Routes that the OpenAPI document leaves out. */
const otherRoutes = { getKeySet: '`GET /.well-known/jwks.json`' };

/** The callers, as the page shows them. An operator is an admin or the system. */
const callers = { operator: 'admin, system' };

/**
 * The page, as Markdown.
 *
 * @param {{ tables: readonly { name: string; useCases: object; events: readonly string[] }[]; policy: any; document: any }} declared
 */
export function reference({ tables, policy, document }) {
  const routes = routesOf(document);
  return [
    '# Use cases and events',
    '',
    'This page is made from the declarations by `npm run openapi`. It lists the use cases of an application with the profile of the server, and the events that it reports.',
    '',
    'Each use case is called with its caller and its input: `application.login.execute(anyone, { email, password })`, and those of a module by `application.use(posts).createPost`. A field with `?` may be left out. The docstrings have the types.',
    '',
    'Besides the refusals that the tables name, every use case can refuse with `unavailable`, with `validation_failed` if its input is invalid, and for its caller:',
    '',
    '| caller | who that is | others are refused with |',
    '|---|---|---|',
    '| anyone | any caller: the constant `anyone`, or an origin such as `{ ip, userAgent }`; a genuine member, too | `not_authenticated` if it is a copy of a member |',
    '| member | what `authenticate` returned, the object itself | `not_authenticated` if it is no member or a copy, `invalid_token` if the session has ended, `user_no_longer_exists`, `account_deactivated` |',
    '| admin | a member with the role `admin`; `requireAdmin(member)` makes one for the compiler | the same codes, and `admin_required` |',
    '| system | what `createApplication` returns beside the application, for your own code | `system_required` |',
    ...tables.flatMap(({ name, useCases }) => [
      '',
      `## ${name}`,
      '',
      '| use case | caller | input | refusals | route |',
      '|---|---|---|---|---|',
      ...Object.entries(useCases).map(([key, declared]) => rowOf(key, declared, policy, routes)),
    ]),
    '',
    '## Events',
    '',
    '`application.events.on(type, subscriber)` is told of each event once it is committed; the audit keeps all of them. An event has `type`, `at`, `actorId` (who acted), `subjectId` (whose account it is about), `ip`, `userAgent`, `requestId` and `detail`. What the system did has `by: "system"` in its detail.',
    '',
    '| event | what it says |',
    '|---|---|',
    ...tables.flatMap(({ events }) => events).map((type) => `| \`${type}\` | ${meaningOf(type)} |`),
    '',
  ].join('\n');
}

function rowOf(name, declared, policy, routes) {
  const { caller, errors } = declared;
  const inputs = Object.entries(inputOf(declared, policy).entries).map(
    ([field, schema]) => `\`${field}${isOptional(schema) ? '?' : ''}\``,
  );
  const who = typeof caller === 'object' ? caller.roles.join(' or ') : (callers[caller] ?? caller);
  const refusals = errors.map((code) => `\`${code}\``);
  const cells = [`\`${name}\``, who, inputs.join(', '), refusals.join(', '), routes.get(name) ?? ''];
  return `| ${cells.join(' | ')} |`;
}

const isOptional = ({ type }) => ['optional', 'exact_optional', 'nullish', 'undefinedable'].includes(type);

function routesOf({ paths }) {
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => [operationId, `\`${method.toUpperCase()} ${path}\``]),
  );
  return new Map([...routes, ...Object.entries(otherRoutes)]);
}

function meaningOf(type) {
  const meaning = meanings[type];
  if (meaning === undefined) throw new Error(`scripts/docs/reference.mjs does not say what ${type} means`);
  return meaning;
}

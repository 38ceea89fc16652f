import { type UseCaseName, useCases } from '@sallyport/core';
import { introspectRoute, revokeRoute, tokenRoute } from '../oauth/endpoints.ts';
import { declareRoute, type Method, type OptionsFor, type RouteDeclaration } from './route.ts';

type CoreUseCases = typeof useCases;

/** The use cases of the core that a route can call. */
type RoutableName = {
  [Name in UseCaseName]: CoreUseCases[Name]['caller'] extends 'system' ? never : Name;
}[UseCaseName];

/** Declares the route of a use case of the core, by its name. */
function row<const Name extends RoutableName>(
  methodAndPath: `${Method} /${string}`,
  name: Name,
  options: OptionsFor<CoreUseCases[Name]>,
): RouteDeclaration {
  return declareRoute(methodAndPath, useCases[name], (application) => application[name], {
    operationId: name,
    ...options,
  });
}

/** What the OpenAPI document says of the tags of the core. */
export const coreTags: Readonly<Record<string, string>> = {
  auth: 'Register, log in, refresh and end sessions; mailed links; the endpoints of OAuth 2.0.',
  users: 'Your own account and its sessions, and the accounts of other members.',
  admin: 'Accounts and sessions of all users, and the audit. For admins.',
};

/** The routes of the core: one line of declaration for each. */
export const coreRoutes: readonly RouteDeclaration[] = [
  row('POST /auth/register', 'register', {
    summary: 'Register an account',
    description: 'Mails a link that confirms the address. Log in afterwards: registering opens no session.',
    status: 201,
  }),
  row('POST /auth/login', 'login', {
    summary: 'Log in with e-mail and password',
    description: 'Opens a session. An unknown address and a wrong password get the same answer.',
  }),
  tokenRoute,
  row('POST /auth/refresh', 'refresh', {
    summary: 'Refresh an access token',
    description:
      'Exchanges a refresh token for a new grant. The token that was sent gets the same successor for 30 seconds, and ' +
      'after that it ends the session, since it must have been copied.',
  }),
  row('POST /auth/logout', 'logout', {
    summary: 'Log out',
    description: 'Ends the session of the access token. Its access and refresh tokens become invalid at once.',
    status: 204,
  }),
  row('POST /auth/forgot-password', 'forgotPassword', {
    summary: 'Have a link mailed that sets a new password',
    description: 'The answer is the same whether or not the address has an account.',
  }),
  row('POST /auth/reset-password', 'resetPassword', {
    summary: 'Set a new password by a mailed link',
    description:
      'Takes the token of a reset or an invitation. Every session of the account ends. If the password is refused, the ' +
      'token stays valid.',
    status: 204,
  }),
  row('POST /auth/verify-email', 'verifyEmail', {
    summary: 'Confirm an address by a mailed link',
    description: 'Takes the token of a new account or of a change of address. A repeat gets the same answer.',
    status: 204,
  }),
  row('POST /auth/verify-email/resend', 'resendVerification', {
    summary: 'Have the link that confirms your address mailed again',
    description: 'Does nothing if the address is confirmed.',
    status: 202,
  }),
  introspectRoute,
  revokeRoute,

  row('GET /users', 'listUsers', {
    summary: 'List active users',
    description: 'Accounts by ascending id. The server may reserve this list for admins.',
  }),
  row('GET /users/me', 'getProfile', {
    summary: 'Read your account',
    description: 'The account that the access token belongs to, in its current state.',
  }),
  row('PATCH /users/me', 'updateProfile', {
    summary: 'Change your profile',
    description: 'A field that is absent or null keeps its value. Unknown fields are ignored.',
  }),
  row('DELETE /users/me', 'deleteAccount', {
    summary: 'Delete your account',
    description: 'The account disappears at once, with everything that belongs to it. The last active admin cannot go.',
    status: 204,
  }),
  row('PATCH /users/me/password', 'changePassword', {
    summary: 'Change your password',
    description: 'Ends every session of the account, including this one, and returns the grant of a new one.',
  }),
  row('PATCH /users/me/deactivate', 'deactivate', {
    summary: 'Deactivate your account',
    description: 'Every session ends, and logins are refused until an admin activates the account.',
  }),
  row('POST /users/me/email', 'changeEmail', {
    summary: 'Move your account to another address',
    description:
      'Mails a link to the new address. The change takes effect once the link is used. The answer is the same if the ' +
      'address is taken.',
    status: 202,
  }),
  row('GET /users/me/sessions', 'listSessions', {
    summary: 'List your sessions',
    description: 'Where you are logged in, the newest session first.',
  }),
  row('DELETE /users/me/sessions', 'endAllSessions', {
    summary: 'Log out everywhere',
    description: 'Ends all your sessions, including this one.',
    status: 204,
  }),
  row('DELETE /users/me/sessions/{id}', 'endSession', {
    summary: 'End one of your sessions',
    description: 'Its access and refresh tokens become invalid at once.',
    status: 204,
  }),
  row('GET /users/{id}', 'getUser', {
    summary: 'Read a user',
    description: 'Only admins see a deactivated account. The server may reserve this route for admins.',
  }),

  row('GET /admin/users', 'searchUsers', {
    summary: 'Search all users',
    description: 'Accounts by ascending id, including deactivated ones.',
  }),
  row('GET /admin/users/{id}', 'getAnyUser', {
    summary: 'Read any user',
    description: 'An account, active or not, with the fields that admins may see.',
  }),
  row('POST /admin/users', 'createUser', {
    summary: 'Create or invite a user',
    description: 'Without a password, an invitation is mailed, whose link sets one.',
    status: 201,
  }),
  row('PATCH /admin/users/{id}', 'correctUser', {
    summary: 'Correct an account',
    description:
      'A field that is absent or null keeps its value. A new address counts as unverified unless you say otherwise, and ' +
      'links that were mailed before become invalid.',
  }),
  row('POST /admin/users/{id}/invitation', 'inviteUser', {
    summary: 'Mail an invitation again',
    description: 'For an account that has no password yet.',
    status: 202,
  }),
  row('DELETE /admin/users/{id}', 'deleteUser', {
    summary: 'Delete a user',
    description: 'The account disappears at once, with everything that belongs to it.',
    status: 204,
  }),
  row('PATCH /admin/users/{id}/activate', 'activateUser', {
    summary: 'Activate a user',
    description: 'Sessions that have ended stay ended.',
  }),
  row('PATCH /admin/users/{id}/deactivate', 'deactivateUser', {
    summary: 'Deactivate a user',
    description: 'Every session of the account ends, and logins are refused.',
  }),
  row('PATCH /admin/users/{id}/role', 'changeRole', {
    summary: "Change a user's role",
    description: 'Takes effect at their next request.',
  }),

  row('GET /admin/users/{id}/sessions', 'listUserSessions', {
    summary: 'List the sessions of a user',
    description: 'Where the user is logged in, the newest session first.',
  }),
  row('DELETE /admin/users/{id}/sessions', 'endUserSessions', {
    summary: "End a user's sessions",
    description: 'Their access and refresh tokens become invalid at once.',
    status: 204,
  }),
  row('POST /admin/users/{id}/password-reset', 'sendPasswordReset', {
    summary: 'Mail a user a link that sets a new password',
    description: 'The password stays valid until the link is used.',
    status: 202,
  }),
  row('GET /admin/audit', 'listAudit', {
    summary: 'Read the audit',
    description: 'What happened to accounts, sessions and keys, the newest entry first.',
  }),
];

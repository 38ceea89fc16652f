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
  return declareRoute(methodAndPath, useCases[name], (application) => application[name], options);
}

/** The routes of the core: one line of declaration for each. */
export const coreRoutes: readonly RouteDeclaration[] = [
  row('POST /auth/register', 'register', {
    summary: 'Register an account',
    status: 201,
  }),
  row('POST /auth/login', 'login', {
    summary: 'Log in with e-mail and password',
  }),
  tokenRoute,
  row('POST /auth/refresh', 'refresh', {
    summary: 'Go on with a session',
  }),
  row('POST /auth/logout', 'logout', { summary: 'End this session', status: 204 }),
  row('POST /auth/forgot-password', 'forgotPassword', {
    summary: 'Have a link mailed to choose a new password',
  }),
  row('POST /auth/reset-password', 'resetPassword', {
    summary: 'Choose a new password by the link that was mailed',
    status: 204,
  }),
  row('POST /auth/verify-email', 'verifyEmail', {
    summary: 'Confirm an address by the link that was mailed',
    status: 204,
  }),
  row('POST /auth/verify-email/resend', 'resendVerification', {
    summary: 'Have the link to confirm your address mailed again',
    status: 202,
  }),
  introspectRoute,
  revokeRoute,

  row('GET /users', 'listUsers', {
    summary: 'List active users',
  }),
  row('GET /users/me', 'getProfile', { summary: 'Read your account' }),
  row('PATCH /users/me', 'updateProfile', { summary: 'Change your profile' }),
  row('DELETE /users/me', 'deleteAccount', {
    summary: 'Delete your account',
    status: 204,
  }),
  row('PATCH /users/me/password', 'changePassword', {
    summary: 'Change your password, end all your sessions and open a new one',
  }),
  row('PATCH /users/me/deactivate', 'deactivate', {
    summary: 'Deactivate your account',
  }),
  row('POST /users/me/email', 'changeEmail', {
    summary: 'Move your account to another address',
    status: 202,
  }),
  row('GET /users/me/sessions', 'listSessions', { summary: 'List where you are logged in' }),
  row('DELETE /users/me/sessions', 'endAllSessions', { summary: 'Log out everywhere', status: 204 }),
  row('DELETE /users/me/sessions/{id}', 'endSession', {
    summary: 'End one of your sessions',
    status: 204,
  }),
  row('GET /users/{id}', 'getUser', {
    summary: 'Read a user',
  }),

  row('GET /admin/users', 'searchUsers', { summary: 'Search all users' }),
  row('GET /admin/users/{id}', 'getAnyUser', {
    summary: 'Read any user',
  }),
  row('POST /admin/users', 'createUser', { summary: 'Create or invite a user', status: 201 }),
  row('PATCH /admin/users/{id}', 'correctUser', { summary: 'Correct an account' }),
  row('POST /admin/users/{id}/invitation', 'inviteUser', {
    summary: 'Mail an invitation again',
    status: 202,
  }),
  row('DELETE /admin/users/{id}', 'deleteUser', {
    summary: 'Delete a user',
    status: 204,
  }),
  row('PATCH /admin/users/{id}/activate', 'activateUser', {
    summary: 'Activate a user',
  }),
  row('PATCH /admin/users/{id}/deactivate', 'deactivateUser', {
    summary: 'Deactivate a user',
  }),
  row('PATCH /admin/users/{id}/role', 'changeRole', {
    summary: "Change a user's role",
  }),

  row('GET /admin/users/{id}/sessions', 'listUserSessions', { summary: 'List where a user is logged in' }),
  row('DELETE /admin/users/{id}/sessions', 'endUserSessions', {
    summary: "End a user's sessions",
    status: 204,
  }),
  row('POST /admin/users/{id}/password-reset', 'sendPasswordReset', {
    summary: 'Mail a user a link to choose a new password',
    status: 202,
  }),
  row('GET /admin/audit', 'listAudit', { summary: 'Read what happened' }),
];

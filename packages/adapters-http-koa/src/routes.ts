import { inputOf, type Policy } from '@sallyport/core';
import { type Route, route, type RouteDeclaration } from './route.ts';
import { introspectRoute, revokeRoute, tokenRoute } from './oauth-endpoints.ts';

/** The routes under this policy, from which the router and the OpenAPI document are made. */
export function routesUnder(policy: Policy): readonly Route[] {
  return routes.map((declared) => ({ ...declared, input: inputOf(declared, policy) }));
}

/** The API: one line of declaration for each route. */
export const routes: readonly RouteDeclaration[] = [
  route('POST /auth/register', 'register', {
    summary: 'Register an account',
    status: 201,
  }),
  route('POST /auth/login', 'login', {
    summary: 'Log in with e-mail and password',
  }),
  tokenRoute,
  route('POST /auth/refresh', 'refresh', {
    summary: 'Go on with a session',
  }),
  route('POST /auth/logout', 'logout', { summary: 'End this session', status: 204 }),
  route('POST /auth/forgot-password', 'forgotPassword', {
    summary: 'Have a link mailed to choose a new password',
  }),
  route('POST /auth/reset-password', 'resetPassword', {
    summary: 'Choose a new password by the link that was mailed',
    status: 204,
  }),
  route('POST /auth/verify-email', 'verifyEmail', {
    summary: 'Confirm an address by the link that was mailed',
    status: 204,
  }),
  route('POST /auth/verify-email/resend', 'resendVerification', {
    summary: 'Have the link to confirm your address mailed again',
    status: 202,
  }),
  introspectRoute,
  revokeRoute,

  route('GET /users', 'listUsers', {
    summary: 'List active users',
  }),
  route('GET /users/me', 'getProfile', { summary: 'Read your account' }),
  route('PATCH /users/me', 'updateProfile', { summary: 'Change your profile' }),
  route('DELETE /users/me', 'deleteAccount', {
    summary: 'Delete your account and your posts',
    status: 204,
  }),
  route('PATCH /users/me/password', 'changePassword', {
    summary: 'Change your password, end all your sessions and open a new one',
  }),
  route('PATCH /users/me/deactivate', 'deactivate', {
    summary: 'Deactivate your account',
  }),
  route('POST /users/me/email', 'changeEmail', {
    summary: 'Move your account to another address',
    status: 202,
  }),
  route('GET /users/me/sessions', 'listSessions', { summary: 'List where you are logged in' }),
  route('DELETE /users/me/sessions', 'endAllSessions', { summary: 'Log out everywhere', status: 204 }),
  route('DELETE /users/me/sessions/{id}', 'endSession', {
    summary: 'End one of your sessions',
    status: 204,
  }),
  route('GET /users/{id}', 'getUser', {
    summary: 'Read a user',
  }),

  route('GET /admin/users', 'searchUsers', { summary: 'Search all users' }),
  route('GET /admin/users/{id}', 'getAnyUser', {
    summary: 'Read any user',
  }),
  route('POST /admin/users', 'createUser', { summary: 'Create or invite a user', status: 201 }),
  route('PATCH /admin/users/{id}', 'correctUser', { summary: 'Correct an account' }),
  route('POST /admin/users/{id}/invitation', 'inviteUser', {
    summary: 'Mail an invitation again',
    status: 202,
  }),
  route('DELETE /admin/users/{id}', 'deleteUser', {
    summary: 'Delete a user and their posts',
    status: 204,
  }),
  route('PATCH /admin/users/{id}/activate', 'activateUser', {
    summary: 'Activate a user',
  }),
  route('PATCH /admin/users/{id}/deactivate', 'deactivateUser', {
    summary: 'Deactivate a user',
  }),
  route('PATCH /admin/users/{id}/role', 'changeRole', {
    summary: "Change a user's role",
  }),

  route('GET /admin/users/{id}/sessions', 'listUserSessions', { summary: 'List where a user is logged in' }),
  route('DELETE /admin/users/{id}/sessions', 'endUserSessions', {
    summary: "End a user's sessions",
    status: 204,
  }),
  route('POST /admin/users/{id}/password-reset', 'sendPasswordReset', {
    summary: 'Mail a user a link to choose a new password',
    status: 202,
  }),
  route('GET /admin/audit', 'listAudit', { summary: 'Read what happened' }),

  route('POST /posts', 'createPost', { summary: 'Write a draft', status: 201 }),
  route('GET /posts', 'listPosts', { summary: 'List the posts you may read', bearer: 'optional' }),
  route('GET /posts/my', 'listMyPosts', { summary: 'List your posts, drafts too' }),
  route('GET /posts/{id}', 'getPost', {
    summary: 'Read a post',
    bearer: 'optional',
  }),
  route('PATCH /posts/{id}', 'updatePost', {
    summary: 'Change, publish or withdraw a post',
  }),
  route('DELETE /posts/{id}', 'deletePost', {
    summary: 'Delete a post',
    status: 204,
  }),
];

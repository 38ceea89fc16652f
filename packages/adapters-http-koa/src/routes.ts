import { type Route, route } from './route.ts';
import { introspectRoute, revokeRoute, tokenRoute } from './oauth-endpoints.ts';

/** The API: one line of declaration for each route. The router and the OpenAPI document are made from it. */
export const routes: readonly Route[] = [
  route('POST /auth/register', 'register', {
    who: 'anyone',
    summary: 'Register an account',
    status: 201,
    errors: ['email_taken'],
  }),
  route('POST /auth/login', 'login', {
    who: 'anyone',
    summary: 'Log in with e-mail and password',
    errors: ['invalid_credentials', 'account_deactivated'],
  }),
  tokenRoute,
  route('POST /auth/refresh', 'refresh', {
    who: 'anyone',
    summary: 'Go on with a session',
    errors: ['invalid_refresh_token'],
  }),
  route('POST /auth/logout', 'logout', { who: 'member', summary: 'End this session', status: 204 }),
  route('POST /auth/forgot-password', 'forgotPassword', {
    who: 'anyone',
    summary: 'Have a link mailed to choose a new password',
  }),
  route('POST /auth/reset-password', 'resetPassword', {
    who: 'anyone',
    summary: 'Choose a new password by the link that was mailed',
    status: 204,
    errors: ['invalid_one_time_token'],
  }),
  route('POST /auth/verify-email', 'verifyEmail', {
    who: 'anyone',
    summary: 'Confirm an address by the link that was mailed',
    status: 204,
    errors: ['invalid_one_time_token'],
  }),
  route('POST /auth/verify-email/resend', 'resendVerification', {
    who: 'member',
    summary: 'Have the link to confirm your address mailed again',
    status: 202,
  }),
  introspectRoute,
  revokeRoute,

  route('GET /users', 'listUsers', {
    who: 'member',
    summary: 'List active users',
    errors: ['admin_required'],
  }),
  route('GET /users/me', 'getProfile', { who: 'member', summary: 'Read your account' }),
  route('PATCH /users/me', 'updateProfile', { who: 'member', summary: 'Change your profile' }),
  route('DELETE /users/me', 'deleteAccount', {
    who: 'member',
    summary: 'Delete your account and your posts',
    status: 204,
    errors: ['last_admin'],
  }),
  route('PATCH /users/me/password', 'changePassword', {
    who: 'member',
    summary: 'Change your password and end your other sessions',
    status: 204,
    errors: ['current_password_incorrect'],
  }),
  route('PATCH /users/me/deactivate', 'deactivate', {
    who: 'member',
    summary: 'Deactivate your account',
    errors: ['last_admin'],
  }),
  route('POST /users/me/email', 'changeEmail', {
    who: 'member',
    summary: 'Move your account to another address',
    status: 202,
    errors: ['current_password_incorrect'],
  }),
  route('GET /users/me/sessions', 'listSessions', { who: 'member', summary: 'List where you are logged in' }),
  route('DELETE /users/me/sessions', 'endAllSessions', { who: 'member', summary: 'Log out everywhere', status: 204 }),
  route('DELETE /users/me/sessions/{id}', 'endSession', {
    who: 'member',
    summary: 'End one of your sessions',
    status: 204,
    errors: ['session_not_found'],
  }),
  route('GET /users/{id}', 'getUser', {
    who: 'member',
    summary: 'Read a user',
    errors: ['admin_required', 'user_not_found'],
  }),

  route('GET /admin/users', 'searchUsers', { who: 'admin', summary: 'Search all users' }),
  route('GET /admin/users/{id}', 'getUser', {
    who: 'admin',
    summary: 'Read any user',
    errors: ['user_not_found'],
  }),
  route('DELETE /admin/users/{id}', 'deleteUser', {
    who: 'admin',
    summary: 'Delete a user and their posts',
    status: 204,
    errors: ['user_not_found', 'last_admin'],
  }),
  route('PATCH /admin/users/{id}/activate', 'activateUser', {
    who: 'admin',
    summary: 'Activate a user',
    errors: ['user_not_found'],
  }),
  route('PATCH /admin/users/{id}/deactivate', 'deactivateUser', {
    who: 'admin',
    summary: 'Deactivate a user',
    errors: ['user_not_found', 'last_admin'],
  }),
  route('PATCH /admin/users/{id}/role', 'changeRole', {
    who: 'admin',
    summary: "Change a user's role",
    errors: ['user_not_found', 'last_admin'],
  }),

  route('DELETE /admin/users/{id}/sessions', 'endUserSessions', {
    who: 'admin',
    summary: "End a user's sessions",
    status: 204,
    errors: ['user_not_found'],
  }),
  route('POST /admin/users/{id}/password-reset', 'sendPasswordReset', {
    who: 'admin',
    summary: 'Mail a user a link to choose a new password',
    status: 202,
    errors: ['user_not_found'],
  }),
  route('GET /admin/audit', 'listAudit', { who: 'admin', summary: 'Read what happened' }),

  route('POST /posts', 'createPost', { who: 'member', summary: 'Write a draft', status: 201 }),
  route('GET /posts', 'listPosts', { who: 'anyone', summary: 'List the posts you may read' }),
  route('GET /posts/my', 'listMyPosts', { who: 'member', summary: 'List your posts, drafts too' }),
  route('GET /posts/{id}', 'getPost', {
    who: 'anyone',
    summary: 'Read a post',
    errors: ['post_not_found'],
  }),
  route('PATCH /posts/{id}', 'updatePost', {
    who: 'member',
    summary: 'Change, publish or withdraw a post',
    errors: ['post_update_denied', 'post_not_found'],
  }),
  route('DELETE /posts/{id}', 'deletePost', {
    who: 'member',
    summary: 'Delete a post',
    status: 204,
    errors: ['post_delete_denied', 'post_not_found'],
  }),
];

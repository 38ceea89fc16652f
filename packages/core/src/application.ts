import { ActivateUser } from './administration/activate-user.ts';
import { BootstrapAdmin } from './administration/bootstrap-admin.ts';
import { ChangeRole } from './administration/change-role.ts';
import { DeactivateUser } from './administration/deactivate-user.ts';
import { DeleteUser } from './administration/delete-user.ts';
import { SearchUsers } from './administration/search-users.ts';
import { ChangePassword } from './identity/change-password.ts';
import { Deactivate } from './identity/deactivate.ts';
import { DeleteAccount } from './identity/delete-account.ts';
import { GetProfile } from './identity/get-profile.ts';
import { GetUser } from './identity/get-user.ts';
import { ListUsers } from './identity/list-users.ts';
import { Login } from './identity/login.ts';
import { Register } from './identity/register.ts';
import { UpdateProfile } from './identity/update-profile.ts';
import { defaultPolicy, type Policy } from './policy.ts';
import type { Ports } from './ports/ports.ts';
import { CreatePost } from './posts/create-post.ts';
import { DeletePost } from './posts/delete-post.ts';
import { GetPost } from './posts/get-post.ts';
import { ListMyPosts, ListPosts } from './posts/list-posts.ts';
import { UpdatePost } from './posts/update-post.ts';
import { Authenticate } from './sessions/authenticate.ts';
import { Logout } from './sessions/logout.ts';

/** Every use case there is: what the application can do. */
export const useCases = {
  register: Register,
  login: Login,
  authenticate: Authenticate,
  logout: Logout,

  getProfile: GetProfile,
  updateProfile: UpdateProfile,
  changePassword: ChangePassword,
  deactivate: Deactivate,
  deleteAccount: DeleteAccount,
  listUsers: ListUsers,
  getUser: GetUser,

  searchUsers: SearchUsers,
  deleteUser: DeleteUser,
  activateUser: ActivateUser,
  deactivateUser: DeactivateUser,
  changeRole: ChangeRole,
  bootstrapAdmin: BootstrapAdmin,

  createPost: CreatePost,
  listPosts: ListPosts,
  listMyPosts: ListMyPosts,
  getPost: GetPost,
  updatePost: UpdatePost,
  deletePost: DeletePost,
} as const satisfies Record<string, new (ports: Ports, policy: Policy) => object>;

/** The name of a use case in the table. */
export type UseCaseName = keyof typeof useCases;

/** The application: one object per use case, each with one method, `execute`. */
export type Application = { readonly [Name in UseCaseName]: InstanceType<(typeof useCases)[Name]> };

/** Builds every use case on these ports; what the policy leaves out is as in `defaultPolicy`. */
export function createApplication(ports: Ports, policy: Partial<Policy> = {}): Application {
  const decided = { ...defaultPolicy, ...policy };
  const entries = Object.entries(useCases).map(([name, UseCase]) => [name, new UseCase(ports, decided)]);
  return Object.fromEntries(entries) as Application;
}

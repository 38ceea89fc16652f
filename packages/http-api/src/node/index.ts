export { apiRequestOf, type Mounted, splitTarget } from './api-request.ts';
export { memberOf, type NodeGuard, nodeGuard } from './guard.ts';
export { type Next, type NodeListener, nodeListener, type NodeRequest, send } from './listener.ts';
export { type MountedRequest, mountedRequests, type NodeMount } from './mount.ts';
export type { NodeOrigin } from './origin.ts';

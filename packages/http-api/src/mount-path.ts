/**
 * A function that takes the path of the mount off a path: `/accounts` off `/accounts/users` leaves `/users`. It returns
 * `undefined` for a path outside of the mount.
 *
 * @throws Error when the path of the mount does not begin with a slash
 */
export function insideMount(mountPath: string): (path: string) => string | undefined {
  const prefix = mountPath.replace(/\/$/, '');
  if (prefix === '') return (path) => path;
  if (!prefix.startsWith('/')) throw new Error(`The path of the mount must begin with a slash: ${mountPath}`);
  return (path) => {
    if (path === prefix) return '/';
    return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : undefined;
  };
}

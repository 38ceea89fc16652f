/**
 * A function that takes the path of the mount off a path: `/accounts` off `/accounts/users` leaves `/users`. It returns
 * `undefined` for a path outside of the mount.
 *
 * @throws Error when no path of a request could begin with the path of the mount
 */
export function insideMount(mountPath: string): (path: string) => string | undefined {
  if (!isMountPath(mountPath)) {
    throw new Error(`The option mountPath must be a path like /accounts, encoded as in a URL: ${mountPath}`);
  }
  const prefix = mountPath.replace(/\/$/, '');
  if (prefix === '') return (path) => path;
  return (path) => {
    if (path === prefix) return '/';
    return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : undefined;
  };
}

/** Whether these are segments (RFC 3986, section 3.3), none of them empty, or nothing. */
const isMountPath = (text: string) => /^(\/[\w.~!$&'()*+,;=:@%-]+)*\/?$/.test(text);

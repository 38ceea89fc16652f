/**
 * Where an operation is: method and path as in the OpenAPI document, then who may call it (`member` if absent), and
 * `form` if its body is a form. `'GET /news optional'` is a route that
 * anyone may call, and that knows its members.
 */
export type RouteText = `${'GET' | 'POST' | 'PATCH' | 'DELETE'} /${string}`;

/** The routes of operations, by their names. */
export type RouteTable = Readonly<Record<string, RouteText>>;

/** A route as the client needs it. */
export interface Route {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** Whether the access token is sent. */
  readonly takesToken: boolean;
  readonly isForm: boolean;
}

export function parseRoute(operation: string, text: RouteText): Route {
  const [method = '', path = '', access, form] = text.split(' ');
  return { operation, method, path, takesToken: access !== 'public', isForm: form === 'form' };
}

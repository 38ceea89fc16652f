import type { Route } from './route.ts';

/** The fields of a call: those that the path names, and those of the query or the body. */
export type Fields = Readonly<Record<string, unknown>>;

/** What is sent, besides the headers that every request has. */
export interface ApiRequest {
  readonly url: string;
  readonly method: string;
  readonly contentType?: string | undefined;
  readonly body?: string | undefined;
}

/**
 * The request of a call.
 *
 * @throws TypeError when a field that the path names is missing, or would lead to another path
 */
export function requestOf(baseUrl: string, { method, path, isForm }: Route, input: Fields | undefined): ApiRequest {
  const rest = new Map(Object.entries(input ?? {}).filter(([, value]) => value !== undefined));
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const segment = segmentOf(name, rest.get(name));
    rest.delete(name);
    return segment;
  });
  const url = baseUrl + filled;
  if (method === 'GET' || method === 'DELETE') {
    const query = formOf(rest);
    return { method, url: query === '' ? url : `${url}?${query}` };
  }
  if (input === undefined) return { method, url };
  if (isForm) return { method, url, contentType: 'application/x-www-form-urlencoded', body: formOf(rest) };
  return { method, url, contentType: 'application/json', body: JSON.stringify(Object.fromEntries(rest)) };
}

/** A URL drops the segments `.` and `..`, also if they are escaped, and then leads to another route. */
function segmentOf(name: string, value: unknown): string {
  if ((typeof value !== 'string' && typeof value !== 'number') || ['', '.', '..'].includes(String(value))) {
    throw new TypeError(`${name} must be the id of a record`);
  }
  return encodeURIComponent(value);
}

function formOf(fields: ReadonlyMap<string, unknown>): string {
  const sent = [...fields].filter(([, value]) => value !== null);
  return new URLSearchParams(sent.map(([name, value]) => [name, String(value)])).toString();
}

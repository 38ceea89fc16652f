/**
 * A request: its bytes, and what its answer must be.
 *
 * @typedef {{ text: string, status: number, check: (body: string, head: string) => boolean }} Request
 */

/**
 * Writes a request in advance, as a client would send it.
 *
 * @param {string} route as in `POST /auth/login`
 * @param {{ json?: unknown, headers?: Record<string, string>, status?: number, check?: Request['check'] }} options
 * @returns {Request}
 */
export function requestOf(route, { json, headers, status = 200, check = () => true } = {}) {
  const body = json === undefined ? '' : JSON.stringify(json);
  const all = {
    host: '127.0.0.1',
    ...(json !== undefined && { 'content-type': 'application/json', 'content-length': body.length }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return { text: `${route} HTTP/1.1\r\n${lines.join('')}\r\n${body}`, status, check };
}

/**
 * Sends a request on a connection and checks the answer.
 *
 * @returns the answer, or `undefined` if the server was too busy (503)
 * @throws Error that shows the answer, if it is not the one that the request expects
 */
export async function answerTo(connection, request) {
  const { status, head, body } = await connection.ask(request.text);
  if (status === request.status && request.check(body, head)) return { head, body };
  if (status === 503) return undefined;
  const [line] = request.text.split('\r\n');
  throw new Error(`${line} should get ${request.status} for the one who asks, but got:\n${head}\n\n${body}`);
}

import { Agent, request } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';

const isSecure = (url) => url.startsWith('https:');

/** An agent for a client that keeps its connections, as most do. `agent: false` opens one for each request. */
export const keepingAgent = (url) => new (isSecure(url) ? TlsAgent : Agent)({ keepAlive: true });

const shared = { http: keepingAgent('http:'), https: keepingAgent('https:') };

/**
 * Returns a function that sends requests to the server at `url`, as in `ask('POST /auth/login', { json: { … } })`. It
 * never retries: a connection that breaks rejects. Any certificate is accepted.
 *
 * @param {string} url
 * @param {{ agent?: Agent | TlsAgent | false }} options
 */
export function asking(url, { agent = isSecure(url) ? shared.https : shared.http } = {}) {
  const send = isSecure(url) ? tlsRequest : request;
  return (route, { json, token, headers } = {}) => {
    const [method, path] = route.split(' ');
    const body = json === undefined ? undefined : JSON.stringify(json);
    const asked = performance.now();
    return new Promise((resolve, reject) => {
      const pending = send(url + path, {
        method,
        agent,
        rejectUnauthorized: false,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
          ...(token && { authorization: `Bearer ${token}` }),
          ...headers,
        },
      });
      pending.on('error', reject);
      pending.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part) => (text += part));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status, headers: answered } = response;
          resolve({ status, headers: answered, body: parsed(answered, text), ms: performance.now() - asked });
        });
      });
      pending.end(body);
    });
  };
}

function parsed({ 'content-type': type = '' }, text) {
  return type.includes('json') ? JSON.parse(text) : text;
}

/**
 * Asks like `ask`, and repeats a request that the server refused for lack of capacity, as a patient client does.
 *
 * @param {ReturnType<typeof asking>} ask
 */
export function patiently(ask) {
  return async (...request) => {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await ask(...request);
      if (answer.status !== 503 || attempt === 30) return answer;
      await delay(1000);
    }
  };
}

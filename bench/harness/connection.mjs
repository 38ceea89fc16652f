import { once } from 'node:events';
import { connect } from 'node:net';

/** Each answer is read from it at once, so that all connections can share it. */
const buffer = Buffer.alloc(65_536);

/**
 * A connection that is kept, for one request at a time. It costs a fraction of what general clients cost, so that the
 * generator of the load does not become the bottleneck. Answers are read as Latin-1: what is checked is ASCII.
 */
export class Connection {
  #socket;
  #received = '';
  #waiting;
  #error;

  static async open(url) {
    const { hostname, port } = new URL(url);
    const connection = new Connection();
    const callback = (length) => {
      connection.#receive(buffer.latin1Slice(0, length));
      return true;
    };
    const socket = connect({ host: hostname, port: Number(port), noDelay: true, onread: { buffer, callback } });
    connection.#socket = socket;
    await once(socket, 'connect');
    socket.on('error', (error) => connection.#fail(error));
    socket.on('close', () => connection.#fail(new Error('The server closed a connection')));
    return connection;
  }

  /**
   * Sends a request as it is and resolves with its answer: `{ status, head, body }`.
   *
   * @throws Error when the connection breaks
   */
  async ask(text) {
    if (this.#error) throw this.#error;
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(text, 'latin1');
    });
  }

  close() {
    this.#socket.destroy();
  }

  #receive(part) {
    this.#received += part;
    const answer = readAnswer(this.#received);
    if (!answer) return;
    this.#received = '';
    const { resolve } = this.#waiting;
    this.#waiting = undefined;
    resolve(answer);
  }

  #fail(error) {
    this.#error ??= error;
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}

/** The answer, if all of it has arrived. */
function readAnswer(text) {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const status = Number(head.slice(9, 12));
  const rest = text.slice(end + 4);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return rest.length < Number(length) ? undefined : { status, head, body: rest };
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return { status, head, body: '' };
  const body = readChunks(rest);
  return body === undefined ? undefined : { status, head, body };
}

/** The content of a chunked body (RFC 9112, section 7.1), if all of it has arrived. */
function readChunks(text) {
  let body = '';
  for (let at = 0; ;) {
    const line = text.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(text.slice(at, line), 16);
    const next = line + 2 + size + 2;
    if (text.length < next) return undefined;
    if (size === 0) return body;
    body += text.slice(line + 2, line + 2 + size);
    at = next;
  }
}

import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Answers a command, in the format of the protocol. */
type Behaviour = (name: string, args: readonly string[]) => string | undefined;

/** The part of a Redis that the adapter uses. It counts, and its windows never close. */
export interface RedisDouble {
  readonly url: string;
  /** The names of the commands that it received. */
  readonly commands: readonly string[];
  /** The number of open connections. */
  connections(): number;
  /** Replaces its own answers. If the function returns `undefined`, it does not answer. */
  behave(behaviour: Behaviour | 'well'): void;
}

/** Opens a double that listens until the end of the test. */
export async function openRedisDouble(): Promise<RedisDouble> {
  const buckets = new Map<string, readonly [count: number, closesAt: string]>();
  const commands: string[] = [];
  let behaviour: Behaviour | 'well' = 'well';

  function answerWell(name: string, args: readonly string[]): string {
    if (name === 'EVALSHA') {
      const [, , key = '', , closesAt = ''] = args;
      const [count, kept] = buckets.get(key) ?? [0, closesAt];
      buckets.set(key, [count + 1, kept]);
      return `*2\r\n:${count + 1}\r\n:${kept}\r\n`;
    }
    if (name === 'HMGET') {
      const fields = buckets.get(args[0] ?? '')?.map(String) ?? [];
      return `*2\r\n${[0, 1].map((index) => bulk(fields[index])).join('')}`;
    }
    if (name === 'DEL') return `:${Number(buckets.delete(args[0] ?? ''))}\r\n`;
    return '+OK\r\n';
  }

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    let unread = '';
    socket.on('error', () => {});
    socket.setEncoding('utf8').on('data', (text: string) => {
      unread += text;
      for (let next = takeCommand(unread); next; next = takeCommand(unread)) {
        unread = next.rest;
        const [name = '', ...args] = next.command;
        commands.push(name);
        const answer = behaviour === 'well' ? answerWell(name, args) : behaviour(name, args);
        if (answer !== undefined) socket.write(answer);
      }
    });
    onTestFinished(() => void socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return {
    url: `redis://127.0.0.1:${port}`,
    commands,
    connections: () => sockets.size,
    behave: (next) => void (behaviour = next),
  };
}

function bulk(text: string | undefined): string {
  return text === undefined ? '$-1\r\n' : `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}

/** The first complete command in the received text: an array of bulk strings, all in ASCII. */
function takeCommand(text: string): { readonly command: readonly string[]; readonly rest: string } | undefined {
  const [header, length] = /^\*(\d+)\r\n/.exec(text) ?? [];
  if (header === undefined) return undefined;
  const command: string[] = [];
  let at = header.length;
  while (command.length < Number(length)) {
    const [prefix, size] = /^\$(\d+)\r\n/.exec(text.slice(at, at + 16)) ?? [];
    if (prefix === undefined) return undefined;
    const start = at + prefix.length;
    at = start + Number(size) + 2;
    if (at > text.length) return undefined;
    command.push(text.slice(start, at - 2));
  }
  return { command, rest: text.slice(at) };
}

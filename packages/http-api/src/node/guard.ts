import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Member } from '@sallyport/core';
import type { HttpApi } from '../api.ts';
import type { Guarded, GuardedBy } from '../guard.ts';
import { refuseOptions } from '../options.ts';
import { type Next, send } from './listener.ts';
import { type NodeOrigin, nodeOriginOptions, senderBy } from './origin.ts';

/** The guard of a host's own routes. */
export interface NodeGuard {
  /**
   * The genuine member who sent a request, or the answer that refuses it, to be sent by `send`. `undefined` if the
   * client has no address: its connection has been closed.
   */
  admit(request: IncomingMessage, who: GuardedBy): Promise<Guarded | undefined>;

  /**
   * Middleware that passes on the requests of these members and refuses all others. Then `memberOf` returns the member.
   *
   * @throws Error when the members are misspelt, or have a role that the application does not declare
   */
  require(who: GuardedBy): (request: IncomingMessage, response: ServerResponse, next: Next) => void;
}

const members = new WeakMap<IncomingMessage, Member>();

/** Guards the routes of a host on `node:http`, Express, Fastify or Nest. */
export function nodeGuard(api: Pick<HttpApi, 'guard'>, origin: NodeOrigin = {}): NodeGuard {
  refuseOptions(nodeOriginOptions, origin);
  const senderOf = senderBy(origin);

  function admit(request: IncomingMessage, who: GuardedBy): Promise<Guarded | undefined> {
    const sender = senderOf(request);
    if (sender) return api.guard({ ...sender, rawHeaders: request.rawHeaders }, who);
    request.socket.destroy();
    return Promise.resolve(undefined);
  }

  return {
    admit,
    require(who) {
      const members = api.guard.readMembers(who);
      return (request, response, next) => void passOn(admit(request, members), request, response, next);
    },
  };
}

async function passOn(
  admitted: Promise<Guarded | undefined>,
  request: IncomingMessage,
  response: ServerResponse,
  next: Next,
): Promise<void> {
  const guarded = await admitted;
  if (!guarded) return;
  if ('refusal' in guarded) send(response, guarded.refusal);
  else {
    members.set(request, guarded.member);
    next();
  }
}

/**
 * The member who sent a request that a guard has passed on. Use cases for members accept this object.
 *
 * @throws Error when no guard has: the route lacks one
 */
export function memberOf(request: IncomingMessage): Member {
  const member = members.get(request);
  if (!member) throw new Error('No guard has passed this request on');
  return member;
}

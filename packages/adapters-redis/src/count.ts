import { type CommandParser, defineScript } from '@redis/client';

/**
 * Adds one to a bucket in one step, so that no two callers get the same count. The time is the caller's, as in every
 * other store. Redis's own clock only removes old buckets, after a duration rather than at a moment. If it decided and
 * were ahead of the caller's, it would close windows that have just opened. A window that ends after ARGV[4] was opened by
 * a wrong clock.
 */
const script = `
local kept = redis.call('HMGET', KEYS[1], 'count', 'closes_at')
local closes_at = tonumber(kept[2] or 0)
if closes_at > tonumber(ARGV[1]) and closes_at <= tonumber(ARGV[4]) then
  return { redis.call('HINCRBY', KEYS[1], 'count', 1), closes_at }
end
redis.call('HSET', KEYS[1], 'count', 1, 'closes_at', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return { 1, tonumber(ARGV[2]) }`;

/**
 * The time of the attempt, the end of a window that opens now, how long Redis keeps it, and the latest end of an open
 * window, all in milliseconds.
 */
export interface CountTimes {
  readonly at: number;
  readonly closesAt: number;
  readonly keptFor: number;
  readonly latest: number;
}

/** The count of the bucket, and the end of its window. */
export type Counted = readonly [count: number, closesAt: number];

/** The command that counts. */
export const count = defineScript({
  NUMBER_OF_KEYS: 1,
  SCRIPT: script,
  parseCommand(parser: CommandParser, key: string, { at, closesAt, keptFor, latest }: CountTimes) {
    parser.pushKey(key);
    parser.push(String(at), String(closesAt), String(keptFor), String(latest));
  },
  transformReply: (reply: unknown) => reply as Counted,
});

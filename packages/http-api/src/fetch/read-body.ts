import { bodyIsGone, bodyTooLarge, unreadableBody } from '../body/body.ts';
import type { RequestBody, TakeBytes } from '../messages.ts';

/**
 * The body of a request of the Fetch Standard, if it has one.
 *
 * @param parsed what the host has made of it, if it has read it
 */
export function bodyOf(request: Request, parsed: unknown): RequestBody | undefined {
  if (parsed !== undefined) return { parsed };
  if (request.bodyUsed || request.body?.locked) return { read: () => Promise.reject(bodyIsGone()) };
  const { body } = request;
  return body ? { read: (limit, take) => readBytes(body, limit, take) } : undefined;
}

async function readBytes(body: ReadableStream<Uint8Array>, limit: number, take: TakeBytes): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(() => Promise.reject(unreadableBody()));
    if (done) return Buffer.concat(chunks);
    length += value.length;
    try {
      if (length > limit) throw bodyTooLarge();
      take(value.length);
    } catch (error) {
      await reader.cancel().catch(() => {});
      throw error;
    }
    chunks.push(value);
  }
}

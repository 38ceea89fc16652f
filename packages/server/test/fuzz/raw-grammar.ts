import fc from 'fast-check';
import { bad, farewell, good, refusedInTurn, tunnel, upgrades } from './raw-messages.ts';
import type { RawShot } from './shot.ts';

/** Cut into so many writes. */
const inChunks = (bytes: fc.Arbitrary<string>) =>
  fc.tuple(bytes, fc.array(fc.nat(2000), { maxLength: 4 })).map(([text, cuts]) => {
    const at = [...new Set([0, ...cuts.map((cut) => cut % (text.length + 1))])].toSorted((one, other) => one - other);
    return at.map((start, index) => text.slice(start, at[index + 1])).filter((part) => part !== '');
  });

/** Requests behind one another on one connection: each has its answer, up to the first that cannot be read. */
const pipelines = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: good },
      { weight: 2, arbitrary: refusedInTurn },
      { weight: 2, arbitrary: bad },
      { weight: 1, arbitrary: upgrades },
    ),
    { minLength: 1, maxLength: 5 },
  )
  .chain((messages) => {
    const first = messages.findIndex(({ refused, last = refused }) => last);
    const answers = first === -1 ? messages.length + 1 : first + 1;
    const refused = messages[first]?.refused ?? false;
    const bytes = [...messages, ...(first === -1 ? [farewell] : [])].map((message) => message.bytes).join('');
    return inChunks(fc.constant(bytes)).map((chunks): RawShot => ({ kind: 'raw HTTP', chunks, answers, refused }));
  });

/** Any change to bytes that were right: what comes of it is not known, but it must be HTTP. */
const mutants = fc
  .record({
    message: fc.oneof(good, refusedInTurn, bad),
    edits: fc.array(
      fc.record({
        at: fc.nat(400),
        cut: fc.nat(6),
        put: fc.oneof(
          fc.constantFrom('', '\r', '\n', '\r\n', '\0', ' ', ':', '\t', '0', '\xff', '\r\n\r\n', ','),
          fc.string({ unit: 'binary-ascii', maxLength: 3 }),
        ),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ message, edits }) =>
    edits.reduce((bytes, { at, cut, put }) => {
      const start = at % (bytes.length + 1);
      return bytes.slice(0, start) + put + bytes.slice(start + cut);
    }, message.bytes),
  );

/** A request that breaks off: it is refused, if it has begun. */
const halfRequests = fc.tuple(good, fc.nat(2000)).map(([{ bytes }, at]) => bytes.slice(0, at % bytes.length));

const pairs = fc
  .tuple(good, fc.oneof({ weight: 2, arbitrary: good }, { weight: 1, arbitrary: fc.constant(tunnel) }))
  .map(([one, other]) => one.bytes + other.bytes);

const noise = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1'));

const unknown = (bytes: fc.Arbitrary<string>) =>
  inChunks(bytes).map((chunks): RawShot => ({ kind: 'raw HTTP', chunks }));

/** A client that disconnects before, between or after the responses. */
const leavers = fc
  .tuple(inChunks(fc.oneof(pairs, halfRequests)), fc.nat(15))
  .map(([chunks, breaksOff]): RawShot => ({ kind: 'raw HTTP', chunks, breaksOff }));

export const rawShot: fc.Arbitrary<RawShot> = fc.oneof(
  { weight: 5, arbitrary: pipelines },
  { weight: 4, arbitrary: unknown(mutants) },
  { weight: 2, arbitrary: leavers },
  { weight: 2, arbitrary: unknown(halfRequests) },
  { weight: 1, arbitrary: unknown(noise) },
);

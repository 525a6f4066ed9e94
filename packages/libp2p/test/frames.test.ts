import { concatBytes } from '@heddle/primitives';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ByteRoom } from '../src/byte-room.ts';
import { InvalidFrameError } from '../src/errors.ts';
import { exactly, FrameReader, frameHeader } from '../src/frames.ts';

/** More than a buffer has at first, so that it grows. */
const LIMIT = 150_000;

function readerInto(frames: Uint8Array[], room: ByteRoom, limit = LIMIT): FrameReader {
  return new FrameReader({
    limit: () => exactly(limit),
    take: (bytes) => room.take(bytes),
    release: (bytes) => room.release(bytes),
    frame: (payload) => {
      frames.push(payload);
      return true;
    },
  });
}

function framed(payloads: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...payloads.flatMap((payload) => [frameHeader(payload.length), payload]));
}

test('frames come out as they went in, however the bytes are cut', () => {
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 50 }),
    fc.integer({ min: 0, max: LIMIT }).map((length) => new Uint8Array(length).fill(7)),
  );
  fc.assert(
    fc.property(fc.array(payload, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 12 }), (payloads, cuts) => {
      const bytes = framed(payloads);
      const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
      const room = new ByteRoom(LIMIT, null);
      const frames: Uint8Array[] = [];
      const reader = readerInto(frames, room);
      for (let i = 1; i < places.length; i++) reader.push(bytes.subarray(places[i - 1], places[i]));
      expect(frames.length).toBe(payloads.length);
      expect(Buffer.concat(frames).equals(Buffer.concat(payloads))).toBe(true);
      expect(room.heldBytes).toBe(0);
    }),
    { numRuns: 30 },
  );
});

test('a frame above the limit is refused by its header alone', () => {
  const frames: Uint8Array[] = [];
  const reader = readerInto(frames, new ByteRoom(LIMIT, null), 10);
  expect(() => reader.push(frameHeader(11))).toThrow(InvalidFrameError);
  reader.push(framed([Uint8Array.of(1)]));
  expect(frames).toEqual([]);
});

test('what is held follows what has arrived, not what is announced', () => {
  const room = new ByteRoom(1_000_000, null);
  const reader = readerInto([], room, 100_000_000);
  reader.push(frameHeader(100_000_000));
  expect(room.heldBytes).toBeLessThan(100_000);
  expect(() => reader.push(new Uint8Array(2_000_000))).toThrow(InvalidFrameError);
  expect(room.heldBytes).toBe(0);
});

test('room of a part is room of the whole', () => {
  const whole = new ByteRoom(100, null);
  const [one, two] = [new ByteRoom(80, whole), new ByteRoom(80, whole)];
  expect([one.take(80), one.take(1), two.take(30), two.take(20)]).toEqual([true, false, false, true]);
  one.release(80);
  expect([two.take(60), whole.heldBytes]).toEqual([true, 80]);
});

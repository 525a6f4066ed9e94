import { createVirtualTime, type VirtualTime } from '@heddle/runtime';
import { expect, test } from '@jest/globals';
import {
  type ArrivingCopy,
  createMemoryHub,
  encodeWireMessage,
  kindOfEnvelope,
  type LinkPolicy,
  type Transit,
  type Transport,
} from '../src/index.ts';

interface Pair {
  readonly time: VirtualTime;
  readonly a: Transport;
  readonly b: Transport;
  /** `to:stream:byte at ms`, in order of arrival. */
  readonly heard: string[];
}

/** Two running transports; `copies` decides over each frame. */
async function pair(copies: LinkPolicy['copies']): Promise<Pair> {
  const time = createVirtualTime({ startWallMs: 0 });
  const hub = createMemoryHub({ scheduler: time.scheduler });
  hub.setLinkPolicy({ copies });
  const heard: string[] = [];
  const [a, b] = [hub.transport('a'), hub.transport('b')];
  for (const transport of [a, b]) {
    for (const stream of ['x', 'y']) {
      transport.onDirect(stream, (_from, [byte]) =>
        heard.push(`${transport.self}:${stream}:${byte} at ${time.clock.monotonicMs()}`),
      );
    }
    await transport.start();
  }
  time.advance(0);
  return { time, a, b, heard };
}

const byteOf = ({ payload }: Transit): number => payload?.[0] ?? 0;
const after = (delayMs: number, overtakes = false): readonly ArrivingCopy[] => [{ delayMs, overtakes }];

test('decides by direction: a way there without a way back', async () => {
  const { time, a, b, heard } = await pair(({ from }) => (from === 'a' ? after(5) : []));
  a.send('b', 'x', Uint8Array.of(1));
  b.send('a', 'x', Uint8Array.of(2));
  time.advance(100);
  expect(heard).toEqual(['b:x:1 at 5']);
});

test('a later frame of one stream waits for the one before it; another stream does not', async () => {
  const { time, a, heard } = await pair((transit) => after(byteOf(transit) === 1 ? 100 : 10));
  a.send('b', 'x', Uint8Array.of(1));
  a.send('b', 'x', Uint8Array.of(2));
  a.send('b', 'y', Uint8Array.of(3));
  time.advance(200);
  expect(heard).toEqual(['b:y:3 at 10', 'b:x:1 at 100', 'b:x:2 at 100']);
});

test('a copy may overtake within its stream, and a frame may come twice', async () => {
  const { time, a, heard } = await pair((transit) =>
    byteOf(transit) === 1 ? [...after(50), ...after(70)] : after(10, true),
  );
  a.send('b', 'x', Uint8Array.of(1));
  a.send('b', 'x', Uint8Array.of(2));
  time.advance(200);
  expect(heard).toEqual(['b:x:2 at 10', 'b:x:1 at 50', 'b:x:1 at 70']);
});

test('what is on the way when the link closes never arrives, copies that overtake included', async () => {
  const { time, a, b, heard } = await pair(() => [...after(50), ...after(20, true)]);
  a.send('b', 'x', Uint8Array.of(1));
  time.advance(10);
  await b.stop();
  time.advance(100);
  expect(heard).toEqual([]);
});

test('sees the kind of a message without decoding it', () => {
  expect(kindOfEnvelope(encodeWireMessage({ kind: 'certificateRequest', epoch: 0n, view: 3n }))).toBe(
    'certificateRequest',
  );
  expect(kindOfEnvelope(Uint8Array.of(0x82, 0xa4, 1))).toBeNull();
  expect(kindOfEnvelope(new Uint8Array())).toBeNull();
});

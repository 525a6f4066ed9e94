import {
  type ConformanceTestPrimitives,
  check,
  checkEqual,
  connectedPeers,
  isSame,
  type NetworkFactory,
  numbered,
  numberOf,
  pattern,
  settle,
  spread,
  until,
  withNetwork,
  withPair,
} from './harness.ts';

const MIB = 1_024 * 1_024;
/** More small messages than any queue takes at once. */
const FLOOD = 100_000;

export function directConformance({ describe, test }: ConformanceTestPrimitives, factory: NetworkFactory): void {
  describe('direct streams', () => {
    test('keep their order and name the sender', () => order(factory));
    test('take protocols apart; one without a handler disturbs nobody', () => protocols(factory));
    test('carry empty and 1 MB payloads unchanged', () => payloads(factory));
    test('take a copy of the payload', () => copies(factory));
    test('never deliver within the call that sends', () => deferral(factory));
    test('a flood before a slow reader: in order, the rest dropped and counted, others unharmed', () => flood(factory));
  });
}

function order(factory: NetworkFactory): Promise<void> {
  return withPair(factory, async (a, b) => {
    const received: string[] = [];
    b.transport.onDirect('order', (from, payload) => received.push(`${from}:${numberOf(payload)}`));
    const expected: string[] = [];
    for (let i = 0; i < 1_000; i++) {
      a.transport.send(b.transport.self, 'order', numbered(i));
      expected.push(`${a.transport.self}:${i}`);
    }
    await until(() => received.length >= 1_000, 'a thousand messages arrive');
    checkEqual(received, expected, 'messages of one stream');
  });
}

function protocols(factory: NetworkFactory): Promise<void> {
  return withPair(factory, async (a, b) => {
    const received: string[] = [];
    b.transport.onDirect('one', (_, payload) => received.push(`one:${numberOf(payload)}`));
    b.transport.onDirect('two', (_, payload) => received.push(`two:${numberOf(payload)}`));
    a.transport.send(b.transport.self, 'none', numbered(0));
    a.transport.send(b.transport.self, 'one', numbered(1));
    a.transport.send(b.transport.self, 'two', numbered(2));
    await until(() => received.length === 2, 'both arrive');
    checkEqual(received.toSorted(), ['one:1', 'two:2'], 'each protocol has its own messages');
    a.transport.send('nobody', 'one', numbered(3));
    await settle();
    check(a.drops.drops >= 1, 'a message to an unknown peer is dropped and counted');
    checkEqual(received.length, 2, 'nothing else arrives');
  });
}

function payloads(factory: NetworkFactory): Promise<void> {
  return withPair(factory, async (a, b) => {
    const received: Uint8Array[] = [];
    b.transport.onDirect('bytes', (_, payload) => received.push(payload));
    const sent = [new Uint8Array(0), pattern(MIB, 1), pattern(1, 2), pattern(MIB, 3)];
    for (const payload of sent) a.transport.send(b.transport.self, 'bytes', payload);
    await until(() => received.length === sent.length, 'all payloads arrive');
    for (const [index, payload] of sent.entries())
      check(isSame(received[index], payload), `payload ${index} is unchanged`);
  });
}

function copies(factory: NetworkFactory): Promise<void> {
  return withPair(factory, async (a, b) => {
    const received: Uint8Array[] = [];
    b.transport.onDirect('bytes', (_, payload) => received.push(payload));
    // A view into a larger buffer, as Node's pooled buffers are.
    const buffer = pattern(64, 5);
    const view = buffer.subarray(16, 32);
    const expected = new Uint8Array(view);
    a.transport.send(b.transport.self, 'bytes', view);
    buffer.fill(0);
    await until(() => received.length === 1, 'the payload arrives');
    check(isSame(received[0], expected), 'what was sent counts, not what the buffer holds later');
  });
}

function deferral(factory: NetworkFactory): Promise<void> {
  return withPair(factory, async (a, b) => {
    let isSending = false;
    let early = 0;
    let received = 0;
    const note = (): void => {
      received += 1;
      if (isSending) early += 1;
    };
    b.transport.onDirect('call', note);
    b.transport.subscribe('call', note);
    await spread();
    isSending = true;
    a.transport.send(b.transport.self, 'call', numbered(1));
    a.transport.publish('call', numbered(1));
    isSending = false;
    await until(() => received === 2, 'both arrive');
    checkEqual(early, 0, 'handlers run later than the call');
  });
}

function flood(factory: NetworkFactory): Promise<void> {
  return withNetwork(factory, async (network) => {
    const [a, b, c] = await connectedPeers(network, 3);
    check(a !== undefined && b !== undefined && c !== undefined, 'there are three peers');
    const received: number[] = [];
    let others = 0;
    b.transport.onDirect('flood', (_, payload) => {
      received.push(numberOf(payload));
      // Slow from time to time.
      if (received.length % 1_000 === 0) for (const end = performance.now() + 3; performance.now() < end; );
    });
    b.transport.onDirect('quiet', () => (others += 1));
    c.transport.onDirect('quiet', () => (others += 1));
    for (let i = 0; i < FLOOD; i++) a.transport.send(b.transport.self, 'flood', numbered(i));
    a.transport.send(b.transport.self, 'quiet', numbered(0));
    a.transport.send(c.transport.self, 'quiet', numbered(0));
    c.transport.send(b.transport.self, 'quiet', numbered(0));
    await until(() => others === 3, 'other streams and peers get through');
    await until(() => received.length + a.drops.drops === FLOOD, 'each message is delivered or counted as dropped');
    check(
      received.every((value, index) => index === 0 || value > (received[index - 1] ?? 0)),
      'in order, none twice',
    );
    a.transport.send(b.transport.self, 'flood', numbered(FLOOD));
    await until(() => received.at(-1) === FLOOD, 'afterwards the stream works as before');
  });
}

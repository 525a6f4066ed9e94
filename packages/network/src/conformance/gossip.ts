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
} from './harness.ts';

const MIB = 1_024 * 1_024;

export function gossipConformance({ describe, test }: ConformanceTestPrimitives, factory: NetworkFactory): void {
  describe('gossip', () => {
    test('reaches every subscriber once, not the publisher, not other topics', () => topics(factory));
    test('equal payloads of two publishers at once arrive once', () => duplicates(factory));
    test('what is published again later is delivered again', () => again(factory));
    test('carries 1 MB', () => large(factory));
  });
}

function topics(factory: NetworkFactory): Promise<void> {
  return withNetwork(factory, async (network) => {
    const peers = await connectedPeers(network, 4);
    const received: string[] = [];
    for (const [index, { transport }] of peers.entries()) {
      if (index < 3)
        transport.subscribe('news', (from, payload) => received.push(`${index}:${from}:${numberOf(payload)}`));
      else transport.subscribe('other', () => received.push('other'));
    }
    await spread();
    const [publisher] = peers;
    check(publisher !== undefined, 'there is a publisher');
    for (let i = 0; i < 10; i++) publisher.transport.publish('news', numbered(i));
    await until(() => received.length >= 20, 'everything arrives');
    await settle();
    const self = publisher.transport.self;
    const expected = [1, 2].flatMap((index) => Array.from({ length: 10 }, (_, i) => `${index}:${self}:${i}`));
    checkEqual(received.toSorted(), expected.toSorted(), 'each subscriber gets each message once');
  });
}

function duplicates(factory: NetworkFactory): Promise<void> {
  return withNetwork(factory, async (network) => {
    const [a, b, c] = await connectedPeers(network, 3);
    check(a !== undefined && b !== undefined && c !== undefined, 'there are three peers');
    const received: number[] = [];
    for (const { transport } of [a, b, c])
      transport.subscribe('same', (_, payload) => received.push(numberOf(payload)));
    await spread();
    a.transport.publish('same', numbered(7));
    b.transport.publish('same', numbered(7));
    c.transport.publish('same', numbered(8));
    await until(() => received.filter((value) => value === 8).length === 2, 'the other message arrives');
    await settle();
    check(received.filter((value) => value === 7).length === 1, 'only the one that did not publish it gets it, once');
  });
}

function again(factory: NetworkFactory): Promise<void> {
  return withNetwork(factory, async (network) => {
    const [a, b] = await connectedPeers(network, 2);
    check(a !== undefined && b !== undefined, 'there are two peers');
    let received = 0;
    b.transport.subscribe('retry', () => (received += 1));
    await spread();
    a.transport.publish('retry', numbered(1));
    await until(() => received === 1, 'the first arrives');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    a.transport.publish('retry', numbered(1));
    await until(() => received === 2, 'a second later it is no duplicate any more');
  });
}

function large(factory: NetworkFactory): Promise<void> {
  return withNetwork(factory, async (network) => {
    const [a, b] = await connectedPeers(network, 2);
    check(a !== undefined && b !== undefined, 'there are two peers');
    const received: Uint8Array[] = [];
    b.transport.subscribe('large', (_, payload) => received.push(payload));
    await spread();
    const payload = pattern(MIB, 9);
    a.transport.publish('large', payload);
    await until(() => received.length === 1, 'it arrives');
    check(isSame(received[0], payload), 'unchanged');
  });
}

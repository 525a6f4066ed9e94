import {
  type ConformanceTestPrimitives,
  check,
  checkEqual,
  connectedPeers,
  createPeer,
  failureOf,
  type NetworkFactory,
  numbered,
  numberOf,
  settle,
  spread,
  type TestPeer,
  until,
  withNetwork,
  withPair,
} from './harness.ts';

const LONG_MS = 8_000;

export function lifecycleConformance({ describe, test }: ConformanceTestPrimitives, factory: NetworkFactory): void {
  describe('lifecycle', () => {
    test('started peers connect, are told so, and list one another in order', () => connecting(factory));
    test('a stopped peer is missed; started again, everything works both ways', () => restart(factory));
    test('a new transport under the same identity takes over from a stopped one', () => replacement(factory));
    test('stop fails pending requests on both sides and is idempotent', () => stopping(factory));
    test('a blocked peer is not heard until it is unblocked; what is sent to it arrives', () => blocking(factory));
    test('before start and after stop nothing is sent and no handler runs', () => silence(factory));
  });
}

function connecting(factory: NetworkFactory): Promise<void> {
  return withNetwork(factory, async (network) => {
    const peers = await connectedPeers(network, 4);
    const ids = peers.map(({ transport }) => transport.self);
    checkEqual(new Set(ids).size, 4, 'identities differ');
    for (const { transport, changes } of peers) {
      const others = ids.filter((id) => id !== transport.self).toSorted();
      checkEqual(transport.peers(), others, 'the others, sorted');
      await until(() => changes.length === 3, 'connections are reported');
      checkEqual(changes.toSorted(), others.map((id) => `+${id}`).toSorted(), 'each once');
    }
  });
}

/** Direct, gossip and request from `a` to `b` all work. */
async function checkWorks(a: TestPeer, b: TestPeer, seen: readonly number[], value: number): Promise<void> {
  a.transport.send(b.transport.self, 'direct', numbered(value));
  await until(() => seen.includes(value), 'the message arrives');
  a.transport.publish('topic', numbered(value + 1));
  await until(() => seen.includes(value + 1), 'gossip arrives');
  const answer = await a.transport.request(b.transport.self, 'echo', numbered(value + 2), LONG_MS);
  checkEqual(numberOf(answer), value + 2, 'the answer');
}

/** Handlers for everything; returns the numbers that arrive. */
function listen({ transport }: TestPeer): readonly number[] {
  const seen: number[] = [];
  transport.onDirect('direct', (_, payload) => seen.push(numberOf(payload)));
  transport.subscribe('topic', (_, payload) => seen.push(numberOf(payload)));
  transport.onRequest('echo', async (_, payload) => payload);
  return seen;
}

function restart(factory: NetworkFactory): Promise<void> {
  return withPair(factory, async (a, b) => {
    const [seenByA, seenByB] = [listen(a), listen(b)];
    await spread();
    await checkWorks(a, b, seenByB, 100);
    await b.transport.stop();
    await until(() => a.changes.includes(`-${b.transport.self}`), 'the loss is reported');
    checkEqual(a.transport.peers(), [], 'no peer is left');
    const before = a.drops.drops;
    a.transport.send(b.transport.self, 'direct', numbered(1));
    await until(() => a.drops.drops === before + 1, 'what can not be sent is counted');
    checkEqual(
      await failureOf(a.transport.request(b.transport.self, 'echo', numbered(1), LONG_MS), b.transport.self, 'echo'),
      'notConnected',
      'reason',
    );
    await b.transport.start();
    await until(() => a.transport.peers().length === 1 && b.transport.peers().length === 1, 'they connect again');
    await spread();
    await checkWorks(a, b, seenByB, 200);
    await checkWorks(b, a, seenByA, 300);
    check(!seenByB.includes(1), 'what was dropped does not come later');
  });
}

function replacement(factory: NetworkFactory): Promise<void> {
  return withNetwork(factory, async (network) => {
    const [a, b] = await connectedPeers(network, 2);
    check(a !== undefined && b !== undefined, 'there are two peers');
    await b.transport.stop();
    const next = await createPeer(network, 'peer-1');
    checkEqual(next.transport.self, b.transport.self, 'the same name is the same identity');
    const seen = listen(next);
    await next.transport.start();
    await until(() => a.transport.peers().length === 1 && next.transport.peers().length === 1, 'they connect');
    await spread();
    await checkWorks(a, next, seen, 400);
  });
}

function stopping(factory: NetworkFactory): Promise<void> {
  return withPair(factory, async (a, b) => {
    const never = (): Promise<Uint8Array> => new Promise(() => undefined);
    a.transport.onRequest('never', never);
    b.transport.onRequest('never', never);
    const ofA = failureOf(
      a.transport.request(b.transport.self, 'never', numbered(0), LONG_MS),
      b.transport.self,
      'never',
    );
    const ofB = failureOf(
      b.transport.request(a.transport.self, 'never', numbered(0), LONG_MS),
      a.transport.self,
      'never',
    );
    await settle();
    await b.transport.stop();
    checkEqual(await ofB, 'stopped', 'own stop');
    checkEqual(await ofA, 'disconnected', 'the stop of the other');
    await b.transport.stop();
    await a.transport.stop();
  });
}

function blocking(factory: NetworkFactory): Promise<void> {
  return withPair(factory, async (a, b) => {
    const [seenByA, seenByB] = [listen(a), listen(b)];
    await spread();
    await checkWorks(b, a, seenByA, 100);
    a.transport.block(b.transport.self);
    b.transport.send(a.transport.self, 'direct', numbered(1));
    b.transport.publish('topic', numbered(2));
    const asked = b.transport.request(a.transport.self, 'echo', numbered(3), LONG_MS);
    await failureOf(asked, a.transport.self, 'echo');
    a.transport.send(b.transport.self, 'direct', numbered(4));
    await until(() => seenByB.includes(4), 'what is sent to it arrives');
    await settle();
    check(!seenByA.includes(1) && !seenByA.includes(2), 'nothing of it is heard');
    a.transport.unblock(b.transport.self);
    await checkWorks(b, a, seenByA, 200);
  });
}

function silence(factory: NetworkFactory): Promise<void> {
  return withNetwork(factory, async (network) => {
    const early = await createPeer(network, 'early');
    early.transport.send('anyone', 'direct', numbered(1));
    early.transport.publish('topic', numbered(1));
    const reason = await failureOf(early.transport.request('anyone', 'echo', numbered(1), LONG_MS), 'anyone', 'echo');
    checkEqual(reason, 'stopped', 'a transport that does not run asks nobody');
    checkEqual(early.transport.peers(), [], 'and has no peers');
    await early.transport.stop();
    const [a, b] = await connectedPeers(network, 2);
    check(a !== undefined && b !== undefined, 'there are two peers');
    const seen = listen(b);
    for (let i = 0; i < 100; i++) a.transport.send(b.transport.self, 'direct', numbered(i));
    await b.transport.stop();
    const count = seen.length;
    const changes = b.changes.length;
    await settle();
    checkEqual([seen.length, b.changes.length], [count, changes], 'after stop nothing is heard');
  });
}

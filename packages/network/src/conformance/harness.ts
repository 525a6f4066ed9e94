import { HeddleError } from '@heddle/primitives';
import { RequestFailedError, type RequestFailure } from '../errors.ts';
import type { TransportMetrics } from '../metrics.ts';
import type { PeerId, Transport } from '../transport.ts';

/** A network under test. Transports of one network find one another by themselves. */
export interface ConformanceNetwork {
  /** A transport that is not started. The same name is the same identity, also for a second transport of that name. */
  transport(name: string, metrics: TransportMetrics): Promise<Transport>;
  /** Ends everything; called after each test. */
  close(): Promise<void>;
}

export type NetworkFactory = () => Promise<ConformanceNetwork>;

/** The test runner's own functions, so that the suite depends on none. */
export interface ConformanceTestPrimitives {
  describe(name: string, body: () => void): void;
  test(name: string, body: () => Promise<void>): void;
}

/** A transport does not do what `transport.ts` says. */
export class ConformanceError extends HeddleError {
  readonly code = 'NOT_CONFORMING';

  constructor(message: string) {
    super(message, {});
  }
}

/** How long anything may take, far above any honest implementation on a loaded machine. */
const PATIENCE_MS = 10_000;

export function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new ConformanceError(what);
}

export function checkEqual(actual: unknown, expected: unknown, what: string): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(found === wanted, `${what}: ${found} instead of ${wanted}`);
}

export function pauseMs(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}

/** Waits until `condition` holds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!condition()) {
    check(performance.now() < endMs, `waited in vain: ${what}`);
    await pauseMs(2);
  }
}

/** Time for what must not come to come. */
export async function settle(): Promise<void> {
  await pauseMs(60);
}

/** Time for subscriptions to spread: who publishes before loses the message, and no transport tells when it is over. */
export async function spread(): Promise<void> {
  await pauseMs(500);
}

/** Counts what one transport dropped. */
export class DropCounter implements TransportMetrics {
  drops = 0;

  sent(): void {
    // Only drops matter here.
  }

  received(): void {
    // Only drops matter here.
  }

  dropped(): void {
    this.drops += 1;
  }

  duplicate(): void {
    // Only drops matter here.
  }

  handlerFailed(): void {
    // Only drops matter here.
  }
}

/** One peer of a test: its transport, what changed around it, what it dropped. */
export interface TestPeer {
  readonly transport: Transport;
  readonly drops: DropCounter;
  /** `+id` and `-id`, in order. */
  readonly changes: readonly string[];
}

export async function createPeer(network: ConformanceNetwork, name: string): Promise<TestPeer> {
  const drops = new DropCounter();
  const transport = await network.transport(name, drops);
  const changes: string[] = [];
  transport.onPeerChange((peer, connected) => changes.push(`${connected ? '+' : '-'}${peer}`));
  return { transport, drops, changes };
}

/** Started peers, all connected to one another. */
export async function connectedPeers(network: ConformanceNetwork, count: number): Promise<readonly TestPeer[]> {
  const peers: TestPeer[] = [];
  for (let i = 0; i < count; i++) peers.push(await createPeer(network, `peer-${i}`));
  for (const { transport } of peers) await transport.start();
  await until(() => peers.every(({ transport }) => transport.peers().length === count - 1), 'all peers connect');
  return peers;
}

/** Runs `body` on a network of its own and closes that whatever happens. */
export async function withNetwork(
  factory: NetworkFactory,
  body: (network: ConformanceNetwork) => Promise<void>,
): Promise<void> {
  const network = await factory();
  try {
    await body(network);
  } finally {
    await network.close();
  }
}

/** `withNetwork` with two connected peers. */
export async function withPair(
  factory: NetworkFactory,
  body: (a: TestPeer, b: TestPeer) => Promise<void>,
): Promise<void> {
  await withNetwork(factory, async (network) => {
    const [a, b] = await connectedPeers(network, 2);
    check(a !== undefined && b !== undefined, 'there are two peers');
    await body(a, b);
  });
}

/** Why a request failed; an error if it did not fail, or not as it should. */
export async function failureOf(request: Promise<Uint8Array>, peer: PeerId, protocol: string): Promise<RequestFailure> {
  try {
    await request;
  } catch (error) {
    check(
      error instanceof RequestFailedError,
      `a failed request rejects with RequestFailedError, not ${String(error)}`,
    );
    checkEqual([error.facts.peer, error.facts.protocol], [peer, protocol], 'the error names peer and protocol');
    return error.facts.reason;
  }
  throw new ConformanceError('a request was answered that should have failed');
}

/** `length` bytes that differ by `seed` and by place. */
export function pattern(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >>> 8) * 7 + seed) & 0xff;
  return bytes;
}

export function isSame(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** A number as a payload. */
export function numbered(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

export function numberOf(payload: Uint8Array): number {
  return payload.reduce((value, byte) => value * 256 + byte, 0);
}

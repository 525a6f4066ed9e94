import type { ConsensusMessage } from '@heddle/consensus';
import { type PeerId, peerOf } from '@heddle/network';
import { createVirtualTime, type VirtualTime } from '@heddle/runtime';
import type { Status, TupleCertificate, Vote } from '@heddle/types';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { EpochRuntime } from '../../src/epochs/epoch-runtime.ts';
import { Epochs } from '../../src/epochs/epochs.ts';
import { EARLY_MESSAGE_BYTES, EARLY_MESSAGE_OVERHEAD_BYTES, TRANSITION_ASK_MS } from '../../src/limits.ts';
import { SILENT_LOGGER } from '../../src/logger.ts';
import { FakeLink } from '../support/fake-link.ts';
import { ShortChain, shortEpochs } from '../support/short-chain.ts';

const LENGTH = 4n;
/** Of a message on the wire. */
const BYTES = 200;

/** Remembers what it was told. */
class FakeRuntime implements EpochRuntime {
  readonly epoch: bigint;
  readonly heard: string[] = [];
  readonly views = 1;
  readonly heldBytes = 0;
  started = false;
  stopped = false;

  constructor(epoch: bigint) {
    this.epoch = epoch;
  }

  start(): void {
    this.started = true;
  }

  stop(): Promise<void> {
    this.stopped = true;
    return Promise.resolve();
  }

  status(): Status {
    return { epoch: this.epoch, currentView: 7n, bestFinalization: null };
  }

  receive(from: PeerId, message: ConsensusMessage): void {
    this.heard.push(`${from} ${message.kind}`);
  }

  receiveChunk(): void {
    this.heard.push('chunk');
  }

  receiveEndorsement(): void {
    this.heard.push('endorsement');
  }

  finalized(height: bigint): void {
    this.heard.push(`final ${height}`);
  }

  blame(peer: PeerId, reason: string): void {
    this.heard.push(`${peer} ${reason}`);
  }

  controlSubmitted(): void {}
  work(): void {}
}

/** The first two of the set. */
const [PEER, OTHER] = devnetPeers();
const STRANGER = peerOf(new Uint8Array(48).fill(7));

function devnetPeers(): readonly [PeerId, PeerId] {
  const [first, second] = shortEpochs(LENGTH).validators.map(({ publicKey }) => peerOf(publicKey));
  if (first === undefined || second === undefined) throw new Error('a devnet has four validators');
  return [first, second];
}

let time: VirtualTime;
let short: ShortChain;
let link: FakeLink;
let runtimes: FakeRuntime[];
let forgotten: bigint[];
let changes: number;
let fatal: unknown[];
let opening: () => Promise<void>;
let epochs: Epochs;

beforeEach(async () => {
  time = createVirtualTime({ startWallMs: 0 });
  short = await ShortChain.open(shortEpochs(LENGTH));
  link = new FakeLink();
  runtimes = [];
  forgotten = [];
  changes = 0;
  fatal = [];
  opening = () => Promise.resolve();
  epochs = createEpochs();
});

afterEach(() => short.close());

function createEpochs(): Epochs {
  const parts = {
    chain: short.chain,
    link,
    clock: time.clock,
    log: SILENT_LOGGER,
    blocked: {
      clear: () => {
        changes += 1;
      },
    },
    storage: {
      removeJournalsBelow: async (epoch: bigint) => {
        forgotten.push(epoch);
      },
    },
    events: { fatal: (error: unknown) => fatal.push(error) },
  };
  return new Epochs(parts, async () => {
    await opening();
    const runtime = new FakeRuntime(short.chain.epochs.epochAbove(short.chain.tree.root.height));
    runtimes.push(runtime);
    return runtime;
  });
}

function voteOf(epoch: bigint): ConsensusMessage {
  const vote: Vote = { kind: 'nullify', epoch, view: 1n, signer: 0, signature: new Uint8Array(96) };
  return { kind: 'vote', vote };
}

function statusOf(epoch: bigint): ConsensusMessage {
  return { kind: 'status', status: { epoch, currentView: 1n, bestFinalization: null } };
}

/** Blocks up to `height` become final one by one, as the finalizer tells it. */
async function finalizeTo(height: bigint): Promise<TupleCertificate | null> {
  let certificate: TupleCertificate | null = null;
  while (short.chain.tree.root.height < height) {
    certificate = await short.finalize(short.grow(short.chain.tree.root.height + 1n));
    epochs.finalized(short.chain.tree.root.height);
  }
  return certificate;
}

function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe('the running epoch', () => {
  test('starts when it is told to and hears its own messages', async () => {
    await epochs.open();
    expect(runtimes.map(({ started }) => started)).toEqual([false]);
    epochs.start();
    epochs.receive(PEER, voteOf(0n), BYTES);
    expect(runtimes[0]).toMatchObject({ epoch: 0n, started: true, heard: [`${PEER} vote`] });
    expect(epochs.status()).toMatchObject({ epoch: 0n, currentView: 7n });
  });

  test('ends with the last of its blocks; the next one runs once the old one has stopped', async () => {
    await epochs.open();
    epochs.start();
    await finalizeTo(LENGTH - 1n);
    expect(runtimes).toHaveLength(1);
    await finalizeTo(LENGTH);
    expect(runtimes[0]?.stopped).toBe(true);
    await settled();
    expect(runtimes.map(({ epoch, started }) => [epoch, started])).toEqual([
      [0n, true],
      [1n, true],
    ]);
    expect(fatal).toEqual([]);
  });

  test('is the one above the final head when a node starts', async () => {
    await finalizeTo(LENGTH);
    epochs = createEpochs();
    await epochs.open();
    expect(runtimes.at(-1)?.epoch).toBe(1n);
  });

  test('lets go of what is older with its first final block, once', async () => {
    await epochs.open();
    epochs.start();
    await finalizeTo(LENGTH);
    await settled();
    expect(forgotten).toEqual([]);
    await finalizeTo(LENGTH + 2n);
    expect(forgotten).toEqual([1n]);
  });

  test('does not run after a stop, not even when it was being opened', async () => {
    let release: () => void = () => {};
    opening = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    const opened = epochs.open();
    await settled();
    const stopped = epochs.stop();
    release();
    await Promise.all([opened, stopped]);
    epochs.start();
    expect(runtimes.map(({ started }) => started)).toEqual([false]);
  });

  test('an error while the next epoch is opened ends the node', async () => {
    await epochs.open();
    epochs.start();
    opening = () => Promise.reject(new Error('no disk'));
    await finalizeTo(LENGTH);
    await settled();
    expect(fatal).toEqual([new Error('no disk')]);
  });
});

describe('who is told apart', () => {
  test('members of this epoch and the next have a part in chunks, nobody else', async () => {
    await epochs.open();
    expect([PEER, OTHER, STRANGER].map((peer) => epochs.makesChunks(peer))).toEqual([true, true, false]);
  });

  test('with each epoch the list of the blocked begins anew', async () => {
    await epochs.open();
    epochs.start();
    await finalizeTo(2n * LENGTH - 1n);
    expect(changes).toBe(1);
  });
});

describe('messages of another epoch', () => {
  test('an older one is answered with what ended it; certificates are not', async () => {
    await epochs.open();
    epochs.start();
    const certificate = await finalizeTo(LENGTH);
    await settled();
    epochs.receive(PEER, statusOf(0n), BYTES);
    epochs.receive(PEER, voteOf(0n), BYTES);
    epochs.receive(PEER, { kind: 'certificateRequest', epoch: 0n, view: 3n }, BYTES);
    if (certificate === null) throw new Error('the epoch has ended');
    epochs.receive(PEER, { kind: 'certificate', certificate }, BYTES);
    expect(link.sent).toEqual(Array(3).fill({ to: PEER, message: { kind: 'certificate', certificate } }));
    expect(runtimes[1]?.heard).toEqual([]);
  });

  test('a newer one makes it ask its sender for what ends this one, now and then', async () => {
    await epochs.open();
    epochs.start();
    for (let i = 0; i < 5; i++) epochs.receive(PEER, voteOf(9n), BYTES);
    epochs.receive(OTHER, statusOf(1n), BYTES);
    const ask = { kind: 'status', status: { epoch: 0n, currentView: 7n, bestFinalization: null } };
    expect(link.sent).toEqual([
      { to: PEER, message: ask },
      { to: OTHER, message: ask },
    ]);
    await time.advanceAsync(TRANSITION_ASK_MS);
    epochs.receive(PEER, voteOf(9n), BYTES);
    expect(link.sent).toHaveLength(3);
    expect(runtimes[0]?.heard).toEqual([]);
  });

  test('those of the next one’s members wait for it, in order and bounded in bytes', async () => {
    await epochs.open();
    epochs.start();
    await finalizeTo(LENGTH / 2n);
    for (let i = 0; i < 5_000; i++) epochs.receive(PEER, voteOf(1n), BYTES);
    epochs.receive(OTHER, statusOf(1n), BYTES);
    epochs.receive(OTHER, voteOf(2n), BYTES);
    epochs.receive(STRANGER, voteOf(1n), BYTES);
    expect(epochs.heldBytes).toBeLessThanOrEqual(EARLY_MESSAGE_BYTES.perSender + BYTES + EARLY_MESSAGE_OVERHEAD_BYTES);
    await finalizeTo(LENGTH);
    await settled();
    const heard = runtimes[1]?.heard ?? [];
    expect(heard.filter((entry) => entry.startsWith(PEER))).toHaveLength(
      Math.floor(EARLY_MESSAGE_BYTES.perSender / (BYTES + EARLY_MESSAGE_OVERHEAD_BYTES)),
    );
    expect(heard.at(-1)).toBe(`${OTHER} status`);
    expect(heard.some((entry) => entry.startsWith(STRANGER))).toBe(false);
    expect(epochs.heldBytes).toBe(0);
  });

  test('nothing waits while the next set is not known here: who is far behind asks for what it lacks', async () => {
    await epochs.open();
    epochs.start();
    await finalizeTo(LENGTH / 2n - 1n);
    epochs.receive(PEER, voteOf(1n), BYTES);
    expect([epochs.heldBytes, link.sent.length]).toEqual([0, 1]);
  });

  test('those that come between two epochs wait too', async () => {
    await epochs.open();
    epochs.start();
    await finalizeTo(LENGTH);
    epochs.receive(PEER, voteOf(1n), BYTES);
    expect(epochs.status()).toEqual({ epoch: 1n, currentView: 0n, bestFinalization: null });
    await settled();
    expect(runtimes[1]?.heard).toEqual([`${PEER} vote`]);
  });
});

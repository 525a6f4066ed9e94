import type { ConsensusMessage, SignatureScheme } from '@heddle/consensus';
import type { PeerId } from '@heddle/network';
import { createVirtualTime, type VirtualTime } from '@heddle/runtime';
import { type Hash, hashValidators, type TupleCertificate, ZERO_HASH } from '@heddle/types';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ChunkCache } from '../../src/chain/chunk-cache.ts';
import { ChunkIntake } from '../../src/consensus/chunk-intake.ts';
import { EpochValidators } from '../../src/epochs/epoch-validators.ts';
import { Observer } from '../../src/epochs/observer.ts';
import { OBSERVER_POLL_MS } from '../../src/limits.ts';
import { SILENT_LOGGER } from '../../src/logger.ts';
import { BlockList } from '../../src/peers/block-list.ts';
import { emptyBlock } from '../support/blocks.ts';
import { FakeLink } from '../support/fake-link.ts';
import { ShortChain, shortEpochs } from '../support/short-chain.ts';

const EPOCH = 3n;
const PEER = 'validator-00';
const OTHER = 'validator-01';

/** An aggregate is good if it begins with a 1. */
const scheme: SignatureScheme = {
  verify: () => false,
  aggregate: () => null,
  verifyAggregate: (_keys, _message, aggregate) => aggregate[0] === 1,
  verifyAll: () => false,
};

let time: VirtualTime;
let link: FakeLink;
let final: Hash[];
let blocked: PeerId[];
let short: ShortChain;
let observer: Observer;

beforeEach(async () => {
  short = await ShortChain.open(shortEpochs(4n));
  time = createVirtualTime({ startWallMs: 0 });
  link = new FakeLink();
  final = [];
  const genesis = shortEpochs(4n);
  const set = { epoch: EPOCH, validators: genesis.validators, hash: hashValidators(genesis.validators) };
  const domain = { genesisHash: ZERO_HASH, chainId: genesis.chainId, epoch: EPOCH, validatorSetHash: set.hash };
  const validators = new EpochValidators(set, domain, emptyBlock(null), 1, scheme);
  blocked = [];
  const events = {
    blame: (peer: PeerId, reason: string): void => observer.blame(peer, reason),
    peerBlocked: (peer: PeerId) => blocked.push(peer),
  };
  observer = new Observer(null, {
    validators,
    link,
    scheduler: time.scheduler,
    blocked: new BlockList({ log: SILENT_LOGGER, transport: { block: () => {}, unblock: () => {} }, events }),
    intake: new ChunkIntake({ validators, chain: short.chain, chunks: new ChunkCache(), events }),
    catchUp: { finalized: ({ tuple }) => final.push(tuple.blockHash) },
  });
});

afterEach(() => short.close());

function hashOf(view: bigint): Hash {
  return `0x${view.toString(16).padStart(64, '0')}`;
}

function finalization(view: bigint, changes: Partial<TupleCertificate> = {}): TupleCertificate {
  const tuple = { epoch: EPOCH, view, parentView: view - 1n, parentHash: hashOf(view - 1n), blockHash: hashOf(view) };
  return {
    kind: 'finalize',
    tuple: { ...tuple, justificationRoot: ZERO_HASH },
    bitmap: Uint8Array.of(0b111),
    aggregate: new Uint8Array(96).fill(1),
    ...changes,
  };
}

function hear(from: PeerId, certificate: TupleCertificate): void {
  observer.receive(from, { kind: 'certificate', certificate });
}

describe('what it believes', () => {
  test('finalizations of a quorum, each newer one once', () => {
    for (const view of [2n, 2n, 1n, 5n]) hear(PEER, finalization(view));
    expect(final).toEqual([hashOf(2n), hashOf(5n)]);
    expect(observer.status()).toEqual({ epoch: EPOCH, currentView: 0n, bestFinalization: finalization(5n) });
  });

  test('no notarization, no other epoch, no minority', () => {
    hear(PEER, finalization(1n, { kind: 'notarize' }));
    hear(PEER, finalization(2n, { bitmap: Uint8Array.of(0b11) }));
    hear(OTHER, finalization(3n, { tuple: { ...finalization(3n).tuple, epoch: EPOCH + 1n } }));
    expect(final).toEqual([]);
  });

  test('who forged one is blocked', () => {
    hear(PEER, finalization(2n, { aggregate: new Uint8Array(96) }));
    hear(OTHER, finalization(4n));
    expect(final).toEqual([hashOf(4n)]);
    expect(blocked).toEqual([PEER]);
  });
});

describe('what it says', () => {
  test('where it stands, at the start', () => {
    observer.start();
    expect(link.broadcasts).toEqual([{ kind: 'status', status: observer.status() }]);
  });

  test('what it knows, to those who know less', () => {
    hear(PEER, finalization(4n));
    for (const best of [null, finalization(3n), finalization(4n)]) {
      const status = { epoch: EPOCH, currentView: 9n, bestFinalization: best };
      observer.receive(OTHER, { kind: 'status', status });
    }
    expect(link.sent).toEqual(
      Array(2).fill({ to: OTHER, message: { kind: 'certificate', certificate: finalization(4n) } }),
    );
  });

  test('it asks once for the end of a view that it saw begin, and is silent when it has heard of it', async () => {
    const vote = (view: bigint): ConsensusMessage => ({
      kind: 'vote',
      vote: { kind: 'nullify', epoch: EPOCH, view, signer: 0, signature: new Uint8Array(96) },
    });
    observer.receive(PEER, vote(3n));
    observer.receive(OTHER, vote(3n));
    await time.advanceAsync(OBSERVER_POLL_MS);
    expect(link.sent).toEqual([{ to: PEER, message: { kind: 'status', status: observer.status() } }]);
    observer.receive(PEER, vote(4n));
    hear(OTHER, finalization(4n));
    await time.advanceAsync(OBSERVER_POLL_MS);
    expect(link.sent).toHaveLength(1);
    expect(time.pending()).toBe(0);
  });

  test('nothing after a stop', async () => {
    observer.receive(PEER, { kind: 'certificate', certificate: finalization(3n, { kind: 'notarize' }) });
    await observer.stop();
    hear(PEER, finalization(5n));
    await time.advanceAsync(OBSERVER_POLL_MS);
    expect([final, link.sent, time.pending()]).toEqual([[], [], 0]);
  });
});

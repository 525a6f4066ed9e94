import { decodeWireMessage, decodeWireRequest } from '@heddle/network';
import { MAX_MISSING_ANCESTORS } from '../../src/limits.ts';
import { CONSENSUS_STREAM } from '../../src/peers/protocols.ts';
import { type NetworkOptions, PLAIN_NETWORK, type TestNetwork } from '../support/network.ts';
import { HONEST, type Tampering } from '../support/tampering.ts';
import { EVERYONE, type Facts, type Scenario, scenario, scenarioOn, transfers } from './scenario.ts';

const TWO_SHARDS = { shardCount: 2, blockTimeMs: 0 };
const OTHERS = [0, 1, 2];
const LAGGARD = 3;
/** The last of these nodes is in no set. */
const WITH_OBSERVER: NetworkOptions = { ...PLAIN_NETWORK, validatorCount: 3, spareCount: 1, ...TWO_SHARDS };
/** More than one transaction of this size needs a second message, and no answer of a range holds it. */
const LARGE_BYTES = 60_000;
const SMALL_RANGE_BYTES = 50_000;

/** A user's transactions wait in the pool; they are sent, and sent again, for as long as they do. */
async function behindGap(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  const from = network.account(0);
  const [first, ...rest] = Array.from({ length: 10 }, () => {
    const sending = { from, to: from.address, value: 0n, data: new Uint8Array(127_000), gasLimit: 1_400_000n };
    const signed = network.sign(sending);
    network.took(signed);
    return signed;
  });
  if (first === undefined) throw new Error('ten were made');
  for (const transaction of rest) network.submitSigned(0, transaction);
  await network.pass(5_000);
  const pooled = EVERYONE.map((index) => network.node(index).pool.size).join(' ');
  network.submitSigned(0, first);
  await network.until('all ten', () => EVERYONE.every((index) => network.node(index).pool.size === 0));
  await network.idle();
  const unsent = EVERYONE.reduce((sum, index) => sum + network.node(index).unsent.total, 0);
  return { pooled, unsent };
}

/** Blocks with a chunk larger than a range, between small ones. */
async function largeBlocks(network: TestNetwork): Promise<void> {
  const [from, to] = [network.account(0), network.account(0, 1).address];
  for (let i = 0; i < 2; i++) {
    await transfers(network, OTHERS, 2);
    const large = { from, to, value: 0n, data: new Uint8Array(LARGE_BYTES), gasLimit: 700_000n };
    await network.executed(network.submit(0, large));
  }
  await transfers(network, OTHERS, 2);
  await network.idle();
}

/** Whoever comes later gets through, whether or not it is in the set. */
async function overLargeBlocks(network: TestNetwork): Promise<Facts> {
  network.maxRangeBytes = SMALL_RANGE_BYTES;
  for (const index of OTHERS) await network.start(index);
  await largeBlocks(network);
  await network.start(LAGGARD);
  const { height } = network;
  await network.until('catching up', () => network.node(LAGGARD).chain.tree.root.height === height, 10_000);
  await network.idle();
  return { height: Number(height) };
}

/** The same when ranges are never answered: one block after the other, by its hash. */
async function withoutRanges(network: TestNetwork): Promise<Facts> {
  const silent: Tampering = {
    ...HONEST,
    answer: async (request, honest) => {
      const { kind } = decodeWireRequest(request);
      if (kind === 'rangeRequest' || kind === 'headersRequest') throw new Error('not here');
      return honest;
    },
  };
  for (const index of OTHERS) await network.start(index, silent);
  await largeBlocks(network);
  await network.start(LAGGARD);
  const { height } = network;
  await network.until('catching up', () => network.node(LAGGARD).chain.tree.root.height === height, 60_000);
  await network.idle();
  return { height: Number(height) };
}

/** A validator is behind by a gap, and slow: what it holds meanwhile has nothing to do with how wide the gap is. */
async function gapOf(blocks: bigint, network: TestNetwork): Promise<Facts> {
  for (const index of OTHERS) await network.start(index);
  for (const index of OTHERS) network.node(index).wantHeight(blocks);
  await network.idle();
  network.executionMs.set(LAGGARD, 5);
  let most = 0;
  const started = network.beginStart(LAGGARD);
  const node = network.node(LAGGARD);
  await network.until('catching up', () => {
    const { blocksUnderway, unfinalBlocks } = node.footprint;
    most = Math.max(most, blocksUnderway + unfinalBlocks);
    return node.chain.tree.root.height >= blocks;
  });
  await started;
  await network.idle();
  return { held: most > 0, few: most <= MAX_MISSING_ANCESTORS + 2 };
}

/** Nothing that says what is final reaches the laggard by itself: it has to ask. */
async function toldOfViewsOnly(network: TestNetwork): Promise<Facts> {
  let mute = true;
  const reticent: Tampering = {
    ...HONEST,
    send: (to, protocol, payload) => {
      if (!mute || to !== network.peer(LAGGARD) || protocol !== CONSENSUS_STREAM) return payload;
      const message = decodeWireMessage(payload);
      if (message.kind === 'status') return null;
      // Whether a proposal tells hangs on who leads after the pause.
      if (message.kind === 'proposal') return message.proposal.parentCertificate?.kind === 'finalize' ? null : payload;
      if (message.kind === 'vote') return message.vote.kind === 'finalize' ? null : payload;
      return message.kind === 'certificate' && message.certificate.kind === 'finalize' ? null : payload;
    },
  };
  for (const index of OTHERS) await network.start(index, reticent);
  for (const index of OTHERS) network.node(index).wantHeight(12n);
  await network.idle();
  await network.start(LAGGARD);
  for (const index of OTHERS) network.node(index).wantHeight(14n);
  await network.pass(3_000);
  const before = network.node(LAGGARD).chain.tree.root.height;
  mute = false;
  await network.until('catching up', () => network.node(LAGGARD).chain.tree.root.height >= 14n, 30_000);
  return { before: Number(before) };
}

/**
 * Finality stands still while blocks are notarized, and one validator has none of them: then it is needed. There is
 * nothing to catch up with, so it takes up all that the others hold.
 */
async function unfinalAncestry(network: TestNetwork): Promise<Facts> {
  let isFinalizing = false;
  const deaf: Tampering = {
    ...HONEST,
    send: (to, protocol, payload) => {
      if (isFinalizing || protocol !== CONSENSUS_STREAM) return payload;
      if (to === network.peer(LAGGARD)) return null;
      const message = decodeWireMessage(payload);
      return message.kind === 'vote' && message.vote.kind === 'finalize' ? null : payload;
    },
  };
  for (const index of OTHERS) await network.start(index, deaf);
  for (const index of OTHERS) network.node(index).wantHeight(9n);
  await network.until('blocks that are not final', () =>
    OTHERS.every((index) => network.node(index).footprint.unfinalBlocks >= 8),
  );
  const final = network.height;
  await network.kill(2);
  isFinalizing = true;
  await network.start(LAGGARD);
  await network.until('finality', () => network.height >= 9n, 120_000);
  return { finalBefore: Number(final), laggard: Number(network.node(LAGGARD).chain.tree.root.height >= 8n) };
}

export const SIZES: readonly Scenario[] = [
  scenario('nine transactions behind a nonce gap', TWO_SHARDS, behindGap),
  scenarioOn('an observer catches up over a block that no range holds', WITH_OBSERVER, overLargeBlocks),
  scenario('a member catches up over a block that no range holds', TWO_SHARDS, overLargeBlocks),
  scenarioOn('an observer catches up where nobody answers with ranges', WITH_OBSERVER, withoutRanges),
  scenario('a gap of 20 blocks', TWO_SHARDS, (network) => gapOf(20n, network)),
  scenario('a gap of 80 blocks', TWO_SHARDS, (network) => gapOf(80n, network)),
  scenario('a laggard that is told of views only', TWO_SHARDS, toldOfViewsOnly),
  scenario('a laggard below many blocks that are not final', TWO_SHARDS, unfinalAncestry),
];

import { leaderOf, seededPermutation } from '@heddle/consensus';
import { decodeRangeResponse, decodeWireMessage, decodeWireRequest, encodeRangeResponse } from '@heddle/network';
import { hexToBytes } from '@heddle/primitives';
import { CONSENSUS_STREAM } from '../../src/peers/protocols.ts';
import type { TestNetwork } from '../support/network.ts';
import { HONEST, type Tampering } from '../support/tampering.ts';
import { EVERYONE, type Facts, onOneAndTwoShards, type Scenario, scenario, transfers } from './scenario.ts';

const TWO_SHARDS = { shardCount: 2, blockTimeMs: 0 };
const OTHERS = [0, 1, 2];
const LAGGARD = 3;
/** What a write takes where a scenario looks at writes. */
const DISK_MS = 3;

/** Validator 3 misses more blocks than one range answer holds, and then it is needed for a quorum. */
async function longAbsence(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  await transfers(network, EVERYONE, 1);
  await network.stop(LAGGARD);
  const target = network.height + 36n;
  for (const node of network.running.values()) node.wantHeight(target);
  await transfers(network, OTHERS, 2);
  await network.idle();
  const missed = network.height - network.storage(LAGGARD).chain.head().block.header.number;
  await network.start(LAGGARD);
  await network.idle();
  const caughtUp = network.node(LAGGARD).chain.tree.root.height === network.height;
  await network.stop(0);
  await transfers(network, [LAGGARD, 1, 2], 1);
  await network.idle();
  return { missedAtLeast36: missed >= 36n, caughtUp };
}

async function wholeNetwork(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  await transfers(network, EVERYONE, 2);
  await network.idle();
  const { height } = network;
  for (const index of EVERYONE) await network.stop(index);
  await network.startAll();
  await network.idle();
  const kept = EVERYONE.every((index) => network.node(index).chain.tree.root.height === height);
  await transfers(network, EVERYONE, 2);
  await network.idle();
  return { kept, wentOn: network.height > height };
}

/** One validator is killed ever later after a transaction came, from the chunk's first write to the last of finality. */
async function killedAtEveryStage(network: TestNetwork): Promise<Facts> {
  network.diskMs = DISK_MS;
  await network.startAll();
  let kills = 0;
  for (let afterMs = 2; afterMs < 60; afterMs += 11) {
    const { shardCount } = network.genesis;
    const from = network.account(kills % shardCount);
    const hash = network.transfer(0, from, network.account((kills + 1) % shardCount, 1).address, 7n);
    await network.time.advanceAsync(afterMs);
    await network.kill(LAGGARD);
    await network.executed(hash);
    await network.start(LAGGARD);
    await network.idle();
    kills++;
  }
  return { kills };
}

/** The same with all validators at once; their pools are lost with them, so the user sends again. */
async function allKilledAtEveryStage(network: TestNetwork): Promise<Facts> {
  network.diskMs = DISK_MS;
  await network.startAll();
  let kills = 0;
  for (let afterMs = 5; afterMs < 60; afterMs += 11) {
    const to = network.account(network.genesis.shardCount - 1, 1).address;
    const terms = { value: 7n, data: new Uint8Array(), gasLimit: 21_000n };
    const transaction = network.sign({ from: network.account(0), to, ...terms });
    network.submitSigned(0, transaction);
    await network.time.advanceAsync(afterMs);
    for (const index of EVERYONE) await network.kill(index);
    await network.startAll();
    await network.time.advanceAsync(10_000);
    const isThere = network.node(0).chain.store.transactionLocation(transaction.hash) !== null;
    if (!isThere) network.submitSigned(0, transaction);
    await network.executed(transaction.hash);
    await network.idle();
    kills++;
  }
  return { kills };
}

/** A validator that catches up is stopped at many moments. After its stop nothing is written, and the next start goes on. */
async function stoppedInCatchUp(network: TestNetwork): Promise<Facts> {
  for (const index of OTHERS) await network.start(index);
  for (const node of network.running.values()) node.wantHeight(6n);
  await transfers(network, OTHERS, 2);
  await network.idle();
  network.diskMs = DISK_MS;
  const headOf = (): bigint => network.storage(LAGGARD).chain.head().block.header.number;
  let writtenAfterStop = 0;
  for (let afterMs = 1; afterMs < 40; afterMs += 5) {
    await network.start(LAGGARD);
    await network.time.advanceAsync(afterMs);
    await network.stop(LAGGARD);
    const head = headOf();
    await network.time.advanceAsync(20 * DISK_MS);
    if (headOf() !== head) writtenAfterStop++;
  }
  await network.start(LAGGARD);
  await network.idle();
  return { writtenAfterStop };
}

/** A validator is stopped before it has started, at every wait of its start. Each time it leaves, and can start again. */
async function stoppedInStart(network: TestNetwork): Promise<Facts> {
  for (const index of OTHERS) await network.start(index);
  await transfers(network, OTHERS, 2);
  network.diskMs = DISK_MS;
  let stops = 0;
  for (let afterMs = 0; afterMs <= 4 * DISK_MS; afterMs += 2) {
    const started = network.beginStart(LAGGARD);
    await network.time.advanceAsync(afterMs);
    await network.stop(LAGGARD);
    await network.time.advanceAsync(20 * DISK_MS);
    await started;
    stops++;
  }
  await network.start(LAGGARD);
  await network.idle();
  return { stops };
}

/** What the others send to the laggard, less what the filter holds back. */
function holdingBack(
  network: TestNetwork,
  isHeldBack: (message: ReturnType<typeof decodeWireMessage>) => boolean,
): Tampering {
  const isFor = (to: string, protocol: string): boolean =>
    to === network.peer(LAGGARD) && protocol === CONSENSUS_STREAM;
  return {
    ...HONEST,
    send: (to, protocol, payload) => (isFor(to, protocol) && isHeldBack(decodeWireMessage(payload)) ? null : payload),
  };
}

/**
 * Validator 3 gets one block by request only, so it keeps no copy, votes for the next, and is stopped before it has
 * either as final. Its next start has to fetch the first before anything, with the others talking to it meanwhile.
 */
async function startBelowOwnVotes(network: TestNetwork): Promise<Facts> {
  // A block of its own it would keep. Views and heights go together: nothing is skipped here.
  const leaders = seededPermutation(hexToBytes(network.genesisHash), network.genesis.validators.length);
  const lost = leaderOf(leaders, 3n) === LAGGARD ? 4n : 3n;
  const tampering = holdingBack(network, (message) => {
    if (message.kind === 'proposal') return message.proposal.block.header.number === lost;
    if (message.kind === 'certificate' && message.certificate.kind === 'finalize') {
      return message.certificate.tuple.view >= lost;
    }
    return message.kind === 'vote' && message.vote.kind === 'finalize' && message.vote.tuple.view >= lost;
  });
  for (const index of OTHERS) await network.start(index, tampering);
  await network.start(LAGGARD);
  for (const node of network.running.values()) node.wantHeight(lost + 2n);
  const { chain } = network.storage(LAGGARD);
  const unfinal = (): readonly bigint[] => chain.unfinalBlocks().map(({ block }) => block.header.number);
  await network.until('a vote for the next block', () => unfinal().includes(lost + 1n));
  const keptLost = unfinal().includes(lost);
  await network.stop(LAGGARD);
  await network.start(LAGGARD);
  for (const index of OTHERS) {
    await network.stop(index);
    await network.start(index);
  }
  await network.idle();
  return { keptLost, finalAbove: Number(network.node(LAGGARD).chain.tree.root.height - lost) };
}

/** The others finalize a block and say so, but don't answer requests for it until a while later. Nothing else follows. */
async function bodyComesLate(network: TestNetwork): Promise<Facts> {
  let isDark = false;
  const quiet = holdingBack(network, (message) => isDark && message.kind === 'proposal');
  const tampering: Tampering = {
    ...quiet,
    answer: (_request, honest) => (isDark ? Promise.reject(new Error('not now')) : Promise.resolve(honest)),
  };
  for (const index of OTHERS) await network.start(index, tampering);
  await network.start(LAGGARD);
  await transfers(network, EVERYONE, 2);
  await network.idle();
  isDark = true;
  network.transfer(0, network.account(0), network.account(0, 1).address, 7n);
  await network.time.advanceAsync(400);
  isDark = false;
  await network.idle();
  return { caughtUp: network.node(LAGGARD).chain.tree.root.height === network.height };
}

/** Blocks become final in the ordinary way while a laggard still waits for one that it has asked for. */
async function overtaken(network: TestNetwork): Promise<Facts> {
  const slow: Tampering = {
    ...HONEST,
    answer: async (request, honest) => {
      const { kind } = decodeWireRequest(request);
      if (kind === 'blockRequest') await new Promise<void>((resolve) => network.time.scheduler.after(700, resolve));
      return honest;
    },
  };
  for (const index of OTHERS) await network.start(index, slow);
  await network.start(LAGGARD);
  for (let round = 0; round < 4; round++) {
    network.hub.partition([[network.peer(LAGGARD)]]);
    const target = network.height + 2n;
    for (const index of OTHERS) network.node(index).wantHeight(target);
    await network.until('blocks of the majority', () => network.height >= target);
    network.hub.heal();
    await network.pass(100 + 200 * round);
    for (const node of network.running.values()) node.wantHeight(target + 3n);
    await network.idle();
  }
  return {};
}

/** What waits in the others' pools is in that of a newcomer too. */
async function poolOfNewcomer(network: TestNetwork): Promise<Facts> {
  for (const index of OTHERS) await network.start(index);
  const terms = { from: network.account(0), to: network.account(0, 1).address, data: new Uint8Array() };
  const first = network.sign({ ...terms, value: 1n, gasLimit: 21_000n });
  network.took(first);
  const behindGap = network.submit(0, { ...terms, value: 2n, gasLimit: 21_000n });
  await network.pass(100);
  await network.start(LAGGARD);
  await network.pass(10);
  const pooled = network.node(LAGGARD).pool.size;
  network.submitSigned(LAGGARD, first);
  await network.executed(behindGap);
  await network.idle();
  return { pooled };
}

/** All peers answer with three blocks at most, as they do when the chunks are big. */
async function shortAnswers(network: TestNetwork): Promise<Facts> {
  const short: Tampering = {
    ...HONEST,
    answer: async (request, honest) => {
      if (decodeWireRequest(request).kind !== 'rangeRequest') return honest;
      const range = decodeRangeResponse(honest);
      return encodeRangeResponse({ ...range, blocks: range.blocks.slice(0, 3) });
    },
  };
  for (const index of OTHERS) await network.start(index, short);
  for (const node of network.running.values()) node.wantHeight(24n);
  await network.idle();
  const startedMs = network.time.clock.monotonicMs();
  await network.start(LAGGARD);
  await network.until('catching up', () => network.node(LAGGARD).chain.tree.root.height === 24n);
  return { withinTwoSeconds: network.time.clock.monotonicMs() - startedMs <= 2_000 };
}

export const RESTARTS: readonly Scenario[] = [
  scenario('a long absence', TWO_SHARDS, longAbsence),
  ...onOneAndTwoShards('the whole network restarts', wholeNetwork),
  ...onOneAndTwoShards('one is killed at every stage', killedAtEveryStage),
  ...onOneAndTwoShards('all are killed at every stage', allKilledAtEveryStage),
  scenario('stopped in the middle of catching up', TWO_SHARDS, stoppedInCatchUp),
  scenario('stopped before it has started', TWO_SHARDS, stoppedInStart),
  ...onOneAndTwoShards('started below its own votes', startBelowOwnVotes),
  scenario('overtaken while asking', TWO_SHARDS, overtaken),
  scenario('the pool of a newcomer', TWO_SHARDS, poolOfNewcomer),
  scenario('range answers that are cut short', { shardCount: 1, blockTimeMs: 0 }, shortAnswers),
  scenario('the body of the last block comes late', { shardCount: 1, blockTimeMs: 0 }, bodyComesLate),
];

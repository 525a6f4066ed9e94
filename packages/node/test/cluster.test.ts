import { beforeAll, describe, expect, test } from '@jest/globals';
import { play } from './support/play.ts';

/** Far above what they take, so that only a run that hangs ends here. */
const TIMEOUT_MS = 120_000;

type Report = Readonly<Record<string, unknown>>;

/** Both at once, one to a core. */
let calm: Report;
let rough: Report;

beforeAll(async () => {
  [calm, rough] = await Promise.all([
    play(['traffic', 'sections', 'proofs', 'restarts', 'control'], TIMEOUT_MS),
    play(['faults', 'byzantine', 'accusations', 'slow-execution', 'sizes'], TIMEOUT_MS),
  ]);
}, TIMEOUT_MS);

/** The names that begin so, with what their scenarios found. */
function found(report: Report, prefix: string): Report {
  return Object.fromEntries(Object.entries(report).filter(([name]) => name.startsWith(prefix)));
}

test('no scenario breaks what holds for all: one block a height, no wei lost, rest in the end, nobody lost', () => {
  const broken = Object.entries({ ...calm, ...rough }).filter(([, facts]) => JSON.stringify(facts).includes('"error"'));
  expect(broken).toEqual([]);
  expect(Object.keys(calm).length + Object.keys(rough).length).toBeGreaterThanOrEqual(60);
});

describe('traffic', () => {
  test('payments within and across shards move the value, each nonce once', () => {
    const facts = { nearGained: 6, farLost: true, nonce: 2, everyBlockChecked: true };
    expect(found(calm, 'payments')).toEqual({ 'payments, one shard': facts, 'payments, two shards': facts });
  });

  test('a contract is called from its own shard and, in the section, from another; all validators see it', () => {
    const name = 'a contract is deployed and called';
    expect(found(calm, name)).toEqual({
      [`${name}, one shard`]: { counts: '2 2 2 2', inSection: false },
      [`${name}, two shards`]: { counts: '2 2 2 2', inSection: true },
    });
  });

  test('idle time makes no block, runs nothing and leaves no timer', () => {
    const facts = { tasksInAnHour: 0, newBlocks: 0, timers: 0 };
    expect(found(calm, 'rest')).toEqual({ 'rest, one shard': facts, 'rest, two shards': facts });
  });

  test('blocks on request come without work, and only as many', () => {
    expect(calm['blocks that somebody wants']).toEqual({ height: 4 });
  });

  test('blocks keep the block time between them', () => {
    expect(calm['blocks keep their distance']).toEqual({ blocks: 4, shortestGapMs: 200, longestGapMs: 200 });
  });

  test('of transactions with one nonce one is executed', () => {
    expect(calm['conflicting transactions']).toEqual({ executed: 1 });
  });

  test('a transaction that can’t be paid for makes no blocks while it waits', () => {
    expect(calm['a transaction that can not be paid for yet']).toEqual({ blocksMeanwhile: 0 });
  });

  test('latency and loss slow it down and no more', () => {
    expect(calm).toMatchObject({ latency: {}, 'lost messages': {} });
  });

  test('the same calls give the same run, block for block', () => {
    expect(calm['the same run twice']).toEqual({ same: true, blocks: expect.any(Number) });
  });
});

describe('what RPC can prove, on one shard and on two', () => {
  const both = (name: string, facts: object): void =>
    expect(found(calm, name)).toEqual({ [`${name}, one shard`]: facts, [`${name}, two shards`]: facts });

  test('accounts and slots by the state roots that the header commits', () => {
    both('accounts are proven', { counted: '1 2', commits: true, absenceIsProven: true });
  });

  test('what a block changed, over all its parts', () => {
    both('a block lists what it changed', {
      value: 2,
      isEncoded: true,
      nonces: '2',
      isFoundByChange: true,
      createdBySender: true,
      emptyBlocksHaveLists: true,
      genesisHasNone: true,
    });
  });

  test('that a block is final', () => {
    both('a block is certified', {
      names: true,
      covers: true,
      isQuorum: true,
      messageBytes: 32,
      genesisHasNone: true,
    });
  });

  test('how busy a shard is', () => {
    const facts = { isNewest: true, waiting: 0, hasPrice: true, unknownMessages: 0 };
    expect(found(calm, 'a shard tells its head')).toEqual({
      'a shard tells its head, one shard': { ...facts, allowances: 1 },
      'a shard tells its head, two shards': { ...facts, allowances: 2 },
    });
  });
});

describe('across shards, as RPC shows it', () => {
  test('a call to a contract elsewhere is one block, like any other', () => {
    expect(calm['a call across shards']).toEqual({
      blocks: 1,
      way: 'section',
      waitedFor: 'section',
      counted: 2,
      estimateIsEnough: true,
      countsByRoot: '0 0 1',
      callSeesTheOtherShard: true,
    });
  });

  test('indices and cumulative gas run over the chunks, then the section', () => {
    expect(calm['a block with all its parts']).toEqual({
      ways: 'local local section',
      indices: '0 1 2',
      cumulativeRises: true,
      lastInBlock: 'section',
    });
  });

  test('a payment’s balances change in its block by what its receipt says; nothing is under way meanwhile', () => {
    expect(calm['balances of a payment across shards']).toEqual({ senderPaid: true, receiverGot: true, inFlight: 0 });
  });

  test('where messages are sent, what goes to another shard is dispatched and arrives', () => {
    expect(calm['dispatched payments and calls']).toEqual({ ways: 'dispatched dispatched', gained: 6, counted: 1 });
  });

  test('a delivered call that reaches for a third account’s shard fails, and its value comes back', () => {
    expect(calm['a dispatched call that reaches further']).toEqual({ status: 0, valueCameBack: true });
  });
});

describe('restarts', () => {
  test('a validator catches up over more than one range of blocks, and is needed again', () => {
    expect(calm['a long absence']).toEqual({ missedAtLeast36: true, caughtUp: true });
  });

  test('the whole network goes on where its stores end', () => {
    const facts = { kept: true, wentOn: true };
    const name = 'the whole network restarts';
    expect(found(calm, name)).toEqual({ [`${name}, one shard`]: facts, [`${name}, two shards`]: facts });
  });

  test('one or all may be killed at any stage, between any two writes', () => {
    expect(found(calm, 'one is killed')).toEqual({
      'one is killed at every stage, one shard': { kills: 6 },
      'one is killed at every stage, two shards': { kills: 6 },
    });
    expect(found(calm, 'all are killed')).toEqual({
      'all are killed at every stage, one shard': { kills: 5 },
      'all are killed at every stage, two shards': { kills: 5 },
    });
  });

  test('nothing is written after a stop', () => {
    expect(calm['stopped in the middle of catching up']).toEqual({ writtenAfterStop: 0 });
  });

  test('a stop before the start is over leaves the network too', () => {
    expect(calm['stopped before it has started']).toEqual({ stops: 7 });
  });

  test('what comes while a start still fetches waits', () => {
    const facts = { keptLost: false, finalAbove: 1 };
    const name = 'started below its own votes';
    expect(found(calm, name)).toEqual({ [`${name}, one shard`]: facts, [`${name}, two shards`]: facts });
  });

  test('a final block that nobody could supply at first is asked for again', () => {
    expect(calm['the body of the last block comes late']).toEqual({ caughtUp: true });
  });

  test('what becomes final while it is asked for is no conflict', () => {
    expect(calm['overtaken while asking']).toEqual({});
  });

  test('a newcomer gets what waits in the others’ pools', () => {
    expect(calm['the pool of a newcomer']).toEqual({ pooled: 1 });
  });

  test('answers that are cut short cost little time', () => {
    expect(calm['range answers that are cut short']).toEqual({ withinTwoSeconds: true });
  });
});

describe('control operations of a devnet’s owner', () => {
  const both = (name: string, one: object, two: object): void =>
    expect(found(calm, name)).toEqual({ [`${name}, one shard`]: one, [`${name}, two shards`]: two });

  test('set accounts, in a block of their own, and the wei that they make and take are counted', () => {
    const facts = {
      afterSetting: `${10n ** 30n} 7 9 15`,
      poor: '5',
      mintedAndBurned: true,
      height: 2,
      personLeft: '0 7',
    };
    both('accounts are set', facts, facts);
  });

  test('give storage to an account that has nothing else, and it stays', () => {
    const facts = { first: '7', second: '0 8', withCode: '8' };
    both('storage of an empty account', facts, facts);
  });

  test('stand among transactions, and no shard counts as missing for them', () => {
    both('control blocks among transactions', { person: 3, missed: '0' }, { person: 3, missed: '0 0' });
  });

  test('set the base fee and the randomness of the next mined block, and gas limits from the next block on', () => {
    const facts = { between: 'false false 22000000', mined: 'true true 22000000', left: 'null null' };
    both(
      'blocks to come are set',
      { set: 'false false 40000000', ...facts },
      { set: 'false false 120000000', ...facts },
    );
  });

  test('mine runs of blocks, each of which can be asked for', () => {
    const facts = { linked: true, seconds: 7_188, matches: true, fellFee: true, missed: true };
    both('a run is mined', facts, facts);
  });

  test('are caught up with, and the chain goes on from them after a restart', () => {
    const facts = { isThere: true, sameHead: true, control: 7 };
    both('who was down during control blocks', facts, facts);
  });
});

describe('faults', () => {
  test('any one may be down: its chunks are missing, or empty with one shard', () => {
    const facts = { hadMissingChunks: true };
    const name = 'each is down in turn';
    expect(found(rough, name)).toEqual({ [`${name}, one shard`]: facts, [`${name}, two shards`]: facts });
  });

  test('without a quorum there is no block, and afterwards all goes on', () => {
    const facts = { blocksWithoutQuorum: 0 };
    for (const name of ['no quorum', 'an even partition']) {
      expect(found(rough, name)).toEqual({ [`${name}, one shard`]: facts, [`${name}, two shards`]: facts });
    }
  });

  test('one that is cut off makes no block of its own and comes back', () => {
    const facts = { heightAlone: 0 };
    const name = 'one is cut off';
    expect(found(rough, name)).toEqual({ [`${name}, one shard`]: facts, [`${name}, two shards`]: facts });
  });

  test('a wrong clock harms nobody, not even its owner', () => {
    const clocks = Object.values(found(rough, 'a clock'));
    expect(clocks).toEqual(Array(4).fill({ timely: true }));
  });

  test('random stories end well', () => {
    const stories = Object.values(found(rough, 'chaos'));
    expect(stories).toEqual(stories.map(() => ({ someExecuted: true })));
    expect(stories).toHaveLength(4);
  });
});

describe('a byzantine validator', () => {
  test('that forges chunk bodies loses at most its own chunks', () => {
    expect(found(rough, 'chunks with forged bodies')).toEqual({
      'chunks with forged bodies for 1, one shard': { missing: 0 },
      'chunks with forged bodies for 1, two shards': { missing: 0 },
      'chunks with forged bodies for 3, one shard': { missing: expect.any(Number) },
      'chunks with forged bodies for 3, two shards': { missing: expect.any(Number) },
    });
  });

  test('that forges the contents of its proposals fails at most its own views', () => {
    expect(found(rough, 'forged proposals')).toEqual({
      'forged proposals for 1': { genuine: true },
      'forged proposals for 3': { genuine: true },
    });
  });

  test('that sends one validator forged copies of genuine blocks does not stop it', () => {
    const copies = Object.values(found(rough, 'forged copies'));
    expect(copies).toEqual(Array(10).fill({ isForged: true, genuine: true }));
  });

  test('that answers badly, whatever it answers, holds up nobody for long', () => {
    const answers = found(rough, 'answered with');
    expect(Object.values(answers)).toEqual(Array(13).fill({ withinFourSeconds: true, genuine: true }));
  });

  test('that contradicts itself, or proposes on a forged certificate, is convicted by all, though one alone saw it', () => {
    expect(rough).toMatchObject({
      'accused: contradicts itself to one': { proven: 'notarizeAndFinalize 0', eachToldOnce: true },
      'accused: proposes on a forged certificate': { proven: 'badJustification 0', eachToldOnce: true },
    });
  });

  test('that accuses others falsely convinces nobody', () => {
    expect(rough['accused: falsely']).toEqual({ proven: '' });
  });

  test('that makes noise, sends chunks from the future or asks nonsense changes nothing', () => {
    expect(rough).toMatchObject({
      noise: { loud: true },
      'chunks from the future': {},
      'odd requests': { answered: 5 },
    });
  });
});

describe('execution that takes its time', () => {
  test('delays chunks, and nothing else: no chunk is missing, no empty block is made', () => {
    const facts = { missingChunks: 0, everyBlockChecked: true };
    expect(found(rough, 'everyone takes time')).toEqual({
      'everyone takes time to execute, one shard': facts,
      'everyone takes time to execute, two shards': facts,
    });
  });

  test('longer than the others take to finalize leaves a validator behind, and it comes back', () => {
    const facts = { fellBehind: true, sameHead: true };
    expect(found(rough, 'one is too slow')).toEqual({
      'one is too slow at executing, one shard': facts,
      'one is too slow at executing, two shards': facts,
    });
  });

  test('may be going on when a validator is stopped, at any moment', () => {
    expect(found(rough, 'one is stopped while it executes')).toEqual({
      'one is stopped while it executes, one shard': { stops: 7 },
      'one is stopped while it executes, two shards': { stops: 7 },
    });
  });
});

describe('sizes', () => {
  test('nine transactions behind a nonce gap are gossiped in pieces, and again, and nothing is too large to send', () => {
    expect(rough['nine transactions behind a nonce gap']).toEqual({ pooled: '9 9 9 9', unsent: 0 });
  });

  test('an observer and a member catch up over a block that no range holds', () => {
    expect(rough).toMatchObject({
      'an observer catches up over a block that no range holds': { height: expect.any(Number) },
      'a member catches up over a block that no range holds': { height: expect.any(Number) },
      'an observer catches up where nobody answers with ranges': { height: expect.any(Number) },
    });
  });

  test('a gap is executed with a handful of blocks in memory, however wide it is', () => {
    for (const name of ['a gap of 20 blocks', 'a gap of 80 blocks']) {
      expect(rough[name]).toEqual({ held: true, few: true });
    }
  });

  test('a validator that hears of views only learns what is final as soon as it can', () => {
    expect(rough['a laggard that is told of views only']).toEqual({ before: 0 });
  });

  test('a validator that lacks many blocks which nobody has as final takes them up when it is needed', () => {
    const name = 'a laggard below many blocks that are not final';
    expect(rough[name]).toEqual({ finalBefore: 0, laggard: 1 });
  });

  test('whatever a node may have to say fits the wire: the largest messages, chunks, proposals and evidence', () => {
    const evidence = { proposalIsMessage: true, proposalIsFull: true, evidenceIsMessage: true };
    expect(found(rough, 'largest')).toEqual({
      'largest: small messages': { fitting: 6 },
      'largest: proposal': { isMessage: true, moreThanHalf: true, blockIsAnswer: true, rangeHoldsIt: 1 },
      'largest: chunk': { isOfTheLimit: true, isMessage: true, isAnswer: true, oneByteMore: true },
      'largest: evidence of short certificates': evidence,
      'largest: evidence of long certificates': evidence,
    });
  });
});

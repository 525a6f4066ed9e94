import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import type { EquivalenceReport } from '../scripts/equivalence/run-blocks.ts';

const SCRIPT = fileURLToPath(new URL('../scripts/equivalence.ts', import.meta.url));
const LIMIT_MS = 240_000;

/** Runs in plain processes: inside jest it would take twenty times as long. */
function equivalence(args: readonly string[]): EquivalenceReport {
  const { stdout, stderr } = spawnSync(process.execPath, [SCRIPT, '--transactions', '30', '--json', ...args], {
    env: { ...process.env, NODE_OPTIONS: '' },
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (stdout === '') throw new Error(`the script printed nothing: ${stderr}`);
  return JSON.parse(stdout);
}

describe('random blocks in lanes give what sequential execution gives', () => {
  test(
    '150 blocks on worker threads',
    () => {
      const report = equivalence(['--blocks', '150', '--seed', '1000']);
      expect(report.differences).toEqual([]);
      expect(report).toMatchObject({ blocks: 150, blocksInWorkers: 150 });
      expect(report.counts).toMatchObject({ parallel: 1_200, sequential: 0, disagreements: 0 });
      expect(report.counts.conflicts).toBeGreaterThan(100);
      expect(report.counts.handedBack).toBeGreaterThan(100);
    },
    LIMIT_MS,
  );

  test(
    '600 blocks with the work of the lanes on one thread; they hold everything that lanes could get wrong',
    () => {
      const report = equivalence(['--blocks', '600', '--seed', '5000', '--inline']);
      expect(report.differences).toEqual([]);
      expect(report.counts).toMatchObject({ parallel: 4_800, sequential: 0, disagreements: 0 });
      expect(report.counts).toMatchObject({ mutatedLists: 1_800, mutatedBodies: 600 });
      expect(report.counts.invalidBodies).toBeGreaterThan(300);
      const rare = (counts: readonly (readonly [string, number | undefined])[]): readonly string[] =>
        counts.filter(([, times = 0]) => times < LEAST).map(([name, times]) => `${name}: ${times}`);
      const { kinds, features } = report.mix;
      expect(rare(SUCCEEDING.map((kind) => [kind, kinds[kind]?.succeeded]))).toEqual([]);
      expect(rare(FAILING.map((kind) => [kind, kinds[kind]?.failed]))).toEqual([]);
      expect(rare(DISPATCHED.map((kind) => [kind, kinds[kind]?.dispatched]))).toEqual([]);
      expect(rare(REMOTE.map((kind) => [kind, kinds[kind]?.remote]))).toEqual([]);
      expect(rare(FEATURES.map((feature) => [feature, features[feature]]))).toEqual([]);
    },
    LIMIT_MS,
  );
});

/** Everything must have happened this often. */
const LEAST = 15;

const SUCCEEDING = [
  ...['etherToStranger', 'etherAmongHot', 'etherToSelf', 'etherNothing', 'etherAll', 'nonceChain', 'fromThePoor'],
  ...['tokenTransfer', 'tokenAmongHot', 'tokenToSelf', 'tokenApprove', 'tokenTransferFrom', 'swap'],
  ...['create', 'createRandom', 'createByContract', 'createSalted', 'createRevived', 'createPhoenix'],
  ...[
    'toNewborn',
    'toNewbornByContract',
    'createDestroyed',
    'destroyToOther',
    'destroyToSelf',
    'destroyToCoinbase',
    'edge',
  ],
  ...['coinbaseRead', 'coinbaseReadByAddress', 'coinbasePaid', 'coinbasePaidByContract', 'coinbaseSends'],
  ...['coinbaseGetsTokens', 'counter', 'writeTheSame', 'writeAndRestore', 'transient', 'blockHash', 'codeRead'],
  ...['listed', 'forward', 'refund', 'observe', 'delegateCall', 'callHot', 'precompile', 'precompileByContract'],
  ...['randomProgram', 'delegationSet', 'delegationCleared', 'delegationChain', 'delegationToPrecompile'],
  ...['delegationOfSender', 'delegationTwice', 'delegationBad', 'delegationUnused', 'payKeyless', 'warmAbroad'],
];

const FAILING = [
  'tokenTooMuch',
  'revert',
  'spin',
  'edge',
  'createSalted',
  'createRandom',
  'randomProgram',
  'precompile',
];

const DISPATCHED = ['sendAbroad', 'etherToStranger'];

/** Touched another shard, and left the chunk as it was. */
const REMOTE = [
  ...['sendAbroad', 'callAbroad', 'payAbroadByContract', 'callAbroadByContract', 'observeAbroad', 'codeReadAbroad'],
  ...['delegateCallAbroad', 'burnThenAbroad', 'valueToReplica', 'codeHashOfReplica', 'destroyAbroad'],
  ...['delegationAbroad', 'delegationToAbroad', 'callRemoteContract', 'createByContract', 'create'],
  ...['etherToStranger', 'createSalted', 'toNewborn'],
];

const FEATURES = [
  ...['outOfGas', 'created', 'codesDeployed', 'revived', 'withAccessList', 'fromDelegated', 'hotSlots'],
  ...['delegationsSet', 'delegationsCleared', 'codeChangedAgain', 'coinbaseListed', 'refusedForBaseFee'],
  ...['refusedForDeclaredGas', 'refusedForFunds', 'refusedForHighNonce', 'refusedForLowNonce', 'refusedOtherwise'],
  ...['refusedForCongestion', 'refusedForReducedTarget', 'moreDeliveredThanDeclaredFits', 'blocksThatLeaveMessages'],
  ...['deliveredCredits', 'deliveredCalls', 'deliveredCallsThatFailed', 'callsSent', 'creditsSent'],
  ...['refusedAsRemote', 'blocksThatDispatch', 'blocksEndedByWaste', 'blocksWithTipsForElsewhere'],
  ...['blocksWithSeveralShards', 'blocksWithCoinbaseElsewhere'],
  ...['blocksWithContractAsCoinbase', 'blocksAfterMissedHeights'],
];

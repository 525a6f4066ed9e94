import { createPublicClient, type Hex, http, pad, toHex } from 'viem';
import { type Flow, failsWith, flow, holds, same } from '../../flows.ts';
import { TALLY } from '../../tally.ts';
import { SINK } from '../../world.ts';
import { type Bench, OWNER, RAISE } from './bench.ts';

const SLOT: Hex = pad('0x00');

export function readFlows(bench: Bench): readonly Flow[] {
  return [...state(bench), ...reverts(bench), ...fees(bench), ...simulation(bench), ...many(bench)];
}

function state({ reader, tally }: Bench): readonly Flow[] {
  const total = { address: tally, abi: TALLY, functionName: 'total' } as const;
  return [
    flow('blocks by every tag, with transactions', async () => {
      for (const blockTag of ['latest', 'safe', 'finalized', 'earliest', 'pending'] as const) {
        await reader.getBlock({ blockTag, includeTransactions: true });
      }
    }),
    flow('a call in a block of the past', async () => {
      const head = await reader.getBlockNumber();
      const now = await reader.readContract(total);
      const then = await reader.readContract({ ...total, blockNumber: head - 5n });
      holds(then <= now, `${then} before, ${now} now`);
    }),
    flow('getCode, getStorageAt, getTransactionCount', async () => {
      holds(((await reader.getCode({ address: tally })) ?? '0x').length > 100, 'no code');
      same(
        BigInt((await reader.getStorageAt({ address: tally, slot: SLOT })) ?? '0x0'),
        await reader.readContract(total),
        'slot',
      );
      same(await reader.getTransactionCount({ address: tally }), 1, 'nonce');
    }),
    flow('getProof', async () => {
      const { accountProof, storageProof } = await reader.getProof({ address: tally, storageKeys: [SLOT] });
      holds(accountProof.length > 0 && storageProof.length === 1, 'no proof');
    }),
    flow('a transaction that is not there', async () => {
      await failsWith(() => reader.getTransactionReceipt({ hash: `0x${'1'.repeat(64)}` }), /could not be found/);
      await failsWith(() => reader.getTransaction({ hash: `0x${'1'.repeat(64)}` }), /could not be found/);
    }),
    flow('a call with other state', async () => {
      const stateDiff = [{ slot: SLOT, value: pad(toHex(99)) }];
      same(await reader.readContract({ ...total, stateOverride: [{ address: tally, stateDiff }] }), 99n, 'total');
    }),
    flow('a call with a balance and code of its own', async () => {
      const stateOverride = [{ address: SINK, balance: 7n, code: '0x475f5260205ff3' as const }];
      same((await reader.call({ to: SINK, stateOverride })).data, pad(toHex(7)), 'balance');
    }),
  ];
}

function reverts({ reader, tally, wallet }: Bench): readonly Flow[] {
  const contract = { address: tally, abi: TALLY } as const;
  return [
    flow('custom error of a read', () =>
      failsWith(
        () => reader.readContract({ ...contract, functionName: 'tooHigh', args: [7n] }),
        /TooHigh\(uint256 wanted[\s\S]*7, 3/,
      ),
    ),
    flow('custom error of a simulated write', () =>
      failsWith(
        () => reader.simulateContract({ ...contract, functionName: 'raiseThenFail', account: wallet(OWNER).account }),
        /TooHigh/,
      ),
    ),
    flow('reason of require', () =>
      failsWith(() => wallet(OWNER).writeContract({ ...contract, functionName: 'refuse' }), /the tally is closed/),
    ),
    flow('panic', () =>
      failsWith(() => reader.readContract({ ...contract, functionName: 'divide', args: [0n] }), /divi(sion|de)/i),
    ),
    flow('revert without data', () =>
      failsWith(() => reader.readContract({ ...contract, functionName: 'silent' }), /revert/i),
    ),
  ];
}

function fees({ reader, wallet }: Bench): readonly Flow[] {
  return [
    flow('estimateFeesPerGas', () => reader.estimateFeesPerGas()),
    flow('estimateMaxPriorityFeePerGas', () => reader.estimateMaxPriorityFeePerGas()),
    flow('getFeeHistory', async () => {
      const { reward } = await reader.getFeeHistory({ blockCount: 4, rewardPercentiles: [25, 75] });
      same(
        reward?.map((tips) => tips.length),
        [2, 2, 2, 2],
        'tips',
      );
    }),
    flow('getGasPrice, getBlobBaseFee', async () => {
      await reader.getGasPrice();
      await reader.getBlobBaseFee();
    }),
    flow('fillTransaction', async () => {
      const { transaction } = await reader.fillTransaction({
        account: wallet(OWNER).account.address,
        to: SINK,
        value: 1n,
      });
      same(transaction.gas, 21_000n, 'gas');
    }),
  ];
}

function simulation({ reader, tally, wallet }: Bench): readonly Flow[] {
  const { account } = wallet(OWNER);
  const call = { to: tally, data: RAISE };
  return [
    flow('createAccessList', async () => {
      const { accessList } = await reader.createAccessList({ ...call, account });
      same(
        accessList.map(({ address, storageKeys }) => [address, storageKeys.length]),
        [[tally, 1]],
        'access list',
      );
    }),
    flow('simulateBlocks', async () => {
      const [block] = await reader.simulateBlocks({
        blocks: [
          {
            calls: [
              { ...call, account },
              { ...call, account },
            ],
          },
        ],
      });
      same(
        block?.calls.map(({ status }) => status),
        ['success', 'success'],
        'status',
      );
    }),
    flow('simulateCalls with changes of assets', async () => {
      const { results } = await reader.simulateCalls({
        account: account.address,
        calls: [call],
        traceAssetChanges: true,
      });
      same(results[0].status, 'success', 'status');
    }),
  ];
}

function many({ chain, url, reader, tally }: Bench): readonly Flow[] {
  const total = { address: tally, abi: TALLY, functionName: 'total' } as const;
  const fails = { address: tally, abi: TALLY, functionName: 'tooHigh', args: [1n] } as const;
  return [
    flow('multicall without a deployment', async () => {
      const results = await reader.multicall({ deployless: true, contracts: [total, fails] });
      same(
        results.map(({ status }) => status),
        ['success', 'failure'],
        'results',
      );
    }),
    flow('requests in a batch', async () => {
      const batching = createPublicClient({ chain, transport: http(url, { batch: true }) });
      const reads = Array.from({ length: 100 }, (_, i) =>
        batching.getBalance({ address: pad(toHex(i + 1), { size: 20 }) }),
      );
      same((await Promise.all([batching.getChainId(), ...reads])).length, 101, 'answers');
    }),
  ];
}

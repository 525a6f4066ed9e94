import { createPublicClient, createWalletClient, type Hex, http, type Log, webSocket } from 'viem';
import { type Flow, flow, holds, pause, same, until } from '../../flows.ts';
import { TALLY } from '../../tally.ts';
import { account, SINK } from '../../world.ts';
import { type Bench, OTHERS, OWNER } from './bench.ts';

/** A watching client needs its filter or subscription first. */
const SETTLE_MS = 400;

export function eventFlows(bench: Bench): readonly Flow[] {
  return [...logs(bench), ...polling(bench), ...pushed(bench)];
}

function logs({ reader, tally }: Bench): readonly Flow[] {
  const raised = { address: tally, abi: TALLY, eventName: 'Raised' } as const;
  return [
    flow('decoded logs are in order', async () => {
      const found = await reader.getContractEvents({ ...raised, fromBlock: 0n, strict: true });
      const totals = found.map(({ args }) => args.total);
      holds(totals.length >= 5, `only ${totals.length} logs`);
      same(
        totals,
        totals.map((_, i) => BigInt(i + 1)),
        'totals',
      );
    }),
    flow('logs page by page are the logs', async () => {
      const head = await reader.getBlockNumber();
      const pages: string[] = [];
      for (let first = 0n; first <= head; first += 3n) {
        const toBlock = first + 2n > head ? head : first + 2n;
        pages.push(...(await reader.getLogs({ address: tally, fromBlock: first, toBlock })).map(placeOf));
      }
      same(pages, (await reader.getLogs({ address: tally, fromBlock: 0n, toBlock: head })).map(placeOf), 'pages');
    }),
    flow('logs by an indexed argument', async () => {
      const args = { by: account(2).address };
      const found = await reader.getContractEvents({ ...raised, args, fromBlock: 0n, strict: true });
      holds(found.length > 0 && found.every((log) => log.args.by === args.by), `${found.length} logs`);
    }),
    flow('logs of one block by its hash', async () => {
      const [first] = await reader.getContractEvents({ ...raised, fromBlock: 0n });
      holds(first !== undefined, 'there is no log');
      if (first === undefined) return;
      holds(
        (await reader.getLogs({ blockHash: first.blockHash })).map(placeOf).includes(placeOf(first)),
        'the log is not there',
      );
    }),
  ];
}

function placeOf({ transactionHash, logIndex }: Log): string {
  return `${transactionHash} ${logIndex}`;
}

function polling({ reader, tally, wallet, done }: Bench): readonly Flow[] {
  const raise = (): Promise<unknown> =>
    done(wallet(OWNER).writeContract({ address: tally, abi: TALLY, functionName: 'raise' }));
  return [
    flow('watchBlockNumber', async () => {
      const seen: bigint[] = [];
      await watching(
        () => reader.watchBlockNumber({ onBlockNumber: (number) => seen.push(number) }),
        async () => {
          await done(wallet(OWNER).sendTransaction({ to: SINK, value: 1n }));
          const head = await reader.getBlockNumber();
          await until(() => seen.includes(head), 'the new block');
        },
      );
    }),
    flow('watchContractEvent with a filter', async () => {
      const seen: Log[] = [];
      await watching(
        () => reader.watchContractEvent({ address: tally, abi: TALLY, onLogs: (found) => seen.push(...found) }),
        () => raise().then(() => until(() => seen.length === 1, 'the log')),
      );
    }),
    flow('watchContractEvent with eth_getLogs', async () => {
      const seen: Log[] = [];
      const fromBlock = (await reader.getBlockNumber()) + 1n;
      await watching(
        () =>
          reader.watchContractEvent({ address: tally, abi: TALLY, fromBlock, onLogs: (found) => seen.push(...found) }),
        () => raise().then(() => until(() => seen.length === 1, 'the log')),
      );
    }),
    flow('watchPendingTransactions', async () => {
      const seen: Hex[] = [];
      await watching(
        () => reader.watchPendingTransactions({ onTransactions: (hashes) => seen.push(...hashes) }),
        async () => {
          const hash = await wallet(OWNER).sendTransaction({ to: SINK, value: 1n });
          await until(() => seen.includes(hash), 'the transaction');
        },
      );
    }),
  ];
}

function pushed({ chain, url, ws, tally, wallet, done }: Bench): readonly Flow[] {
  const client = createPublicClient({ chain, transport: webSocket(ws) });
  return [
    flow('WebSocket: blocks, logs and pending transactions', async () => {
      const blocks: bigint[] = [];
      const found: Log[] = [];
      const pending: Hex[] = [];
      const ends = [
        client.watchBlocks({ onBlock: ({ number }) => blocks.push(number) }),
        client.watchContractEvent({ address: tally, abi: TALLY, onLogs: (logsOf) => found.push(...logsOf) }),
        client.watchPendingTransactions({ onTransactions: (hashes) => pending.push(...hashes) }),
      ];
      await pause(SETTLE_MS);
      const hash = await wallet(OWNER).writeContract({ address: tally, abi: TALLY, functionName: 'raise' });
      const { blockNumber } = await done(hash);
      await until(() => blocks.includes(blockNumber) && found.length === 1 && pending.includes(hash), 'all three');
      for (const end of ends) end();
    }),
    flow('WebSocket: logs of senders of every shard, each once', async () => {
      const found: Log[] = [];
      await watching(
        () => client.watchContractEvent({ address: tally, abi: TALLY, onLogs: (logsOf) => found.push(...logsOf) }),
        async () => {
          for (const index of OTHERS) {
            await done(wallet(index).writeContract({ address: tally, abi: TALLY, functionName: 'raise' }));
          }
          await until(() => found.length >= OTHERS.length, 'the logs');
          await pause(SETTLE_MS);
          same(found.length, OTHERS.length, 'number of logs');
        },
      );
    }),
    flow('WebSocket: sends', async () => {
      const sender = createWalletClient({ chain, account: account(3), transport: webSocket(ws) });
      await done(sender.sendTransaction({ to: SINK, value: 1n }));
    }),
    flow('a filter that was uninstalled is gone', async () => {
      const reader = createPublicClient({ chain, transport: http(url) });
      const filter = await reader.createBlockFilter();
      holds(await reader.uninstallFilter({ filter }), 'it was not there');
      same(await reader.uninstallFilter({ filter }), false, 'a second time');
    }),
  ];
}

/** Watches while something happens, and stops in any case. */
async function watching(watch: () => () => void, happens: () => Promise<unknown>): Promise<void> {
  const end = watch();
  try {
    await pause(SETTLE_MS);
    await happens();
  } finally {
    end();
  }
}

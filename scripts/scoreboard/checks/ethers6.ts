import {
  Contract,
  ContractFactory,
  type ContractTransactionResponse,
  JsonRpcProvider,
  NonceManager,
  Wallet,
  WebSocketProvider,
} from 'ethers';
import type { Check, Subject } from '../check.ts';
import { type Flow, failsWith, flow, holds, pause, runFlows, same, until } from '../flows.ts';
import { judged } from '../result.ts';
import { TALLY_SIGNATURES } from '../tally.ts';
import { compiled, privateKey, SINK } from '../world.ts';

const ROW = 'ethers 6';
const SETTLE_MS = 400;
const POLL_MS = 50;
const PARALLEL = 50;
const TYPED = [
  { name: 'scoreboard', chainId: 31_337 },
  { Vote: [{ name: 'choice', type: 'uint256' }] },
  { choice: 1 },
] as const;

export const ethers6Check: Check = {
  name: 'ethers6',
  row: ROW,
  run: async (subject) => {
    // ethers gives answers of the last 250 ms again, nonces too, unless told.
    const provider = new JsonRpcProvider(subject.http, undefined, { cacheTimeout: -1, pollingInterval: POLL_MS });
    const wallet = new Wallet(privateKey(2), provider);
    const factory = new ContractFactory(TALLY_SIGNATURES, compiled()('Tally'), wallet);
    const deployed = await factory.deploy();
    const tally = new Contract(await (await deployed.waitForDeployment()).getAddress(), TALLY_SIGNATURES, wallet);
    const world = { subject, provider, wallet, factory, tally };
    return [judged(ROW, await runFlows([...sends(world), ...contracts(world), ...events(world), ...signer(world)]))];
  },
};

interface World {
  readonly subject: Subject;
  readonly provider: JsonRpcProvider;
  readonly wallet: Wallet;
  readonly factory: ContractFactory;
  readonly tally: Contract;
}

function call(contract: Contract, name: string, ...args: readonly unknown[]): Promise<bigint> {
  return contract.getFunction(name).staticCall(...args);
}

async function write(contract: Contract, name: string, overrides: object = {}): Promise<ContractTransactionResponse> {
  return contract.getFunction(name).send(overrides);
}

function sends({ subject, provider, wallet }: World): readonly Flow[] {
  const usual = new Wallet(privateKey(3), new JsonRpcProvider(subject.http));
  return [
    flow('network', async () => same((await provider.getNetwork()).chainId, 31_337n, 'chain ID')),
    flow('send and wait, all defaults', async () => {
      same((await (await usual.sendTransaction({ to: SINK, value: 1n })).wait())?.status, 1, 'status');
    }),
    flow('5 sends in sequence', async () => {
      for (let i = 0; i < 5; i++) await (await wallet.sendTransaction({ to: SINK, value: 1n })).wait();
    }),
    flow('balance after waiting', async () => {
      const to = `0x${'7'.repeat(40)}`;
      const before = await provider.getBalance(to);
      await (await wallet.sendTransaction({ to, value: 1n })).wait();
      same(await provider.getBalance(to), before + 1n, 'balance');
    }),
    flow('a nonce that was used', () => failsWith(() => wallet.sendTransaction({ to: SINK, nonce: 0 }), /nonce/i)),
    flow('more than the account has', () =>
      failsWith(() => wallet.sendTransaction({ to: SINK, value: 10n ** 30n }), /insufficient/i),
    ),
    flow('fee data', async () => holds((await provider.getFeeData()).maxFeePerGas !== null, 'no fee')),
    flow('a block with transactions', async () => {
      const { blockNumber } = (await (await wallet.sendTransaction({ to: SINK, value: 1n })).wait()) ?? {
        blockNumber: 0,
      };
      same((await provider.getBlock(blockNumber, true))?.prefetchedTransactions.length, 1, 'transactions');
    }),
    flow('100 reads in a batch', async () => {
      const reads = Array.from({ length: 100 }, (_, i) =>
        provider.getBalance(`0x${(i + 1).toString(16).padStart(40, '0')}`),
      );
      same((await Promise.all(reads)).length, 100, 'answers');
    }),
  ];
}

function contracts({ factory, tally, wallet }: World): readonly Flow[] {
  return [
    flow('deploy, write, read', async () => {
      const own = await factory.deploy();
      const contract = new Contract(await (await own.waitForDeployment()).getAddress(), TALLY_SIGNATURES, wallet);
      await (await write(contract, 'raise')).wait();
      same(await call(contract, 'total'), 1n, 'total');
    }),
    flow('custom error of a read', () => failsWith(() => call(tally, 'tooHigh', 7n), /TooHigh/)),
    flow('reason of require', () => failsWith(() => call(tally, 'refuse'), /the tally is closed/)),
    flow('panic', () => failsWith(() => call(tally, 'divide', 0n), /DIVIDE_BY_ZERO|panic/i)),
    flow('the estimate of what fails', () => failsWith(() => write(tally, 'raiseThenFail'), /TooHigh|revert/i)),
    flow('waiting for what was reverted', async () => {
      const sent = await write(tally, 'raiseThenFail', { gasLimit: 100_000 });
      await failsWith(() => sent.wait(), /revert/i);
    }),
    flow('50 writes at once with a nonce manager', async () => {
      const managed = new Contract(await tally.getAddress(), TALLY_SIGNATURES, new NonceManager(wallet));
      const before = await call(tally, 'total');
      const sent = await Promise.all(Array.from({ length: PARALLEL }, () => write(managed, 'raise')));
      await Promise.all(sent.map((one) => one.wait()));
      same(await call(tally, 'total'), before + BigInt(PARALLEL), 'total');
    }),
  ];
}

function events({ subject, tally }: World): readonly Flow[] {
  return [
    flow('queryFilter', async () => {
      const total = await call(tally, 'total');
      same((await tally.queryFilter('Raised', 0)).length, Number(total), 'logs');
    }),
    flow('an event by polling', async () => {
      let seen = 0;
      await tally.on('Raised', () => {
        seen += 1;
      });
      await pause(SETTLE_MS);
      await (await write(tally, 'raise')).wait();
      await until(() => seen === 1, 'the event');
      await tally.removeAllListeners();
    }),
    flow('WebSocket: block, log, pending transaction', async () => {
      const socket = new WebSocketProvider(subject.ws);
      const seen = { block: 0, log: 0, pending: 0 };
      await socket.on('block', () => {
        seen.block += 1;
      });
      await socket.on('pending', () => {
        seen.pending += 1;
      });
      await socket.on({ address: await tally.getAddress() }, () => {
        seen.log += 1;
      });
      await pause(SETTLE_MS);
      await (await write(tally, 'raise')).wait();
      await until(() => seen.block >= 1 && seen.log === 1 && seen.pending >= 1, 'all three');
      await socket.destroy();
    }),
    flow('WebSocket: write and wait', async () => {
      const socket = new WebSocketProvider(subject.ws);
      const contract = new Contract(await tally.getAddress(), TALLY_SIGNATURES, new Wallet(privateKey(4), socket));
      await (await write(contract, 'raise')).wait();
      await socket.destroy();
    }),
  ];
}

function signer({ provider }: World): readonly Flow[] {
  return [
    flow('the node signs and sends', async () => {
      const own = await provider.getSigner(0);
      await (await own.sendTransaction({ to: SINK, value: 1n })).wait();
      await own.signMessage('a message');
      const [domain, { Vote }, message] = TYPED;
      await own.signTypedData(domain, { Vote: [...Vote] }, message);
    }),
  ];
}

import type { Check, Subject } from '../check.ts';
import { type Flow, failsWith, flow, pause, runFlows, same, until } from '../flows.ts';
import { installed, requireFrom } from '../packages.ts';
import { judged } from '../result.ts';
import { TALLY } from '../tally.ts';
import { account, compiled, privateKey, SINK } from '../world.ts';

/** As much of web3 as is used. */
interface Call {
  call(): Promise<unknown>;
  send(options: object): Promise<unknown>;
  estimateGas(options: object): Promise<unknown>;
  createAccessList(options: object): Promise<unknown>;
}

interface Contract {
  readonly methods: { raise(): Call; total(): Call; tooHigh(wanted: number): Call };
  deploy(options: object): { send(options: object): Promise<Contract> };
  getPastEvents(event: string, options: object): Promise<readonly unknown[]>;
}

interface Subscription {
  on(event: 'data', listener: () => void): void;
  unsubscribe(): Promise<void>;
}

interface Web3 {
  readonly currentProvider: { disconnect(): void };
  readonly eth: {
    readonly accounts: { readonly wallet: { add(key: string): void } };
    readonly Contract: new (abi: readonly object[]) => Contract;
    getBalance(address: string): Promise<bigint>;
    getGasPrice(): Promise<bigint>;
    getChainId(): Promise<bigint>;
    getBlock(number: string, hydrated: boolean): Promise<unknown>;
    sendTransaction(request: object): Promise<{ readonly gasUsed: bigint }>;
    subscribe(what: string): Promise<Subscription>;
  };
  readonly BatchRequest: new () => { add(request: object): Promise<unknown>; execute(): Promise<unknown> };
}

const ROW = 'web3 4';
const SETTLE_MS = 400;

export const web3Check: Check = {
  name: 'web3',
  row: ROW,
  run: async (subject) => {
    const loaded: { readonly Web3: new (url: string) => Web3 } = requireFrom(installed(subject.work, 'clients'))(
      'web3',
    );
    const web3 = new loaded.Web3(subject.http);
    web3.eth.accounts.wallet.add(privateKey(5));
    const from = account(5).address;
    const tally = await new web3.eth.Contract(TALLY).deploy({ data: compiled()('Tally') }).send({ from });
    const open = (url: string): Web3 => new loaded.Web3(url);
    return [judged(ROW, await runFlows([...plain(subject, open, web3, from), ...contract(web3, tally, from)]))];
  },
};

function plain({ http, ws }: Subject, open: (url: string) => Web3, web3: Web3, from: string): readonly Flow[] {
  return [
    flow('balance, gas price, chain ID, block', async () => {
      await web3.eth.getBalance(from);
      await web3.eth.getGasPrice();
      same(await web3.eth.getChainId(), 31_337n, 'chain ID');
      await web3.eth.getBlock('latest', true);
    }),
    flow('send from a wallet', async () => {
      same((await web3.eth.sendTransaction({ from, to: SINK, value: 1, gas: 21_000 })).gasUsed, 21_000n, 'gas');
    }),
    flow('send from an account of the node', async () => {
      const request = { from: account(1).address, to: SINK, value: 1 };
      same((await open(http).eth.sendTransaction(request)).gasUsed, 21_000n, 'gas');
    }),
    flow('WebSocket: blocks', async () => {
      const socket = open(ws);
      const subscription = await socket.eth.subscribe('newBlockHeaders');
      let blocks = 0;
      subscription.on('data', () => {
        blocks += 1;
      });
      await pause(SETTLE_MS);
      await web3.eth.sendTransaction({ from, to: SINK, value: 1, gas: 21_000 });
      await until(() => blocks >= 1, 'a block');
      await subscription.unsubscribe();
      socket.currentProvider.disconnect();
    }),
  ];
}

function contract(web3: Web3, tally: Contract, from: string): readonly Flow[] {
  return [
    flow('write and read', async () => {
      await tally.methods.raise().send({ from });
      same(await tally.methods.total().call(), 1n, 'total');
    }),
    flow('custom error', () => failsWith(() => tally.methods.tooHigh(7).call(), /inside a smart contract/)),
    flow('getPastEvents', async () =>
      same((await tally.getPastEvents('Raised', { fromBlock: 0 })).length, 1, 'events'),
    ),
    flow('estimateGas, createAccessList', async () => {
      await tally.methods.raise().estimateGas({ from });
      await tally.methods.raise().createAccessList({ from });
    }),
    flow('a batch', async () => {
      const batch = new web3.BatchRequest();
      const number = batch.add({ method: 'eth_blockNumber', params: [] });
      const chainId = batch.add({ method: 'eth_chainId', params: [] });
      await batch.execute();
      await number;
      same(await chainId, '0x7a69', 'chain ID');
    }),
  ];
}

import type { Check, Subject } from '../check.ts';
import { type Flow, failsWith, flow, holds, pause, runFlows, same, until } from '../flows.ts';
import { installed, requireFrom } from '../packages.ts';
import { judged } from '../result.ts';
import { TALLY_SIGNATURES } from '../tally.ts';
import { compiled, privateKey, SINK } from '../world.ts';

/** As much of ethers 5 as is used. */
interface Provider {
  pollingInterval: number;
  getFeeData(): Promise<unknown>;
  getSigner(index: number): Signer;
  on(event: string, listener: () => void): void;
  destroy(): Promise<void>;
}

interface Sent {
  wait(): Promise<unknown>;
}

interface Signer {
  sendTransaction(request: object): Promise<Sent>;
  signMessage(message: string): Promise<string>;
  _signTypedData(domain: object, types: object, message: object): Promise<string>;
}

interface Tally {
  readonly address: string;
  readonly callStatic: { tooHigh(wanted: number): Promise<unknown>; refuse(): Promise<unknown> };
  readonly estimateGas: { raise(): Promise<unknown> };
  deployed(): Promise<unknown>;
  raise(): Promise<Sent>;
  total(overrides?: object): Promise<{ toNumber(): number }>;
  queryFilter(event: string, from: number): Promise<readonly unknown[]>;
  on(event: string, listener: () => void): void;
  removeAllListeners(): void;
}

interface Ethers5 {
  readonly providers: {
    readonly JsonRpcProvider: new (url: string) => Provider;
    readonly WebSocketProvider: new (url: string) => Provider;
  };
  readonly Wallet: new (key: string, provider: Provider) => Signer;
  readonly ContractFactory: new (abi: readonly string[], code: string, signer: Signer) => { deploy(): Promise<Tally> };
}

const ROW = 'ethers 5';
const SETTLE_MS = 400;
const TYPES = { Vote: [{ name: 'choice', type: 'uint256' }] };

export const ethers5Check: Check = {
  name: 'ethers5',
  row: ROW,
  run: async (subject) => {
    const { ethers }: { readonly ethers: Ethers5 } = requireFrom(installed(subject.work, 'clients'))('ethers5');
    const provider = new ethers.providers.JsonRpcProvider(subject.http);
    provider.pollingInterval = 50;
    const wallet = new ethers.Wallet(privateKey(4), provider);
    const tally = await new ethers.ContractFactory(TALLY_SIGNATURES, compiled()('Tally'), wallet).deploy();
    await tally.deployed();
    return [judged(ROW, await runFlows(flowsOf(subject, ethers, provider, wallet, tally)))];
  },
};

function flowsOf(subject: Subject, ethers: Ethers5, provider: Provider, wallet: Signer, tally: Tally): readonly Flow[] {
  return [
    flow('send and wait', async () => (await wallet.sendTransaction({ to: SINK, value: 1 })).wait()),
    flow('write and read', async () => {
      const before = (await tally.total()).toNumber();
      await (await tally.raise()).wait();
      same((await tally.total()).toNumber(), before + 1, 'total');
    }),
    flow('custom error', () => failsWith(() => tally.callStatic.tooHigh(7), /TooHigh/)),
    flow('reason of require', () => failsWith(() => tally.callStatic.refuse(), /the tally is closed/)),
    flow('queryFilter', async () => {
      same((await tally.queryFilter('Raised', 0)).length, (await tally.total()).toNumber(), 'logs');
    }),
    flow('an event by polling', async () => {
      let seen = 0;
      tally.on('Raised', () => {
        seen += 1;
      });
      await pause(SETTLE_MS);
      await (await tally.raise()).wait();
      await until(() => seen === 1, 'the event');
      tally.removeAllListeners();
    }),
    flow('fee data, an estimate, a call on the pending block', async () => {
      await provider.getFeeData();
      await tally.estimateGas.raise();
      holds((await tally.total({ blockTag: 'pending' })).toNumber() > 0, 'nothing was raised');
    }),
    flow('WebSocket: blocks', async () => {
      const socket = new ethers.providers.WebSocketProvider(subject.ws);
      let blocks = 0;
      socket.on('block', () => {
        blocks += 1;
      });
      await pause(SETTLE_MS);
      await (await wallet.sendTransaction({ to: SINK, value: 1 })).wait();
      await until(() => blocks >= 1, 'a block');
      await socket.destroy();
    }),
    flow('the node signs and sends', async () => {
      const signer = provider.getSigner(1);
      await (await signer.sendTransaction({ to: SINK, value: 1 })).wait();
      await signer.signMessage('a message');
      await signer._signTypedData({ name: 'scoreboard', chainId: 31_337 }, TYPES, { choice: 1 });
    }),
  ];
}

import { createNonceManager, createPublicClient, createWalletClient, http } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { jsonRpc } from 'viem/nonce';
import { type Flow, failsWith, flow, holds, same } from '../../flows.ts';
import { TALLY } from '../../tally.ts';
import { MNEMONIC, SINK } from '../../world.ts';
import { type Bench, OTHERS, OWNER, RAISE } from './bench.ts';

const PARALLEL = 50;
const GWEI = 10n ** 9n;

export function sendFlows(bench: Bench): readonly Flow[] {
  return [...plain(bench), ...contract(bench), ...parallel(bench), ...special(bench)];
}

function plain({ chain, url, wallet, done, reader }: Bench): readonly Flow[] {
  return [
    flow('send and wait, all defaults', async () => {
      const usual = createPublicClient({ chain, transport: http(url) });
      const hash = await wallet(OWNER).sendTransaction({ to: SINK, value: 1n });
      same((await usual.waitForTransactionReceipt({ hash })).status, 'success', 'status');
    }),
    flow('prepare, sign, send raw', async () => {
      const request = await wallet(OWNER).prepareTransactionRequest({ to: SINK, value: 1n });
      const serializedTransaction = await wallet(OWNER).signTransaction(request);
      await done(reader.sendRawTransaction({ serializedTransaction }));
    }),
    flow('sendTransactionSync', async () => {
      same(
        (await wallet(OWNER).sendTransactionSync({ to: SINK, value: 1n, timeout: 5_000 })).status,
        'success',
        'status',
      );
    }),
    flow('sendRawTransactionSync', async () => {
      const request = await wallet(OWNER).prepareTransactionRequest({ to: SINK, value: 1n });
      const serializedTransaction = await wallet(OWNER).signTransaction(request);
      same((await reader.sendRawTransactionSync({ serializedTransaction })).status, 'success', 'status');
    }),
    flow('legacy, access list and fee market transactions', async () => {
      const legacy = await done(wallet(OWNER).sendTransaction({ to: SINK, value: 1n, type: 'legacy' }));
      const accessList = [{ address: SINK, storageKeys: [] }];
      const listed = await done(wallet(OWNER).sendTransaction({ to: SINK, value: 1n, type: 'eip2930', accessList }));
      const market = await done(wallet(OWNER).sendTransaction({ to: SINK, value: 1n, type: 'eip1559' }));
      same([legacy.type, listed.type, market.type], ['legacy', 'eip2930', 'eip1559'], 'types');
    }),
  ];
}

function contract({ tally, wallet, done, reader, unlocked }: Bench): readonly Flow[] {
  const total = (): Promise<bigint> => reader.readContract({ address: tally, abi: TALLY, functionName: 'total' });
  const raise = { address: tally, abi: TALLY, functionName: 'raise' } as const;
  return [
    flow('write, wait, read', async () => {
      const before = await total();
      await done(wallet(OWNER).writeContract(raise));
      same(await total(), before + 1n, 'total');
    }),
    ...OTHERS.map((index) =>
      flow(`write by account ${index}`, async () => {
        const before = await total();
        same((await done(wallet(index).writeContract(raise))).logs.length, 1, 'logs');
        same(await total(), before + 1n, 'total');
      }),
    ),
    ...[OWNER, 2].map((index) =>
      flow(`the estimate is enough, account ${index}`, async () => {
        const gas = await reader.estimateContractGas({ ...raise, account: wallet(index).account });
        await done(wallet(index).writeContract({ ...raise, gas }));
      }),
    ),
    flow('a reverted transaction has a receipt', async () => {
      const hash = await wallet(OWNER).writeContract({ ...raise, functionName: 'raiseThenFail', gas: 100_000n });
      same((await reader.waitForTransactionReceipt({ hash })).status, 'reverted', 'status');
    }),
    flow('the node signs: eth_sendTransaction', async () => {
      const [first] = await wallet(OWNER).getAddresses();
      holds(first !== undefined, 'there is no account');
      await done(unlocked(wallet(OWNER).account.address).sendTransaction({ to: SINK, value: 1n }));
    }),
  ];
}

function parallel({ chain, url, tally, wallet, unlocked, done, reader }: Bench): readonly Flow[] {
  return [
    flow('50 sends at once with a nonce manager', async () => {
      const nonceManager = createNonceManager({ source: jsonRpc() });
      const account = mnemonicToAccount(MNEMONIC, { addressIndex: 6, nonceManager });
      const client = createWalletClient({ chain, account, transport: http(url) });
      const sends = Array.from({ length: PARALLEL }, () => client.sendTransaction({ to: SINK, value: 1n }));
      const receipts = await Promise.all((await Promise.all(sends)).map((hash) => done(hash)));
      same(new Set(receipts.map(({ transactionHash }) => transactionHash)).size, PARALLEL, 'receipts');
    }),
    flow('50 writes at once, nonces by the node', async () => {
      const own = unlocked(wallet(7).account.address);
      const sends = Array.from({ length: PARALLEL }, () =>
        own.sendTransaction({ to: tally, data: RAISE, gas: 200_000n }),
      );
      const hashes = await Promise.all(sends);
      await Promise.all(hashes.map((hash) => done(hash)));
      same(new Set(hashes).size, PARALLEL, 'hashes');
    }),
    flow('8 accounts write to one contract at once', async () => {
      const read = { address: tally, abi: TALLY, functionName: 'total' } as const;
      const before = await reader.readContract(read);
      const writes = [0, 1, 2, 3, 4, 5, 8, 9].map((index) =>
        wallet(index).writeContract({ address: tally, abi: TALLY, functionName: 'raise' }),
      );
      await Promise.all(writes.map((hash) => done(hash)));
      same(await reader.readContract(read), before + 8n, 'total');
    }),
  ];
}

function special({ wallet, done, reader }: Bench): readonly Flow[] {
  const [sender] = [wallet(8)];
  const fees = { maxFeePerGas: 10n * GWEI, maxPriorityFeePerGas: GWEI, gas: 21_000n };
  return [
    flow('a gap in nonces, a replacement that is too cheap, the gap filled', async () => {
      const nonce = await reader.getTransactionCount({ address: sender.account.address });
      const later = await sender.sendTransaction({ to: SINK, value: 1n, nonce: nonce + 1, ...fees });
      await failsWith(() => sender.sendTransaction({ to: SINK, value: 2n, nonce: nonce + 1, ...fees }), /underpriced/);
      await done(sender.sendTransaction({ to: SINK, value: 1n, nonce, ...fees }));
      await done(later);
    }),
    flow('a nonce that was used', async () => {
      await failsWith(() => wallet(OWNER).sendTransaction({ to: SINK, value: 1n, nonce: 0, ...fees }), /nonce/i);
    }),
    flow('more than the account has', async () => {
      const value = 10n ** 30n;
      await failsWith(
        () => wallet(OWNER).sendTransaction({ to: SINK, value, ...fees }),
        /insufficient funds|exceeds the balance/i,
      );
    }),
    flow('a call that fails is not sent', async () => {
      await failsWith(() => wallet(OWNER).sendTransaction({ data: '0xfe' }), /invalid opcode|InvalidFEOpcode|revert/i);
    }),
  ];
}

import { hexToBytes } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import { JsonRpcProvider, parseEther as parseEthersEther, Wallet, WebSocketProvider } from 'ethers';
import type { Log } from 'viem';
import {
  createPublicClient,
  createTestClient,
  createWalletClient,
  encodeErrorResult,
  http,
  parseAbi,
  parseAbiItem,
  parseEther,
  publicActions,
  webSocket,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { hardhat } from 'viem/chains';
import { LOGGER } from './support/fake-chain.ts';
import { ALICE, BOB, KEYS } from './support/fake-node.ts';
import { useServer } from './support/harness.ts';

const harness = useServer();
const transport = (): ReturnType<typeof http> => http(harness().url, { retryCount: 0 });
const topic = (value: number): `0x${string}` => `0x${value.toString(16).padStart(64, '0')}`;

describe('viem', () => {
  test('reads, sends with a local account, waits for the receipt', async () => {
    const reader = createPublicClient({ chain: hardhat, transport: transport(), pollingInterval: 20 });
    const wallet = createWalletClient({
      chain: hardhat,
      transport: transport(),
      account: privateKeyToAccount(KEYS[0]),
    });
    expect(await reader.getBalance({ address: BOB })).toBe(parseEther('10000'));
    expect(await reader.getChainId()).toBe(31337);
    const hash = await wallet.sendTransaction({ to: BOB, value: parseEther('1') });
    const receipt = await reader.waitForTransactionReceipt({ hash });
    expect(receipt).toMatchObject({ status: 'success', from: ALICE, to: BOB, gasUsed: 21_000n, type: 'eip1559' });
    expect(await reader.getTransaction({ hash })).toMatchObject({ value: parseEther('1'), typeHex: '0x2' });
    expect(await reader.getBlock({ includeTransactions: true })).toMatchObject({
      number: 1n,
      transactions: [{ hash }],
    });
    expect(await reader.estimateFeesPerGas()).toHaveProperty('maxFeePerGas');
    expect((await reader.getFeeHistory({ blockCount: 2, rewardPercentiles: [50] })).reward).toHaveLength(2);
  });

  test('an unlocked account: send, sign a message and typed data, mine', async () => {
    const wallet = createWalletClient({ chain: hardhat, transport: transport(), account: ALICE });
    const reader = createPublicClient({ chain: hardhat, transport: transport() });
    const hash = await wallet.sendTransaction({ to: BOB, value: 1n });
    expect(await reader.getTransactionReceipt({ hash })).toMatchObject({ from: ALICE });
    const signature = await wallet.signMessage({ message: 'hello' });
    expect(await reader.verifyMessage({ address: ALICE, message: 'hello', signature })).toBe(true);
    const typed = {
      domain: { chainId: 31337 },
      types: { Note: [{ name: 'text', type: 'string' }] },
      primaryType: 'Note',
      message: { text: 'hi' },
    } as const;
    const typedSignature = await wallet.signTypedData(typed);
    expect(await reader.verifyTypedData({ ...typed, address: ALICE, signature: typedSignature })).toBe(true);
    for (const mode of ['anvil', 'hardhat'] as const) {
      await createTestClient({ chain: hardhat, mode, transport: transport() }).mine({ blocks: 2 });
    }
    expect(await reader.getBlockNumber({ cacheTime: 0 })).toBe(5n);
  });

  test('a node fills what a local account signs; a send waits for its receipt', async () => {
    const account = privateKeyToAccount(KEYS[0]);
    const wallet = createWalletClient({ chain: hardhat, transport: transport(), account }).extend(publicActions);
    const filled = await wallet.fillTransaction({ to: BOB, value: 5n });
    expect(filled.transaction).toMatchObject({ type: 'eip1559', nonce: 0, gas: 21_000n, value: 5n, to: BOB });
    const serializedTransaction = await wallet.signTransaction(
      await wallet.prepareTransactionRequest({ to: BOB, value: 5n }),
    );
    const receipt = await wallet.sendRawTransactionSync({ serializedTransaction, timeout: 5_000 });
    expect(receipt).toMatchObject({ status: 'success', from: ALICE, blockNumber: 1n });
    const unlocked = createWalletClient({ chain: hardhat, transport: transport(), account: ALICE });
    const signed = await unlocked.signTransaction({ to: BOB, value: 1n, gas: 21_000n, nonce: 1 });
    expect(await wallet.sendRawTransaction({ serializedTransaction: signed })).toMatch(/^0x[0-9a-f]{64}$/);
  });

  test('calls of a wallet, the pool, proofs', async () => {
    const wallet = createWalletClient({ chain: hardhat, transport: transport(), account: ALICE }).extend(publicActions);
    expect(await wallet.getCapabilities()).toMatchObject({ [hardhat.id]: { atomic: { status: 'unsupported' } } });
    const { id } = await wallet.sendCalls({
      calls: [
        { to: BOB, value: 1n },
        { to: LOGGER, data: topic(1) },
      ],
    });
    const status = await wallet.waitForCallsStatus({ id, pollingInterval: 20 });
    expect(status).toMatchObject({
      status: 'success',
      atomic: false,
      receipts: [{}, { logs: [{ topics: [topic(1)] }] }],
    });
    await wallet.switchChain({ id: hardhat.id });
    const pool = createTestClient({ chain: hardhat, mode: 'anvil', transport: transport() });
    expect(await pool.getTxpoolStatus()).toEqual({ pending: 0, queued: 0 });
    expect(await pool.getAutomine()).toBe(true);
    expect(await wallet.getProof({ address: ALICE, storageKeys: [topic(0)] })).toMatchObject({ nonce: 2 });
  });

  test('reverts arrive with their reason and custom errors decoded', async () => {
    const reader = createPublicClient({ chain: hardhat, transport: transport() });
    const abi = parseAbi(['function act() returns (uint256)', 'error Broke(uint256 left)']);
    const read = (): Promise<unknown> => reader.simulateContract({ address: BOB, abi, functionName: 'act' });
    const broke = encodeErrorResult({ abi, errorName: 'Broke', args: [7n] });
    harness().node.outcome = { kind: 'revert', returnData: hexToBytes(broke), gasUsed: 1n };
    await expect(read()).rejects.toThrow('Broke(uint256 left)');
    const reason = encodeErrorResult({ abi: parseAbi(['error Error(string)']), args: ['not today'] });
    harness().node.outcome = { kind: 'revert', returnData: hexToBytes(reason), gasUsed: 1n };
    await expect(read()).rejects.toThrow('not today');
    harness().node.outcome = { kind: 'revert', returnData: new Uint8Array(), gasUsed: 1n };
    await expect(read()).rejects.toThrow('reverted');
    const seen = harness().node.seenCalls.length;
    await expect(
      createPublicClient({ chain: hardhat, transport: http(harness().url) }).call({ to: BOB }),
    ).rejects.toThrow();
    expect(harness().node.seenCalls.length).toBe(seen + 1);
  });

  test('refusals of the pool have the names that viem gives them', async () => {
    const wallet = createWalletClient({
      chain: hardhat,
      transport: transport(),
      account: privateKeyToAccount(KEYS[0]),
    });
    const request = { to: BOB, gas: 21_000n, maxFeePerGas: 2n * 10n ** 9n, maxPriorityFeePerGas: 1n } as const;
    await wallet.sendTransaction({ ...request, nonce: 0 });
    await expect(wallet.sendTransaction({ ...request, nonce: 0, value: 1n })).rejects.toThrow(/[Nn]once.*lower/s);
    await expect(wallet.sendTransaction({ ...request, value: parseEther('20000') })).rejects.toThrow(
      /exceeds the balance/,
    );
  });

  test('events by filter and by WebSocket', async () => {
    const event = parseAbiItem('event Noted(uint256 indexed value)');
    expect(event.name).toBe('Noted');
    const reader = createPublicClient({ chain: hardhat, transport: transport(), pollingInterval: 20 });
    const socket = createPublicClient({ chain: hardhat, transport: webSocket(harness().wsUrl) });
    const polled: Log[] = [];
    const pushed: Log[] = [];
    const blocks: bigint[] = [];
    const stops = [
      reader.watchEvent({ address: LOGGER, onLogs: (logs) => polled.push(...logs) }),
      socket.watchEvent({ address: LOGGER, onLogs: (logs) => pushed.push(...logs) }),
      socket.watchBlockNumber({ onBlockNumber: (number) => blocks.push(number) }),
    ];
    await new Promise((resolve) => setTimeout(resolve, 300));
    const wallet = createWalletClient({ chain: hardhat, transport: transport(), account: ALICE });
    await wallet.sendTransaction({ to: LOGGER, data: topic(5), gas: 100_000n });
    for (let i = 0; i < 100 && (polled.length === 0 || pushed.length === 0 || blocks.length === 0); i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    for (const stop of stops) stop();
    expect(polled).toMatchObject([{ topics: [topic(5)] }]);
    expect(pushed).toMatchObject([{ topics: [topic(5)] }]);
    expect(blocks).toEqual([1n]);
    expect(await reader.getLogs({ address: LOGGER, fromBlock: 0n })).toHaveLength(1);
    const client = await socket.transport.getRpcClient();
    client.close();
  });
});

describe('ethers', () => {
  test('reads, sends, signs, and decodes a revert', async () => {
    const provider = new JsonRpcProvider(harness().url, 31337, { staticNetwork: true, pollingInterval: 20 });
    const wallet = new Wallet(KEYS[0], provider);
    expect(await provider.getBalance(BOB)).toBe(parseEthersEther('10000'));
    const response = await wallet.sendTransaction({ to: BOB, value: 5n });
    const receipt = await response.wait();
    expect(receipt).toMatchObject({ status: 1, gasUsed: 21_000n, blockNumber: 1 });
    const signer = await provider.getSigner(0);
    expect((await signer.getAddress()).toLowerCase()).toBe(ALICE);
    const sent = await signer.sendTransaction({ to: BOB, value: 1n });
    expect((await sent.wait())?.status).toBe(1);
    expect(await signer.signMessage('hello')).toBe(await wallet.signMessage('hello'));
    const types = { Note: [{ name: 'text', type: 'string' }] };
    expect(await signer.signTypedData({ chainId: 31337 }, types, { text: 'hi' })).toBe(
      await wallet.signTypedData({ chainId: 31337 }, types, { text: 'hi' }),
    );
    const reason = encodeErrorResult({ abi: parseAbi(['error Error(string)']), args: ['no'] });
    harness().node.outcome = { kind: 'revert', returnData: hexToBytes(reason), gasUsed: 1n };
    await expect(provider.call({ to: BOB })).rejects.toMatchObject({ code: 'CALL_EXCEPTION', reason: 'no' });
    await expect(provider.estimateGas({ to: BOB })).rejects.toMatchObject({ code: 'CALL_EXCEPTION' });
    provider.destroy();
  });

  test('subscribes over WebSocket', async () => {
    const provider = new WebSocketProvider(harness().wsUrl, 31337, { staticNetwork: true });
    const block = new Promise((resolve) => {
      void provider.on('block', resolve);
    });
    const log = new Promise<unknown>((resolve) => {
      void provider.on({ address: LOGGER }, resolve);
    });
    // ethers subscribes in the background and says nothing when it is done.
    await provider.getBlockNumber();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await harness().call('eth_sendTransaction', { from: ALICE, to: LOGGER, gas: '0x186a0', data: topic(6) });
    expect(await block).toBe(1);
    expect(await log).toMatchObject({ topics: [topic(6)], blockNumber: 1 });
    await provider.destroy();
  });
});

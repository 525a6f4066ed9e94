import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Contract, ContractFactory, JsonRpcProvider, Wallet } from 'ethers';
import {
  BaseError,
  ContractFunctionRevertedError,
  createPublicClient,
  createWalletClient,
  defineChain,
  encodeFunctionData,
  getContractAddress,
  http,
  type Log,
  parseAbi,
  parseEther,
  webSocket,
} from 'viem';
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { chunkExecutions } from '../support/chunk-executions.ts';
import {
  type CompiledContract,
  compileContracts,
  type DevnetProcess,
  startDevnetProcess,
} from '../support/devnet-process.ts';
import { readSupply, SupplyAudit } from '../support/supply-audit.ts';
import { until } from '../support/until.ts';

const TOKEN_ABI = parseAbi([
  'constructor(uint256 supply)',
  'function transfer(address to, uint256 amount) returns (bool)',
  'function balanceOf(address owner) view returns (uint256)',
  'function symbol() view returns (string)',
  'event Transfer(address indexed from, address indexed to, uint256 value)',
  'error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)',
]);
const WORKSHOP_ABI = parseAbi([
  'constructor()',
  'function make(uint256 count) payable',
  'function turnAll(uint256 turns) returns (uint256)',
  'function bobbins(uint256 index) view returns (address)',
  'function count() view returns (uint256)',
]);
const BOBBIN_ABI = parseAbi([
  'function turn(uint256 count) returns (uint256)',
  'function turns() view returns (uint256)',
  'function maker() view returns (address)',
  'function tangle() pure',
  'event Turned(address indexed by, uint256 turns)',
  'error TooManyTurns(uint256 asked, uint256 most)',
]);
const PURSE_ABI = parseAbi(['constructor()', 'function pay(address[] to) payable']);

const SUPPLY = parseEther('10000') * 10n;
const RECEIPT_TIMEOUT_MS = 20_000;

let compiled: Readonly<Record<string, CompiledContract>>;

beforeAll(async () => {
  compiled = await compileContracts();
});

function bytecodeOf(name: string): `0x${string}` {
  const contract = compiled[name];
  if (contract === undefined) throw new Error(`${name} was not compiled`);
  return contract.bytecode;
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`there is no item ${index}`);
  return item;
}

/** Every chunk with a transaction goes to threads, as soon as these are up. */
const IN_LANES = ['--lanes', '2', '--lane-threshold', '0'];
const DEVNETS: readonly (readonly [name: string, shards: number, flags: readonly string[]])[] = [
  ['one shard', 1, []],
  ['two shards', 2, []],
  ['four shards', 4, []],
  ['one shard, in lanes', 1, IN_LANES],
  ['two shards, in lanes', 2, IN_LANES],
];

describe.each(DEVNETS)('a dApp on a devnet of %s', (_name, shards, flags) => {
  let devnet: DevnetProcess;
  let audit: SupplyAudit;
  let accounts: readonly PrivateKeyAccount[];
  let connected: ReturnType<typeof clients>;
  const connect = (): ReturnType<typeof clients> => connected;

  beforeAll(async () => {
    devnet = await startDevnetProcess(['--shards', String(shards), ...flags]);
    accounts = devnet.ready.accounts.map(({ privateKey }) => privateKeyToAccount(privateKey));
    audit = new SupplyAudit(devnet.ready.urls.http, SUPPLY, devnet.ready);
    audit.watch(...devnet.ready.accounts.map(({ address }) => address));
    connected = clients(devnet);
    auditFailures.length = 0;
    stopAudit = connected.socket.watchBlockNumber({
      onBlockNumber: () => void audit.check().catch((error: unknown) => auditFailures.push(String(error))),
    });
  });

  const auditFailures: string[] = [];
  let stopAudit = (): void => {};

  afterAll(async () => {
    stopAudit();
    // Else viem opens it again for ever.
    (await connected.socket.transport.getRpcClient()).close();
    expect(await devnet.stop()).toBe(0);
  });

  test('moves value between every pair of shards for 21,000 gas', async () => {
    const { reader, writer } = connect();
    const from = at(accounts, 0);
    for (const account of accounts.slice(1)) {
      const before = await reader.getBalance({ address: account.address });
      const hash = await writer.sendTransaction({ account: from, to: account.address, value: 12_345n });
      const receipt = await reader.waitForTransactionReceipt({ hash, timeout: RECEIPT_TIMEOUT_MS });
      expect(receipt.status).toBe('success');
      expect(receipt.gasUsed).toBe(21_000n);
      expect(await reader.getBalance({ address: account.address })).toBe(before + 12_345n);
    }
    expect(await reader.getTransactionCount({ address: from.address })).toBe(accounts.length - 1);
  });

  test('charges the sender exactly value and gasUsed · effectiveGasPrice, in the receipt’s block', async () => {
    const { reader, writer } = connect();
    for (const to of accounts.slice(2, 6)) {
      const from = at(accounts, 1);
      const hash = await writer.sendTransaction({ account: from, to: to.address, value: 7n, gas: 90_000n });
      const receipt = await reader.waitForTransactionReceipt({ hash, timeout: RECEIPT_TIMEOUT_MS });
      const { blockNumber } = receipt;
      const change = async ({ address }: PrivateKeyAccount): Promise<bigint> =>
        (await reader.getBalance({ address, blockNumber })) -
        (await reader.getBalance({ address, blockNumber: blockNumber - 1n }));
      expect(await change(from)).toBe(-7n - receipt.gasUsed * receipt.effectiveGasPrice);
      expect(await change(to)).toBe(7n);
    }
  });

  test('an ERC-20 of one account serves accounts of every shard', async () => {
    const { reader, writer } = connect();
    const owner = at(accounts, 0);
    const deployed = await writer.deployContract({
      account: owner,
      abi: TOKEN_ABI,
      bytecode: bytecodeOf('Token'),
      args: [1_000_000n],
    });
    const { contractAddress: token } = await reader.waitForTransactionReceipt({
      hash: deployed,
      timeout: RECEIPT_TIMEOUT_MS,
    });
    if (token === null || token === undefined) throw new Error('the token was not created');
    audit.watch(token);
    const read = { address: token, abi: TOKEN_ABI } as const;
    expect(await reader.readContract({ ...read, functionName: 'symbol' })).toBe('LOOM');
    for (const account of accounts.slice(1)) {
      const hash = await writer.writeContract({
        ...read,
        account: owner,
        functionName: 'transfer',
        args: [account.address, 100n],
      });
      expect((await reader.waitForTransactionReceipt({ hash, timeout: RECEIPT_TIMEOUT_MS })).status).toBe('success');
    }
    for (const account of accounts.slice(1)) {
      const hash = await writer.writeContract({
        ...read,
        account,
        functionName: 'transfer',
        args: [owner.address, 40n],
      });
      const receipt = await reader.waitForTransactionReceipt({ hash, timeout: RECEIPT_TIMEOUT_MS });
      expect(receipt.status).toBe('success');
      expect(receipt.logs).toHaveLength(1);
      expect(await reader.readContract({ ...read, functionName: 'balanceOf', args: [account.address] })).toBe(60n);
    }
    const logs = await reader.getContractEvents({ ...read, eventName: 'Transfer', fromBlock: 0n, strict: true });
    expect(logs).toHaveLength(1 + 2 * (accounts.length - 1));
    expect(await reader.readContract({ ...read, functionName: 'balanceOf', args: [owner.address] })).toBe(
      1_000_000n - BigInt(accounts.length - 1) * 60n,
    );
    await expectRevert(
      reader.simulateContract({
        ...read,
        account: at(accounts, 3),
        functionName: 'transfer',
        args: [owner.address, 61n],
      }),
      'ERC20InsufficientBalance',
    );
  });

  test('a factory creates children and calls them', async () => {
    const { reader, writer } = connect();
    const maker = at(accounts, 2);
    const deployed = await writer.deployContract({
      account: maker,
      abi: WORKSHOP_ABI,
      bytecode: bytecodeOf('Workshop'),
    });
    const { contractAddress: workshop } = await reader.waitForTransactionReceipt({
      hash: deployed,
      timeout: RECEIPT_TIMEOUT_MS,
    });
    if (workshop === null || workshop === undefined) throw new Error('the workshop was not created');
    // The factory's children, as CREATE will name them: the audit has to know them before their first wei.
    for (let nonce = 1n; nonce <= 8n; nonce++) audit.watch(lower(getContractAddress({ from: workshop, nonce })));
    audit.watch(workshop);
    const shop = { address: workshop, abi: WORKSHOP_ABI } as const;
    for (const account of accounts.slice(2, 6)) {
      const hash = await writer.writeContract({ ...shop, account, functionName: 'make', args: [2n], value: 10n });
      expect((await reader.waitForTransactionReceipt({ hash, timeout: RECEIPT_TIMEOUT_MS })).status).toBe('success');
    }
    expect(await reader.readContract({ ...shop, functionName: 'count' })).toBe(8n);
    const first = await reader.readContract({ ...shop, functionName: 'bobbins', args: [0n] });
    const hash = await writer.writeContract({ ...shop, account: at(accounts, 7), functionName: 'turnAll', args: [3n] });
    const receipt = await reader.waitForTransactionReceipt({ hash, timeout: RECEIPT_TIMEOUT_MS });
    expect(receipt.logs).toHaveLength(8);
    const bobbin = { address: first, abi: BOBBIN_ABI } as const;
    expect(await reader.readContract({ ...bobbin, functionName: 'turns' })).toBe(3n);
    expect(lower(await reader.readContract({ ...bobbin, functionName: 'maker' }))).toBe(lower(workshop));
    expect(await reader.getBalance({ address: first })).toBe(5n);
    await expectRevert(reader.simulateContract({ ...bobbin, functionName: 'turn', args: [11n] }), 'TooManyTurns');
    await expect(reader.readContract({ ...bobbin, functionName: 'tangle' })).rejects.toThrow('the thread is tangled');
    await expect(
      reader.estimateGas({
        account: maker,
        to: first,
        data: encodeFunctionData({ abi: BOBBIN_ABI, functionName: 'tangle' }),
      }),
    ).rejects.toThrow('the thread is tangled');
  });

  test('a contract pays accounts of other shards', async () => {
    const { reader, writer } = connect();
    const payer = at(accounts, 8);
    const deployed = await writer.deployContract({ account: payer, abi: PURSE_ABI, bytecode: bytecodeOf('Purse') });
    const { contractAddress: purse } = await reader.waitForTransactionReceipt({
      hash: deployed,
      timeout: RECEIPT_TIMEOUT_MS,
    });
    if (purse === null || purse === undefined) throw new Error('the purse was not created');
    audit.watch(purse);
    const to = Array.from(
      { length: 8 },
      (_, i): `0x${string}` => `0x${(i + 1).toString(16).padStart(2, '0').repeat(20)}`,
    );
    audit.watch(...to);
    const hash = await writer.writeContract({
      address: purse,
      abi: PURSE_ABI,
      account: payer,
      functionName: 'pay',
      args: [to],
      value: 800n,
    });
    expect((await reader.waitForTransactionReceipt({ hash, timeout: RECEIPT_TIMEOUT_MS })).status).toBe('success');
    for (const address of to) expect(await reader.getBalance({ address })).toBe(100n);
  });

  test('a subscription and a filter see the same logs', async () => {
    const { reader, writer, socket } = connect();
    const owner = at(accounts, 0);
    const deployed = await writer.deployContract({
      account: owner,
      abi: TOKEN_ABI,
      bytecode: bytecodeOf('Token'),
      args: [500n],
    });
    const { contractAddress: token } = await reader.waitForTransactionReceipt({
      hash: deployed,
      timeout: RECEIPT_TIMEOUT_MS,
    });
    if (token === null || token === undefined) throw new Error('the token was not created');
    audit.watch(token);
    const pushed: Log[] = [];
    const unwatch = socket.watchContractEvent({
      address: token,
      abi: TOKEN_ABI,
      eventName: 'Transfer',
      onLogs: (logs) => pushed.push(...logs),
    });
    const filter = await reader.createContractEventFilter({ address: token, abi: TOKEN_ABI, eventName: 'Transfer' });
    for (const account of accounts.slice(1, 5)) {
      const hash = await writer.writeContract({
        address: token,
        abi: TOKEN_ABI,
        account: owner,
        functionName: 'transfer',
        args: [account.address, 1n],
      });
      await reader.waitForTransactionReceipt({ hash, timeout: RECEIPT_TIMEOUT_MS });
    }
    await until(() => pushed.length >= 4);
    unwatch();
    const filtered = await reader.getFilterChanges({ filter });
    const keys = (logs: readonly Log[]): readonly string[] => logs.map((log) => `${log.blockHash}:${log.logIndex}`);
    expect(keys(filtered)).toHaveLength(4);
    expect(keys(pushed)).toEqual(keys(filtered));
  });

  test('ethers deploys, writes and reads', async () => {
    const provider = new JsonRpcProvider(devnet.ready.urls.http, devnet.ready.chainId, {
      pollingInterval: 50,
      // ethers keeps the pending nonce for 250 ms otherwise; blocks are faster than that here.
      cacheTimeout: -1,
    });
    const signer = new Wallet(at(devnet.ready.accounts, 5).privateKey, provider);
    const factory = new ContractFactory(['constructor(uint256 supply)'], bytecodeOf('Token'), signer);
    const token = await (await factory.deploy(900n)).waitForDeployment();
    const address = await token.getAddress();
    audit.watch(lower(`0x${address.slice(2)}`));
    const contract = new Contract(
      address,
      ['function transfer(address,uint256) returns (bool)', 'function balanceOf(address) view returns (uint256)'],
      signer,
    );
    const to = at(accounts, 6).address;
    const sent = await contract.getFunction('transfer').send(to, 300n);
    expect((await sent.wait())?.status).toBe(1);
    expect(await contract.getFunction('balanceOf').staticCall(to)).toBe(300n);
    const moved = await signer.sendTransaction({ to, value: 1n });
    expect((await moved.wait())?.gasUsed).toBe(21_000n);
    provider.destroy();
  });

  test('lanes were used where they were asked for, and refused nothing that is valid', async () => {
    const { byPath, disagreements } = await chunkExecutions(devnet.ready.urls.http, shards);
    if (flags === IN_LANES) expect([byPath.producer > 0, byPath.validator > 0]).toEqual([true, true]);
    expect(disagreements).toBe(0);
  });

  test('the supply was right after every block', async () => {
    await audit.check();
    expect(BigInt((await readSupply(devnet.ready.urls.http)).inFlight)).toBe(0n);
    expect(auditFailures).toEqual([]);
    expect(audit.checked).toBeGreaterThan(20);
  });
});

function clients(devnet: DevnetProcess) {
  const { urls, chainId } = devnet.ready;
  const chain = defineChain({
    id: chainId,
    name: 'Heddle devnet',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [urls.http], webSocket: [urls.ws] } },
  });
  return {
    reader: createPublicClient({ chain, transport: http(urls.http), pollingInterval: 20, cacheTime: 0 }),
    writer: createWalletClient({ chain, transport: http(urls.http) }),
    socket: createPublicClient({ chain, transport: webSocket(urls.ws) }),
  };
}

/** The call reverts with this custom error of the contract. */
async function expectRevert(call: Promise<unknown>, errorName: string): Promise<void> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof BaseError)) throw new Error(`expected a revert with ${errorName}, got ${String(error)}`);
  const revert = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
  if (!(revert instanceof ContractFunctionRevertedError)) throw error;
  expect(revert.data?.errorName).toBe(errorName);
}

function lower(address: `0x${string}`): `0x${string}` {
  return `0x${address.slice(2).toLowerCase()}`;
}

import { expect, test } from '@jest/globals';
import {
  concat,
  encodeDeployData,
  encodeFunctionData,
  getContract,
  type Hex,
  parseAbi,
  parseEther,
  parseEventLogs,
  toHex,
} from 'viem';
import type { PrivateKeyAccount } from 'viem/accounts';
import { initCode } from '../../support/compose/artifacts.ts';
import { create2 } from '../../support/compose/create2.ts';
import { at, type Network } from '../../support/compose/network.ts';
import { onEveryNetwork } from '../../support/compose/on-every-network.ts';
import { deployToken } from '../../support/compose/token.ts';

const ENTRY_POINT = parseAbi([
  'struct Operation { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }',
  'function getNonce(address sender, uint192 key) view returns (uint256)',
  'function getUserOpHash(Operation op) view returns (bytes32)',
  'function handleOps(Operation[] ops, address beneficiary)',
  'function balanceOf(address account) view returns (uint256)',
  'event UserOperationEvent(bytes32 indexed userOpHash, address indexed sender, address indexed paymaster, uint256 nonce, bool success, uint256 actualGasCost, uint256 actualGasUsed)',
]);
const FACTORY = parseAbi([
  'constructor(address entryPoint)',
  'function createAccount(address owner, uint256 salt) returns (address)',
  'function getAddress(address owner, uint256 salt) view returns (address)',
]);
const ACCOUNT = parseAbi(['function execute(address target, uint256 value, bytes data)']);

const ARTIFACTS = '@account-abstraction/contracts/artifacts';
const SALT = toHex(0, { size: 32 });
/** Owner and bundler of an operation, at home on different shards of four. */
const PAIRS = [
  [0, 3],
  [2, 5],
  [4, 7],
  [6, 1],
] as const;

async function setUp(net: Network) {
  const entryPointCode = initCode(`${ARTIFACTS}/EntryPoint.json`);
  const entryPoint = await create2(net, 'EntryPoint', net.user(0), { salt: SALT, initCode: entryPointCode });
  const factoryCode = initCode(`${ARTIFACTS}/SimpleAccountFactory.json`);
  const factoryArgs = { abi: FACTORY, bytecode: factoryCode, args: [entryPoint] } as const;
  const factory = await net.deploy('account factory', net.user(4), encodeDeployData(factoryArgs));
  return {
    net,
    entryPoint: getContract({ address: entryPoint, abi: ENTRY_POINT, client: net.client }),
    factory: getContract({ address: factory, abi: FACTORY, client: net.client }),
    token: await deployToken(net, net.user(7)),
  };
}

type World = Awaited<ReturnType<typeof setUp>>;

function pair(high: bigint, low: bigint): Hex {
  return concat([toHex(high, { size: 16 }), toHex(low, { size: 16 })]);
}

/** An operation of this owner's account, signed; the first one creates the account. */
async function operation({ net, entryPoint, factory }: World, owner: PrivateKeyAccount, callData: Hex) {
  const sender = await factory.read.getAddress([owner.address, 0n]);
  const created = (await net.reader.getCode({ address: sender })) !== undefined;
  const create = encodeFunctionData({ abi: FACTORY, functionName: 'createAccount', args: [owner.address, 0n] });
  const unsigned = {
    sender,
    nonce: await entryPoint.read.getNonce([sender, 0n]),
    initCode: created ? ('0x' as const) : concat([factory.address, create]),
    callData,
    accountGasLimits: pair(600_000n, 300_000n),
    preVerificationGas: 60_000n,
    // Priority and cap the same, so that its price does not depend on the base fee.
    gasFees: pair(3_000_000_000n, 3_000_000_000n),
    paymasterAndData: '0x' as const,
    signature: '0x' as Hex,
  };
  const hash = await entryPoint.read.getUserOpHash([unsigned]);
  return { ...unsigned, signature: await owner.signMessage({ message: { raw: hash } }) };
}

onEveryNetwork(setUp, (world) => {
  test.each(PAIRS)('user %i has an account before it exists; user %i brings its operations in', async (of, by) => {
    const { net, entryPoint, factory, token } = world();
    const [owner, bundler] = [net.user(of), net.user(by)];
    const sender = await factory.read.getAddress([owner.address, 0n]);
    const funds = net.writer.sendTransaction({ account: owner, to: sender, value: parseEther('1') });
    await net.mined('fund the account', funds);
    await net.mined('tokens for it', token.write.transfer([sender, 100n], { account: net.user(7) }));

    const receiver = net.user((of + 5) % 8).address;
    const transfer = encodeFunctionData({ abi: token.abi, functionName: 'transfer', args: [receiver, 30n] });
    const callData = encodeFunctionData({
      abi: ACCOUNT,
      functionName: 'execute',
      args: [token.address, 0n, transfer],
    });
    const before = await token.read.balanceOf([receiver]);
    for (const what of ['create the account and act', 'act again']) {
      const op = await operation(world(), owner, callData);
      const paid = await net.reader.getBalance({ address: bundler.address });
      const { logs, blockNumber, gasUsed, effectiveGasPrice } = await net.mined(
        what,
        entryPoint.write.handleOps([[op], bundler.address], { account: bundler }),
      );
      const event = at(parseEventLogs({ abi: ENTRY_POINT, logs, eventName: 'UserOperationEvent' }), 0);
      expect(event.args).toMatchObject({ sender, success: true, nonce: op.nonce });
      // The beneficiary is paid what the account is charged.
      expect(await net.reader.getBalance({ address: bundler.address, blockNumber })).toBe(
        paid + event.args.actualGasCost - gasUsed * effectiveGasPrice,
      );
    }
    expect(await token.read.balanceOf([receiver])).toBe(before + 60n);
    expect(await token.read.balanceOf([sender])).toBe(40n);
    expect(await net.reader.getCode({ address: sender })).toBeDefined();
    expect(await entryPoint.read.balanceOf([sender])).toBeGreaterThan(0n);
  });

  test('operations of owners of every shard share one transaction', async () => {
    const { net, entryPoint } = world();
    const receiver = net.user(1).address;
    const before = await net.reader.getBalance({ address: receiver });
    const callData = encodeFunctionData({ abi: ACCOUNT, functionName: 'execute', args: [receiver, 5n, '0x'] });
    const ops = await Promise.all(PAIRS.map(([owner]) => operation(world(), net.user(owner), callData)));
    const { logs } = await net.mined(
      'four operations',
      entryPoint.write.handleOps([ops, net.user(2).address], { account: net.user(3) }),
    );
    const events = parseEventLogs({ abi: ENTRY_POINT, logs, eventName: 'UserOperationEvent' });
    expect(events.map(({ args }) => args.success)).toEqual(PAIRS.map(() => true));
    expect(await net.reader.getBalance({ address: receiver })).toBe(before + 20n);
  });

  test('an operation with the signature of another is refused', async () => {
    const { net, entryPoint } = world();
    const callData = encodeFunctionData({
      abi: ACCOUNT,
      functionName: 'execute',
      args: [net.user(1).address, 1n, '0x'],
    });
    const op = await operation(world(), net.user(0), callData);
    const forged = { ...op, signature: await net.user(1).signMessage({ message: 'no' }) };
    await net.reverted(
      'forged operation',
      entryPoint.write.handleOps([[forged], net.user(3).address], { account: net.user(3), gas: 1_000_000n }),
    );
  });
});

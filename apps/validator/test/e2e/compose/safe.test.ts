import { expect, test } from '@jest/globals';
import {
  concat,
  encodeFunctionData,
  getContract,
  getCreate2Address,
  type Hex,
  parseAbi,
  parseEther,
  parseEventLogs,
  toHex,
  zeroAddress,
} from 'viem';
import { initCode, singletonFactory } from '../../support/compose/artifacts.ts';
import { at, type Network } from '../../support/compose/network.ts';
import { onEveryNetwork } from '../../support/compose/on-every-network.ts';
import { deployToken } from '../../support/compose/token.ts';

const FACTORY = parseAbi([
  'function createProxyWithNonce(address singleton, bytes initializer, uint256 saltNonce) returns (address proxy)',
  'event ProxyCreation(address indexed proxy, address singleton)',
]);
const SAFE = parseAbi([
  'function setup(address[] owners, uint256 threshold, address to, bytes data, address fallbackHandler, address paymentToken, uint256 payment, address paymentReceiver)',
  'function getOwners() view returns (address[])',
  'function nonce() view returns (uint256)',
  'function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures) payable returns (bool)',
  'event ExecutionSuccess(bytes32 indexed txHash, uint256 payment)',
]);
const SAFE_TRANSACTION = [
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'data', type: 'bytes' },
  { name: 'operation', type: 'uint8' },
  { name: 'safeTxGas', type: 'uint256' },
  { name: 'baseGas', type: 'uint256' },
  { name: 'gasPrice', type: 'uint256' },
  { name: 'gasToken', type: 'address' },
  { name: 'refundReceiver', type: 'address' },
  { name: 'nonce', type: 'uint256' },
] as const;

const ARTIFACTS = '@safe-global/safe-smart-account/build/artifacts/contracts';
const SALT: Hex = toHex(0, { size: 32 });
/** Owners of a Safe, at home on three of four shards. */
const OWNERS = [0, 2, 6];
/** Who creates a Safe, and who carries out its transactions. */
const RELAYERS = [1, 3, 5, 7];

/** Safe's factory comes as on every chain, by the transaction that Safe has signed for this chain ID. */
async function setUp(net: Network) {
  const { signerAddress, transaction, address, gasLimit, gasPrice } = singletonFactory(net.chain.id);
  const value = BigInt(gasLimit) * BigInt(gasPrice);
  await net.mined('fund the signer', net.writer.sendTransaction({ account: net.user(4), to: signerAddress, value }));
  await net.mined('singleton factory', net.reader.sendRawTransaction({ serializedTransaction: transaction }));
  const create = async (what: string, index: number, code: Hex): Promise<Hex> => {
    const data = concat([SALT, code]);
    await net.mined(what, net.writer.sendTransaction({ account: net.user(index), to: address, data }));
    return getCreate2Address({ from: address, salt: SALT, bytecode: code });
  };
  const singleton = await create('Safe', 2, initCode(`${ARTIFACTS}/Safe.sol/Safe.json`));
  const factory = await create(
    'proxies',
    6,
    initCode(`${ARTIFACTS}/proxies/SafeProxyFactory.sol/SafeProxyFactory.json`),
  );
  return {
    net,
    singleton,
    factory: getContract({ address: factory, abi: FACTORY, client: net.client }),
    token: await deployToken(net, net.user(3)),
  };
}

type World = Awaited<ReturnType<typeof setUp>>;

/** A Safe of three owners, of whom two have to sign, with ETH and tokens. */
async function createSafe({ net, singleton, factory, token }: World, relayer: number) {
  const account = net.user(relayer);
  const owners = OWNERS.map((index) => net.user(index).address);
  const initializer = encodeFunctionData({
    abi: SAFE,
    functionName: 'setup',
    args: [owners, 2n, zeroAddress, '0x', zeroAddress, zeroAddress, 0n, zeroAddress],
  });
  const { logs } = await net.mined(
    'create a Safe',
    factory.write.createProxyWithNonce([singleton, initializer, BigInt(relayer)], { account }),
  );
  const { proxy } = at(parseEventLogs({ abi: FACTORY, logs, eventName: 'ProxyCreation' }), 0).args;
  await net.mined('ETH for it', net.writer.sendTransaction({ account, to: proxy, value: parseEther('1') }));
  await net.mined('tokens for it', token.write.transfer([proxy, 1_000n], { account: net.user(3) }));
  return getContract({ address: proxy, abi: SAFE, client: net.client });
}

type Safe = Awaited<ReturnType<typeof createSafe>>;
type Action = { readonly to: Hex; readonly value: bigint; readonly data: Hex };

/** The first two owners sign; the relayer sends. */
async function execute(net: Network, safe: Safe, relayer: number, { to, value, data }: Action): Promise<Hex> {
  const rest = [0, 0n, 0n, 0n, zeroAddress, zeroAddress] as const;
  const [operation, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver] = rest;
  const fees = { operation, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver };
  // Signatures go in the order of their signers.
  const signers = OWNERS.slice(0, 2)
    .map((index) => net.user(index))
    .sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
  const nonce = await safe.read.nonce();
  const signatures = await Promise.all(
    signers.map((signer) =>
      signer.signTypedData({
        domain: { chainId: net.chain.id, verifyingContract: safe.address },
        types: { SafeTx: SAFE_TRANSACTION },
        primaryType: 'SafeTx',
        message: { to, value, data, ...fees, nonce },
      }),
    ),
  );
  return safe.write.execTransaction([to, value, data, ...rest, concat(signatures)], { account: net.user(relayer) });
}

onEveryNetwork(setUp, (world) => {
  test.each(RELAYERS)(
    'a Safe that user %i creates pays ETH and tokens when two owners of it have signed',
    async (index) => {
      const { net, token } = world();
      const safe = await createSafe(world(), index);
      expect(await safe.read.getOwners()).toEqual(OWNERS.map((owner) => net.user(owner).address));
      const payee = net.user((index + 2) % 8).address;
      const relayer = (index + 4) % 8;

      const before = await net.reader.getBalance({ address: payee });
      const paid = await net.mined(
        'pay ETH',
        execute(net, safe, relayer, { to: payee, value: parseEther('0.25'), data: '0x' }),
      );
      expect(parseEventLogs({ abi: SAFE, logs: paid.logs, eventName: 'ExecutionSuccess' })).toHaveLength(1);
      expect(await net.reader.getBalance({ address: payee })).toBe(before + parseEther('0.25'));
      expect(await net.reader.getBalance({ address: safe.address })).toBe(parseEther('0.75'));

      const data = encodeFunctionData({ abi: token.abi, functionName: 'transfer', args: [net.user(0).address, 400n] });
      await net.mined('pay tokens', execute(net, safe, relayer, { to: token.address, value: 0n, data }));
      expect(await token.read.balanceOf([safe.address])).toBe(600n);
      expect(await safe.read.nonce()).toBe(2n);
    },
  );

  test('one signature is not enough', async () => {
    const { net } = world();
    const safe = await createSafe(world(), 0);
    const signature = concat([toHex(1, { size: 65 })]);
    const args = [net.user(0).address, 1n, '0x', 0, 0n, 0n, 0n, zeroAddress, zeroAddress, signature] as const;
    await net.reverted(
      'pay with one signature',
      safe.write.execTransaction(args, { account: net.user(0), gas: 300_000n }),
    );
    expect(await net.reader.getBalance({ address: safe.address })).toBe(parseEther('1'));
  });
});

import { home } from '@heddle/sharding';
import { expect, test } from '@jest/globals';
import { encodeDeployData, getContract, getContractAddress, type Hex, parseAbi, parseEther, toHex } from 'viem';
import { compiledInitCode } from '../../support/compose/artifacts.ts';
import { CREATE2_DEPLOYER, create2, create2Address } from '../../support/compose/create2.ts';
import type { Network } from '../../support/compose/network.ts';
import { onEveryNetwork } from '../../support/compose/on-every-network.ts';

const PURSE = parseAbi(['function pay(address[] to) payable', 'receive() external payable']);
const KEEPER = parseAbi([
  'constructor()',
  'function atBirth() view returns (uint256)',
  'function held() view returns (uint256)',
  'function withdraw(address to)',
]);
/** One user of each of four shards. */
const USERS = [0, 2, 4, 6];

async function setUp(net: Network) {
  return { net, keeper: await compiledInitCode('Keeper'), purse: await compiledInitCode('Purse') };
}

function salt(number: number): Hex {
  return toHex(number, { size: 32 });
}

/** The first salt from this number on whose address is at home on this one of four shards. */
function saltOfHome(shard: number, initCode: Hex, from: number): number {
  let number = from;
  while (home(create2Address(salt(number), initCode), 4) !== shard) number += 1;
  return number;
}

onEveryNetwork(setUp, (world) => {
  test('the deployer is there', async () => {
    const { net } = world();
    expect(await net.reader.getCode({ address: CREATE2_DEPLOYER })).toBe(
      '0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3',
    );
  });

  test.each(USERS)('user %i creates where the salt says, and uses it', async (index) => {
    const { net, purse } = world();
    const account = net.user(index);
    const address = await create2(net, 'create a purse', account, { salt: salt(index), initCode: purse });
    const contract = getContract({ address, abi: PURSE, client: net.client });
    const before = await net.reader.getBalance({ address: net.user(7).address });
    await net.mined('pay through it', contract.write.pay([[net.user(7).address]], { account, value: 9n }));
    expect(await net.reader.getBalance({ address: net.user(7).address })).toBe(before + 9n);
  });

  test('the same salt and code do not create twice', async () => {
    const { net, purse } = world();
    const data = `${salt(0)}${purse.slice(2)}` as const;
    await net.reverted(
      'create it again',
      net.writer.sendTransaction({ account: net.user(1), to: CREATE2_DEPLOYER, data, gas: 2_000_000n }),
    );
  });

  test.each(USERS)('ETH that waits where user %i creates is there at birth, and can be spent', async (index) => {
    const { net, keeper } = world();
    const account = net.user(index);
    for (const shard of [0, 1, 2, 3]) {
      const number = saltOfHome(shard, keeper, 1_000 * (index + 1));
      const address = create2Address(salt(number), keeper);
      const value = parseEther('1') + BigInt(shard);
      await net.mined('fund the address', net.writer.sendTransaction({ account, to: address, value }));
      expect(await net.reader.getBalance({ address })).toBe(value);
      await create2(net, 'create a keeper there', account, { salt: salt(number), initCode: keeper });
      const contract = getContract({ address, abi: KEEPER, client: net.client });
      expect(await contract.read.atBirth()).toBe(value);
      expect(await contract.read.held()).toBe(value);
      expect(await net.reader.getBalance({ address })).toBe(value);
      const receiver = net.user(3).address;
      const before = await net.reader.getBalance({ address: receiver });
      await net.mined('withdraw', contract.write.withdraw([receiver], { account: net.user(5) }));
      expect(await net.reader.getBalance({ address: receiver })).toBe(before + value);
      expect(await net.reader.getBalance({ address })).toBe(0n);
    }
  });

  test.each(USERS)('so it is where a transaction of user %i creates, with value of its own', async (index) => {
    const { net, keeper } = world();
    const account = net.user(index);
    const nonce = await net.reader.getTransactionCount({ address: account.address });
    const address = getContractAddress({ from: account.address, nonce: BigInt(nonce) });
    await net.mined(
      'fund the address',
      net.writer.sendTransaction({ account: net.user((index + 3) % 8), to: address, value: 50n }),
    );
    const created = await net.deploy('create there', account, encodeDeployData({ abi: KEEPER, bytecode: keeper }), 7n);
    expect(BigInt(created)).toBe(BigInt(address));
    const contract = getContract({ address, abi: KEEPER, client: net.client });
    expect(await contract.read.atBirth()).toBe(57n);
    expect(await net.reader.getBalance({ address })).toBe(57n);
  });
});

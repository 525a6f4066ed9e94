import { expect, test } from '@jest/globals';
import { Contract, ContractFactory, JsonRpcProvider, Wallet } from 'ethers';
import { type Hex, isHex } from 'viem';
import { compiledInitCode } from '../../support/compose/artifacts.ts';
import { at, type Network } from '../../support/compose/network.ts';
import { onEveryNetwork } from '../../support/compose/on-every-network.ts';
import { fundedKeys } from '../../support/compose/users.ts';

const PAINTING = [
  'constructor()',
  'function mint(address to) returns (uint256)',
  'function count() view returns (uint256)',
  'function ownerOf(uint256 id) view returns (address)',
  'function balanceOf(address owner) view returns (uint256)',
  'function approve(address to, uint256 id)',
  'function transferFrom(address from, address to, uint256 id)',
  'function safeTransferFrom(address from, address to, uint256 id)',
];
const THREAD = [
  'constructor()',
  'function mint(address to, uint256[] ids, uint256[] amounts)',
  'function setApprovalForAll(address operator, bool approved)',
  'function balanceOfBatch(address[] owners, uint256[] ids) view returns (uint256[])',
  'function safeTransferFrom(address from, address to, uint256 id, uint256 amount, bytes data)',
  'function safeBatchTransferFrom(address from, address to, uint256[] ids, uint256[] amounts, bytes data)',
];
const GALLERY = [
  'constructor()',
  'function shown(address painting) view returns (uint256)',
  'function giveBack(address painting, uint256 id, address to)',
];
/** One user of each of four shards. */
const USERS = [0, 2, 4, 6];

/** All of it with ethers: painting, thread and gallery are of three shards. */
async function setUp(net: Network) {
  // ethers keeps nonces for 250 ms otherwise; blocks are faster than that here.
  const provider = new JsonRpcProvider(net.url, net.chain.id, {
    pollingInterval: 20,
    cacheTimeout: -1,
    staticNetwork: true,
  });
  const signers = fundedKeys().map((key) => new Wallet(key, provider));
  const deploy = async (what: string, index: number, abi: readonly string[], name: string): Promise<Contract> => {
    const factory = new ContractFactory([...abi], await compiledInitCode(name), at(signers, index));
    const contract = await factory.deploy();
    const { hash = '' } = contract.deploymentTransaction() ?? {};
    await net.mined(what, hex(hash));
    return new Contract(await contract.getAddress(), [...abi], provider);
  };
  return {
    net,
    provider,
    signers,
    painting: await deploy('painting', 1, PAINTING, 'Painting'),
    thread: await deploy('thread', 3, THREAD, 'Thread'),
    gallery: await deploy('gallery', 5, GALLERY, 'Gallery'),
  };
}

type World = Awaited<ReturnType<typeof setUp>>;

function hex(text: string): Hex {
  if (!isHex(text)) throw new Error(`${text} is not hexadecimal`);
  return text;
}

/** Sends a call of a contract by a user, gas as ethers estimates it. */
async function send(
  { net, signers }: World,
  what: string,
  index: number,
  contract: Contract,
  call: string,
  ...args: readonly unknown[]
): Promise<void> {
  const { hash } = await contract
    .connect(at(signers, index))
    .getFunction(call)
    .send(...args);
  await net.mined(what, hex(hash));
}

onEveryNetwork(setUp, (world) => {
  test.each(USERS)('a painting of user %i changes hands, is shown in a gallery and comes back', async (index) => {
    const { painting, gallery, signers } = world();
    const [owner, dealer, buyer] = [index, (index + 3) % 8, (index + 5) % 8];
    const address = (user: number): string => at(signers, user).address;
    await send(world(), 'mint', dealer, painting, 'mint', address(owner));
    const id = await painting.getFunction('count').staticCall();
    await send(world(), 'approve', owner, painting, 'approve', address(dealer), id);
    await send(world(), 'sell', dealer, painting, 'transferFrom', address(owner), address(buyer), id);
    expect(await painting.getFunction('ownerOf').staticCall(id)).toBe(address(buyer));

    const place = await gallery.getAddress();
    const shown: bigint = await gallery.getFunction('shown').staticCall(await painting.getAddress());
    await send(world(), 'show', buyer, painting, 'safeTransferFrom', address(buyer), place, id);
    expect(await painting.getFunction('ownerOf').staticCall(id)).toBe(place);
    expect(await gallery.getFunction('shown').staticCall(await painting.getAddress())).toBe(shown + 1n);

    const args = [await painting.getAddress(), id, address(owner)];
    await send(world(), 'give back', (index + 1) % 8, gallery, 'giveBack', ...args);
    expect(await painting.getFunction('ownerOf').staticCall(id)).toBe(address(owner));
    expect(await painting.getFunction('balanceOf').staticCall(place)).toBe(shown);
  });

  test('a token refuses to go where nobody would take it', async () => {
    const { painting, thread, signers } = world();
    const from = at(signers, 0).address;
    await send(world(), 'mint', 0, painting, 'mint', from);
    const id = await painting.getFunction('count').staticCall();
    const lost = painting
      .connect(at(signers, 0))
      .getFunction('safeTransferFrom')
      .estimateGas(from, await thread.getAddress(), id);
    await expect(lost).rejects.toThrow('revert');
  });

  test.each(USERS)('threads of user %i go to users and to the gallery in batches', async (index) => {
    const { thread, gallery, signers } = world();
    const [owner, receiver, operator] = [index, (index + 3) % 8, (index + 6) % 8];
    const address = (user: number): string => at(signers, user).address;
    const place = await gallery.getAddress();
    const ids = [1n, 2n, 3n].map((id) => id + 10n * BigInt(index + 1));
    await send(world(), 'mint a batch', receiver, thread, 'mint', address(owner), ids, [10n, 20n, 30n]);
    await send(world(), 'approve all', owner, thread, 'setApprovalForAll', address(operator), true);
    const batch = [address(owner), address(receiver), ids, [1n, 2n, 3n], '0x'];
    await send(world(), 'batch by the operator', operator, thread, 'safeBatchTransferFrom', ...batch);
    await send(
      world(),
      'batch to the gallery',
      owner,
      thread,
      'safeBatchTransferFrom',
      address(owner),
      place,
      ids,
      [4n, 5n, 6n],
      '0x',
    );
    await send(
      world(),
      'one to the gallery',
      receiver,
      thread,
      'safeTransferFrom',
      address(receiver),
      place,
      at(ids, 2),
      3n,
      '0x',
    );
    const balancesOf = async (holder: string): Promise<readonly bigint[]> => [
      ...(await thread.getFunction('balanceOfBatch').staticCall([holder, holder, holder], ids)),
    ];
    expect(await balancesOf(address(owner))).toEqual([5n, 13n, 21n]);
    expect(await balancesOf(address(receiver))).toEqual([1n, 2n, 0n]);
    expect(await balancesOf(place)).toEqual([4n, 5n, 9n]);
  });

  test('ethers lets go', () => {
    world().provider.destroy();
  });
});

import { encodeDeployData, parseAbi } from 'viem';
import { type Flow, flow, holds, same } from '../../flows.ts';
import { account, SINK } from '../../world.ts';
import { type Bench, OWNER } from './bench.ts';

const MESSAGE = 'a message';
const TYPED = {
  domain: { name: 'scoreboard', chainId: 31_337 },
  types: {
    Vote: [
      { name: 'choice', type: 'uint256' },
      { name: 'voter', type: 'address' },
    ],
  },
  primaryType: 'Vote',
  message: { choice: 1n, voter: SINK },
} as const;

export function signingFlows({ reader, wallet, unlocked, done, purseCode }: Bench): readonly Flow[] {
  const owner = wallet(OWNER);
  const atNode = unlocked(owner.account.address);
  const abi = parseAbi(['constructor(address owner)']);
  return [
    flow('typed data signed here, verified over RPC', async () => {
      const signature = await owner.signTypedData(TYPED);
      holds(await reader.verifyTypedData({ ...TYPED, address: owner.account.address, signature }), 'not valid');
    }),
    flow('the node signs typed data as viem does', async () => {
      same(await atNode.signTypedData(TYPED), await owner.signTypedData(TYPED), 'signature');
    }),
    flow('the node signs a message as viem does', async () => {
      same(await atNode.signMessage({ message: MESSAGE }), await owner.signMessage({ message: MESSAGE }), 'signature');
    }),
    flow('the node signs a transaction', async () => {
      const fees = { gas: 21_000n, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n };
      const signed = await atNode.signTransaction({ to: SINK, value: 1n, nonce: 0, type: 'eip1559', ...fees });
      holds(signed.startsWith('0x02'), `it begins with ${signed.slice(0, 6)}`);
    }),
    flow('a signature of a contract (ERC-1271)', async () => {
      const data = encodeDeployData({ abi, bytecode: purseCode, args: [owner.account.address] });
      const { contractAddress } = await done(owner.sendTransaction({ data }));
      const signature = await owner.signMessage({ message: MESSAGE });
      holds(await reader.verifyMessage({ address: contractAddress ?? SINK, message: MESSAGE, signature }), 'not valid');
    }),
    flow('accounts of the node', async () => {
      const addresses = await atNode.getAddresses();
      same(
        addresses,
        Array.from({ length: 10 }, (_, i) => account(i).address),
        'accounts',
      );
      same(await atNode.requestAddresses(), addresses, 'requested accounts');
    }),
    flow('sendCalls where the wallet has no EIP-5792', async () => {
      const { id } = await owner.sendCalls({ calls: [{ to: SINK, value: 1n }], experimental_fallback: true });
      same((await owner.waitForCallsStatus({ id, timeout: 8_000 })).status, 'success', 'status');
    }),
  ];
}

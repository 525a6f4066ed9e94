import { createWalletClient, type Hex, http, zeroAddress } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { type Flow, flow, holds, same } from '../../flows.ts';
import { TALLY } from '../../tally.ts';
import { type Bench, OTHERS, OWNER, RAISE } from './bench.ts';

const DELEGATED = '0xef0100';

export function delegationFlows({ chain, url, tally, wallet, done, reader }: Bench): readonly Flow[] {
  const delegators = [OWNER, ...OTHERS.slice(0, 2)];
  const codeOf = async (address: Hex): Promise<string> => (await reader.getCode({ address })) ?? '0x';
  const sponsor = wallet(0);
  return [
    ...delegators.map((index) =>
      flow(`account ${index} delegates and calls itself`, async () => {
        const own = wallet(index);
        const { address } = own.account;
        const authorization = await own.signAuthorization({ contractAddress: tally, executor: 'self' });
        const { logs } = await done(
          own.sendTransaction({ authorizationList: [authorization], to: address, data: RAISE }),
        );
        same(logs.length, 1, 'logs');
        same(await reader.readContract({ address, abi: TALLY, functionName: 'total' }), 1n, 'total');
        holds((await codeOf(address)).startsWith(DELEGATED), 'no delegation');
      }),
    ),
    flow('somebody else pays', async () => {
      const authority = createWalletClient({
        chain,
        transport: http(url),
        account: privateKeyToAccount(generatePrivateKey()),
      });
      const authorization = await authority.signAuthorization({ contractAddress: tally });
      const to = authority.account.address;
      same(
        (await done(sponsor.sendTransaction({ authorizationList: [authorization], to, data: RAISE }))).logs.length,
        1,
        'logs',
      );
    }),
    ...delegators.map((index) =>
      flow(`account ${index} ends its delegation`, async () => {
        const own = wallet(index);
        const { address } = own.account;
        const authorization = await own.signAuthorization({ contractAddress: zeroAddress, executor: 'self' });
        await done(own.sendTransaction({ authorizationList: [authorization], to: address }));
        same(await codeOf(address), '0x', 'code');
      }),
    ),
  ];
}

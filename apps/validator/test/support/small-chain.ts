import { createPublicClient, createWalletClient, http } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { createOwnNetwork } from './own-network.ts';
import { runInProcess, type Said } from './validator-in-process.ts';

const MNEMONIC = 'test test test test test test test test test test test junk';
/** Writes 1 and 2 to slots 0 and 1, and leaves a contract of one byte. */
const TWO_SLOTS = '0x6001600055600260015560016000f3';

/** Makes a network of one validator in `directory`, with so many blocks of transfers and a contract; gives its folder, stopped. */
export async function makeSmallChain(directory: string, blocks: number, shards: number): Promise<string> {
  const home = await createOwnNetwork(directory, { shards, chainId: foundry.id, balanceWei: 10n ** 20n });
  const said: Said = { output: [], errors: [] };
  const live = await runInProcess(home, {}, said);
  const { urls }: { readonly urls: { readonly http: string } } = JSON.parse(said.output.join(''));
  const transport = http(urls.http);
  const client = createPublicClient({ chain: foundry, transport, pollingInterval: 20 });
  for (let number = 0; number < blocks; number++) {
    const account = mnemonicToAccount(MNEMONIC, { addressIndex: number % 10 });
    const { address: to } = mnemonicToAccount(MNEMONIC, { addressIndex: (number + 3) % 10 });
    const wallet = createWalletClient({ account, chain: foundry, transport });
    const hash = await (number % 4 === 1
      ? wallet.sendTransaction({ data: TWO_SLOTS })
      : wallet.sendTransaction({ to, value: 1n }));
    await client.waitForTransactionReceipt({ hash });
  }
  await live.stop();
  return home;
}

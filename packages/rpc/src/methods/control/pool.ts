import { parseAddress, parseHash } from '../../parse/hex.ts';
import type { DevnetControl } from '../../ports.ts';
import type { MethodTable } from '../../protocol/method.ts';
import { controlMethod } from '../../protocol/method.ts';

/** Taking transactions back that have not been executed. */
export function poolControlMethods(devnet: DevnetControl): MethodTable {
  // The hash of what was dropped; null if it was not there.
  const dropTransaction = controlMethod(1, (params) => {
    const hash = params.required(0, parseHash);
    return devnet.dropTransactions((transaction) => transaction.hash === hash)[0] ?? null;
  });
  const dropAll = controlMethod(0, () => {
    devnet.dropTransactions(() => true);
    return null;
  });
  return {
    anvil_dropTransaction: dropTransaction,
    hardhat_dropTransaction: dropTransaction,
    anvil_dropAllTransactions: dropAll,
    hardhat_dropAllTransactions: dropAll,
    anvil_removePoolTransactions: controlMethod(1, (params) => {
      const address = params.required(0, parseAddress);
      devnet.dropTransactions(({ sender }) => sender === address);
      return null;
    }),
  };
}

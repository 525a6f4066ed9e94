import type { DevnetAccount } from '@heddle/node';
import { bytesToHex } from '@heddle/primitives';
import type { Genesis } from '@heddle/types';
import type { ChainFlags } from '../flags/devnet-flags.ts';

/** The file of --config-out, with anvil's keys: scripts read accounts and keys from it. */
export function configJson(flags: ChainFlags, genesis: Genesis, accounts: readonly DevnetAccount[]): string {
  const baseFee = genesis.baseFeePerGas.toString();
  const config = {
    available_accounts: accounts.map(({ address }) => address),
    private_keys: accounts.map(({ privateKey }) => bytesToHex(privateKey)),
    wallet: { derivation_path: `${flags.derivationPath}/`, mnemonic: flags.mnemonic },
    base_fee: baseFee,
    // The least that a transaction can pay.
    gas_price: baseFee,
    gas_limit: genesis.chunkGasLimit.toString(),
    genesis_timestamp: genesis.timestamp.toString(),
  };
  return JSON.stringify(config);
}

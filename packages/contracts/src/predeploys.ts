import { BEACON_ROOTS_ADDRESS, DIRECTORY_ADDRESS, HISTORY_STORAGE_ADDRESS, MESSENGER_ADDRESS } from '@heddle/types';
import { DETERMINISTIC_DEPLOYER_ADDRESS, REGISTRY_ADDRESS } from './addresses.ts';
import { MESSENGER_CODE } from './generated/cross-shard-messenger.generated.ts';
import { DIRECTORY_CODE } from './generated/directory.generated.ts';
import { REGISTRY_CODE } from './generated/validator-registry.generated.ts';

/** Runtime code of EIP-2935, as the EIP has it. 83 bytes. */
export const HISTORY_STORAGE_CODE =
  '0x3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500' as const;

/** Runtime code of EIP-4788, as the EIP has it. 97 bytes. */
export const BEACON_ROOTS_CODE =
  '0x3373fffffffffffffffffffffffffffffffffffffffe14604d57602036146024575f5ffd5b5f35801560495762001fff810690815414603c575f5ffd5b62001fff01545f5260205ff35b5f5ffd5b62001fff42064281555f359062001fff015500' as const;

/** Runtime code of the deterministic deployment proxy: 32 bytes of salt, then init code. 69 bytes. */
export const DETERMINISTIC_DEPLOYER_CODE =
  '0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3' as const;

/** A contract that stands from genesis on. */
export interface Predeploy {
  readonly name: string;
  readonly address: `0x${string}`;
  /** Runtime code. */
  readonly code: `0x${string}`;
  /** 1, as a created contract has it (EIP-161). */
  readonly nonce: bigint;
  /**
   * `everyShard`: replicated, each shard with its own storage. `home`: an ordinary contract, listed at its home.
   * `firstShard`: one that is listed on shard 0.
   */
  readonly residence: 'everyShard' | 'home' | 'firstShard';
  /** `sharded`: only with more than one shard. */
  readonly presence: 'always' | 'sharded';
}

/** What a genesis state holds besides the file's allocation. */
export const PREDEPLOYS: readonly Predeploy[] = [
  predeploy('BeaconRoots', BEACON_ROOTS_ADDRESS, BEACON_ROOTS_CODE, 'everyShard', 'always'),
  predeploy('HistoryStorage', HISTORY_STORAGE_ADDRESS, HISTORY_STORAGE_CODE, 'everyShard', 'always'),
  predeploy('DeterministicDeployer', DETERMINISTIC_DEPLOYER_ADDRESS, DETERMINISTIC_DEPLOYER_CODE, 'home', 'always'),
  predeploy('ValidatorRegistry', REGISTRY_ADDRESS, REGISTRY_CODE, 'firstShard', 'always'),
  predeploy('Directory', DIRECTORY_ADDRESS, DIRECTORY_CODE, 'everyShard', 'sharded'),
  predeploy('CrossShardMessenger', MESSENGER_ADDRESS, MESSENGER_CODE, 'everyShard', 'sharded'),
];

function predeploy(
  name: string,
  address: `0x${string}`,
  code: `0x${string}`,
  residence: Predeploy['residence'],
  presence: Predeploy['presence'],
): Predeploy {
  return { name, address, code, nonce: 1n, residence, presence };
}

export {
  DETERMINISTIC_DEPLOYER_ADDRESS,
  REGISTRY_ADDRESS,
} from './addresses.ts';
export { MESSENGER_ABI, MESSENGER_CODE, MESSENGER_SLOTS } from './generated/cross-shard-messenger.generated.ts';
export { DIRECTORY_ABI, DIRECTORY_CODE, DIRECTORY_SLOTS } from './generated/directory.generated.ts';
export { REGISTRY_ABI, REGISTRY_CODE, REGISTRY_SLOTS } from './generated/validator-registry.generated.ts';
export {
  BEACON_ROOTS_CODE,
  DETERMINISTIC_DEPLOYER_CODE,
  HISTORY_STORAGE_CODE,
  PREDEPLOYS,
  type Predeploy,
} from './predeploys.ts';

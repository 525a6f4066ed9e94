export {
  createDevnetGenesis,
  type DevnetGenesis,
  type DevnetGenesisOptions,
  devnetValidatorKeys,
} from './devnet-genesis.ts';
export { devnetFeeRecipients } from './fee-recipients.ts';
export { genesisShardAllocs } from './shard-allocs.ts';

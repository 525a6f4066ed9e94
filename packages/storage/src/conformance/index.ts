export {
  type ChainStoreCase,
  chainStoreSuite,
  checkFlatState,
  checkTrieAgainstFlat,
  executionsOf,
} from './chain-store-suite.ts';
export { TestChain, testAddress, testBlock, testFinalization, testSection, testUnfinal } from './test-chain.ts';

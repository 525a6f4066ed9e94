export { type ChainStoreCase, chainStoreSuite, checkFlatState, checkTrieAgainstFlat } from './chain-store-suite.ts';
export { TestChain, testAddress, testFinalization, testUnfinal } from './test-chain.ts';

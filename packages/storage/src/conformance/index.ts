export { type ChainStoreCase, chainStoreSuite, checkFlatState, checkTrieAgainstFlat } from './chain-store-suite.ts';
export { TestChain, testAddress, testBlock, testFinalization, testUnfinal } from './test-chain.ts';

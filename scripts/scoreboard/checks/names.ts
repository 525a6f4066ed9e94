/** In the order in which they run. */
export const CHECK_NAMES = [
  'schema',
  'methods',
  'viem',
  'ethers6',
  'ethers5',
  'web3',
  'wagmi',
  'test-client',
  'cast',
  'forge',
  'hardhat2',
  'hardhat3',
  'dapps',
  'openzeppelin',
] as const;

export type CheckName = (typeof CHECK_NAMES)[number];

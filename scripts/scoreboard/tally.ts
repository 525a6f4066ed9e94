import { type ParseAbi, parseAbi } from 'viem';

const SIGNATURES = [
  'function total() view returns (uint256)',
  'function raise()',
  'function raiseThenFail()',
  'function tooHigh(uint256 wanted) pure',
  'function refuse()',
  'function divide(uint256 by) pure returns (uint256)',
  'function silent() pure',
  'event Raised(address indexed by, uint256 total)',
  'error TooHigh(uint256 wanted, uint256 most)',
] as const;

/** Of `contracts/Tally.sol`. */
export const TALLY: ParseAbi<typeof SIGNATURES> = parseAbi(SIGNATURES);

/** The same for clients that take the words of Solidity. */
export const TALLY_SIGNATURES: readonly string[] = SIGNATURES;

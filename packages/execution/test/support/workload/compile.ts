import { compileSolidity } from '../../../scripts/compile-solidity.ts';

/** Runtime code of the contracts in Workload.sol. Their balances, allowances and reserves are set in the state. */
export interface WorkloadCode {
  readonly token: Uint8Array;
  readonly pair: Uint8Array;
}

export function compileWorkload(): WorkloadCode {
  const codeOf = compileSolidity(new URL('Workload.sol', import.meta.url));
  return { token: codeOf('Token'), pair: codeOf('Pair') };
}

import type { TipOracle } from '../../fees/suggested-tip.ts';
import type { RpcBackend } from '../../ports.ts';
import type { MethodTable } from '../../protocol/method.ts';
import { accountControlMethods } from './accounts.ts';
import { chainControlMethods } from './chain.ts';
import { faultMethods, faultsOutsideDevnets } from './faults.ts';
import { miningMethods } from './mining.ts';
import { poolControlMethods } from './pool.ts';
import { rewindMethods } from './rewind.ts';
import { timeMethods } from './time.ts';
import { tokenMethods } from './tokens.ts';
import { validatorMethods } from './validators.ts';

/** What the owner of a devnet may do to it; on any other network these methods do not exist, or say so. */
export function devnetControlMethods(backend: RpcBackend, tips: TipOracle): MethodTable {
  const { devnet, chain } = backend;
  if (devnet === null) return faultsOutsideDevnets();
  return {
    ...accountControlMethods(devnet, chain),
    ...tokenMethods(devnet, backend),
    ...timeMethods(devnet, chain),
    ...miningMethods(devnet, chain),
    ...chainControlMethods(devnet, backend, tips),
    ...poolControlMethods(devnet),
    ...rewindMethods(devnet),
    ...validatorMethods(devnet),
    ...faultMethods(devnet),
  };
}

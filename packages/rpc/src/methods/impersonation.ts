import { parseAddress } from '../parse/hex.ts';
import { parseBoolean } from '../parse/scalars.ts';
import type { ImpersonatedAccounts } from '../ports.ts';
import type { Method, MethodTable } from '../protocol/method.ts';
import { controlMethod } from '../protocol/method.ts';

/** Whom a devnet sends for without a key; on any other network these methods do not exist. */
export function impersonationMethods(impersonated: ImpersonatedAccounts | null): MethodTable {
  if (impersonated === null) return {};
  const add = (answer: (isNew: boolean) => boolean | null): Method =>
    controlMethod(1, (params) => answer(impersonated.add(params.required(0, parseAddress))));
  const remove = (answer: (wasThere: boolean) => boolean | null): Method =>
    controlMethod(1, (params) => answer(impersonated.remove(params.required(0, parseAddress))));
  const setAll = (): Method =>
    controlMethod(1, (params) => {
      impersonated.setAll(params.required(0, parseBoolean));
      return null;
    });
  return {
    anvil_impersonateAccount: add(() => null),
    anvil_stopImpersonatingAccount: remove(() => null),
    anvil_autoImpersonateAccount: setAll(),
    // Hardhat's answers; the third is anvil's alone, under both names.
    hardhat_impersonateAccount: add(() => true),
    hardhat_stopImpersonatingAccount: remove((wasThere) => wasThere),
    hardhat_autoImpersonateAccount: setAll(),
  };
}

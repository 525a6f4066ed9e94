import type { Check } from '../check.ts';
import { castCheck } from './cast.ts';
import { dappsCheck } from './dapps.ts';
import { ethers5Check } from './ethers5.ts';
import { ethers6Check } from './ethers6.ts';
import { forgeCheck } from './forge.ts';
import { hardhat2Check } from './hardhat2.ts';
import { hardhat3Check } from './hardhat3.ts';
import { methodsCheck } from './methods.ts';
import type { CheckName } from './names.ts';
import { openzeppelinCheck } from './openzeppelin.ts';
import { schemaCheck } from './schema.ts';
import { testClientCheck } from './test-client.ts';
import { viemCheck } from './viem.ts';
import { wagmiCheck } from './wagmi.ts';
import { web3Check } from './web3.ts';

export const CHECKS: Readonly<Record<CheckName, Check>> = {
  schema: schemaCheck,
  methods: methodsCheck,
  viem: viemCheck,
  ethers6: ethers6Check,
  ethers5: ethers5Check,
  web3: web3Check,
  wagmi: wagmiCheck,
  'test-client': testClientCheck,
  cast: castCheck,
  forge: forgeCheck,
  hardhat2: hardhat2Check,
  hardhat3: hardhat3Check,
  dapps: dappsCheck,
  openzeppelin: openzeppelinCheck,
};

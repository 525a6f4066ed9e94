import type { Check } from '../check.ts';
import { notRun } from '../result.ts';

export const hardhat2Check: Check = {
  name: 'hardhat2',
  row: 'hardhat2',
  run: () => Promise.resolve([notRun('hardhat2', 'later')]),
};

import type { Check } from '../check.ts';
import { notRun } from '../result.ts';

export const hardhat3Check: Check = {
  name: 'hardhat3',
  row: 'hardhat3',
  run: () => Promise.resolve([notRun('hardhat3', 'later')]),
};

import type { Check } from '../check.ts';
import { runHardhat } from '../hardhat.ts';

const HARDHAT = {
  set: 'hardhat2',
  title: 'Hardhat 2',
  test: ['test', 'test/tally.cjs', '--network', 'live'],
  module: 'ignition/modules/Tally.cjs',
} as const;

export const hardhat2Check: Check = {
  name: 'hardhat2',
  row: HARDHAT.title,
  run: (subject) => runHardhat(subject, HARDHAT),
};

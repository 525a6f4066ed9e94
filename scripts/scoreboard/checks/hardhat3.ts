import type { Check } from '../check.ts';
import { runHardhat } from '../hardhat.ts';

const HARDHAT = {
  set: 'hardhat3',
  title: 'Hardhat 3',
  test: ['test', 'nodejs', 'test/tally.mjs'],
  module: 'ignition/modules/Tally.mjs',
} as const;

export const hardhat3Check: Check = {
  name: 'hardhat3',
  row: HARDHAT.title,
  run: (subject) => runHardhat(subject, HARDHAT),
};

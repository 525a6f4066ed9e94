import type { Check } from '../check.ts';
import { notRun } from '../result.ts';

export const dappsCheck: Check = {
  name: 'dapps',
  row: 'dapps',
  run: () => Promise.resolve([notRun('dapps', 'later')]),
};

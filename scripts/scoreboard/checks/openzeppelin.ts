import type { Check } from '../check.ts';
import { notRun } from '../result.ts';

export const openzeppelinCheck: Check = {
  name: 'openzeppelin',
  row: 'openzeppelin',
  run: () => Promise.resolve([notRun('openzeppelin', 'later')]),
};

export { baseFeesOfRun, feeAt } from './base-fees.ts';
export { executeControlChunk } from './control-chunk.ts';
export { executeControlSection, refusalOf } from './control-section.ts';
export { controlAfter } from './control-state.ts';

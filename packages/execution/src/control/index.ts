export { baseFeesOfRun, feeAt } from './base-fees.ts';
export { executeControlChunk, executeControlChunkInSteps } from './control-chunk.ts';
export { executeControlSection, refusalOf } from './control-section.ts';
export { controlAfter } from './control-state.ts';

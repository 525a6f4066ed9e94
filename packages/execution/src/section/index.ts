export { sectionSupplyChange } from './conservation.ts';
export { executeSection, executeSectionInSteps } from './execute-section.ts';
export { SectionBuilder } from './section-builder.ts';
export { assembleSectionHeader, genesisSectionHeader, sectionBaseFee } from './section-header.ts';
export { SectionReplay } from './section-replay.ts';
export type { SectionContext, SectionExecution, SectionOutcome } from './types.ts';
export { openUnionWorld } from './union-world.ts';

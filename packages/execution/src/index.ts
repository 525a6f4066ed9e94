export {
  type AncestorBlock,
  assembleBlockHeader,
  assembleChunkHeader,
  type BlockParts,
  blockTimestamp,
  type ChunkContext,
  type ChunkOutcome,
  type ChunkRoots,
  canonicalEmptyContext,
  chunkEnvironment,
  chunkRoots,
  commitRoots,
  deliveryBudget,
  type ExecutedTransaction,
  executeChunk,
  type GenesisChunk,
  gasTarget,
  genesisChunkHeader,
  heightsToCover,
  maxMessageWeight,
  missedHeights,
  mixRandao,
  nextBaseFee,
  produceChunk,
  type RejectedTransaction,
  type SectionInBlock,
  type SupplyChange,
  sendAllowances,
  supplyChange,
  weiInFlight,
} from './chunk/index.ts';
export { localGuard } from './chunk/local-guard.ts';
export {
  baseFeesOfRun,
  controlAfter,
  executeControlChunk,
  executeControlChunkInSteps,
  executeControlSection,
  feeAt,
  refusalOf,
} from './control/index.ts';
export {
  InvalidChunkError,
  InvalidSectionError,
  InvalidTransactionError,
  LanePoolError,
  type LanePoolFailure,
  RemoteTouchError,
  StaleStateError,
  WorkBoundError,
} from './errors.ts';
export { create2Address, createAddress } from './evm/creates.ts';
export type { Frame, FrameKind } from './evm/frame.ts';
export { haltMessage } from './evm/halt-message.ts';
export { type FrameObserver, NO_OBSERVER, type RefusedFrame, type StepObserver } from './evm/observer.ts';
export { opcodeName } from './evm/opcode-table.ts';
export { boundWork, UNWATCHED, type Watch, watchFrames, watchSteps } from './evm/watch.ts';
export { MAX_INIT_CODE_SIZE, MAX_NONCE } from './limits.ts';
export {
  assembleSectionHeader,
  executeSection,
  executeSectionInSteps,
  genesisSectionHeader,
  openUnionWorld,
  SectionBuilder,
  type SectionContext,
  type SectionExecution,
  type SectionOutcome,
  SectionReplay,
  sectionBaseFee,
  sectionSupplyChange,
} from './section/index.ts';
export { InlineExecutor } from './threads/inline-executor.ts';
export { LaneExecutor } from './threads/lane-executor.ts';
export type { LaneReport, LaneTimes } from './threads/lane-report.ts';
export { Pacer } from './threads/pacer.ts';
export { type DeclaredJob, type LanePool, type LanesJob, startLanePool } from './threads/pool.ts';
export type { BuildRequest, ChunkExecutor, LaneOutcome, LaneSettings, VerifyRequest } from './threads/requests.ts';
export type { BuildSectionRequest, SectionResult, VerifySectionRequest } from './threads/run-section.ts';
export { estimateWork } from './threads/work.ts';
export { admitTransaction } from './transaction/admit.ts';
export type { DeliveredCall } from './transaction/execute.ts';
export { executeAdmitted, executeDelivered } from './transaction/execute.ts';
export { effectiveGasPrice, maxCost } from './transaction/fees.ts';
export { impersonationRefusal } from './transaction/impersonation.ts';
export { calldataFloorGas, intrinsicGasOf } from './transaction/intrinsic-gas.ts';
export type { PlainExecution } from './transaction/plain.ts';
export { executeTransaction } from './transaction/plain.ts';
export { settleFees } from './transaction/settle.ts';
export type { SimulatedCall, SimulationResult } from './transaction/simulate.ts';
export { simulateCall } from './transaction/simulate.ts';
export { systemCall } from './transaction/system-call.ts';
export type { BlockEnvironment, ExecutionOutcome } from './transaction/types.ts';
export type { AccountEntry, SlotEntry } from './world/entries.ts';
export { World } from './world/world.ts';

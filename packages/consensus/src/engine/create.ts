import { checkConfig, type EngineConfig } from './config.ts';
import { type EngineState, FRESH_ROUND } from './state.ts';

/** An engine at the start of an epoch: view 1, standing on the genesis hash. Throws InvalidEngineConfigError. */
export function createEngine(config: EngineConfig): EngineState {
  checkConfig(config);
  return {
    config,
    started: false,
    currentView: 1n,
    round: FRESH_ROUND,
    finalizedView: 0n,
    finalization: null,
    reportedView: 0n,
    floorView: 0n,
    workPending: false,
    clock: 'stopped',
    views: new Map(),
    requests: new Map(),
    nextRequestId: 1,
    blocked: new Set(),
  };
}

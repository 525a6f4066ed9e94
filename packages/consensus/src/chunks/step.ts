import { unreachable } from '@heddle/primitives';
import { onAggregated, onBuildFailed, onBuilt, onSigned, onSignRefused, onTimely, onValidated } from './answers.ts';
import type { Draft } from './draft.ts';
import { onChunk, onEndorsement } from './receive.ts';
import type { ChunkProtocolState } from './state.ts';
import type { ChunkEffect, ChunkInput } from './types.ts';
import { onDeadline, onFinalized, onProposalWanted, onView, onWork } from './view.ts';

/** The state after an input and what is to be done now, in order. */
export interface ChunkStep {
  readonly state: ChunkProtocolState;
  readonly effects: readonly ChunkEffect[];
}

/**
 * The chunk endorsement protocol (protocol.md, Blocks and chunks): one input in, the next state and effects out. Pure.
 *
 * Handlers only record what an input says; `drive.ts` then compares the record with what should have been asked for by
 * now and emits the difference. So the order in which things arrive decides when something happens, not whether.
 */
export function stepChunks(state: ChunkProtocolState, input: ChunkInput): ChunkStep {
  const draft: Draft = { state, effects: [] };
  dispatch(draft, input);
  return { state: draft.state, effects: draft.effects };
}

function dispatch(draft: Draft, input: ChunkInput): void {
  switch (input.kind) {
    case 'view':
      onView(draft, input);
      break;
    case 'work':
      onWork(draft, input.pending);
      break;
    case 'proposalWanted':
      onProposalWanted(draft, input.view, input.parentHash);
      break;
    case 'deadline':
      onDeadline(draft, input.view, input.parentHash);
      break;
    case 'finalized':
      onFinalized(draft, input.height);
      break;
    case 'chunk':
      onChunk(draft, input.announcement);
      break;
    case 'endorsement':
      onEndorsement(draft, input.from, input.endorsement);
      break;
    case 'built':
      onBuilt(draft, input.parentHash, input.header, input.chunkHash);
      break;
    case 'buildFailed':
      onBuildFailed(draft, input.parentHash, input.shard);
      break;
    case 'validated':
      onValidated(draft, input.chunkHash, input.verdict);
      break;
    case 'timely':
      onTimely(draft, input.chunkHash);
      break;
    case 'signed':
      onSigned(draft, input.requestId, input.signature);
      break;
    case 'signRefused':
      onSignRefused(draft, input.requestId);
      break;
    case 'aggregated':
      onAggregated(draft, input.requestId, input.result);
      break;
    default:
      unreachable(input, 'chunk input');
  }
}

import type { Certificate, Proposal, TupleCertificate, ValidatorIndex, Vote } from '@heddle/types';
import type { Effect, JournalRecord } from '../effect.ts';
import type { EngineConfig } from '../engine/config.ts';
import { recoverEngine } from '../engine/recover.ts';
import { createEngine, type EngineState } from '../engine/state.ts';
import type { Input, TimerKind } from '../input.ts';
import { step } from '../step.ts';
import { answerCheck } from './answers.ts';
import { GENESIS_HASH, hashBlock, makeBlock } from './blocks.ts';
import { EPOCH, HashSignatures } from './signatures.ts';

/** Leader of view v is v mod n; Δ = 100 ms, cap = 1,000 ms; maxIdle = for ever. */
export function engineConfigFor(validatorCount: number, validatorIndex: ValidatorIndex): EngineConfig {
  const leaders = Array.from({ length: validatorCount }, (_, index) => index);
  const timing = { deltaMs: 100, capMs: 1000, maxIdleMs: null };
  return { validatorIndex, validatorCount, epoch: EPOCH, leaders, ...timing, genesisHash: GENESIS_HASH };
}

/** One engine on a bench: inputs are given by hand, answers to its effects by hand or by themselves. */
export class EngineBench {
  readonly config: EngineConfig;
  readonly records: JournalRecord[] = [];
  /** Everything asked for so far. */
  readonly effects: Effect[] = [];
  /** Effect kinds that are left unanswered. */
  readonly held: Set<Effect['kind']> = new Set();
  state: EngineState;
  readonly #signatures: HashSignatures;

  constructor(config: EngineConfig, state: EngineState = createEngine(config)) {
    this.config = config;
    this.state = state;
    this.#signatures = new HashSignatures(config.validatorCount);
  }

  static started(
    validatorCount: number,
    validatorIndex: ValidatorIndex,
    patch: Partial<EngineConfig> = {},
  ): EngineBench {
    const bench = new EngineBench({ ...engineConfigFor(validatorCount, validatorIndex), ...patch });
    bench.give({ kind: 'start' });
    return bench;
  }

  /** The engine that its journal gives, started. */
  restarted(records: readonly JournalRecord[] = this.records, lastFinal: TupleCertificate | null = null): EngineBench {
    const bench = new EngineBench(this.config, recoverEngine(this.config, records, lastFinal));
    bench.records.push(...records);
    bench.give({ kind: 'start' });
    return bench;
  }

  /** Gives inputs, answers what can be answered, returns all effects that came of it. */
  give(...inputs: readonly Input[]): readonly Effect[] {
    const from = this.effects.length;
    const queue = [...inputs];
    for (let input = queue.shift(); input !== undefined; input = queue.shift()) {
      const next = step(this.state, input);
      this.state = next.state;
      this.records.push(...next.records);
      this.effects.push(...next.effects);
      for (const effect of next.effects) queue.push(...this.#answer(effect));
    }
    return this.effects.slice(from);
  }

  vote(vote: Vote): readonly Effect[] {
    return this.give({ kind: 'vote', from: vote.signer, vote });
  }

  certificate(certificate: Certificate, from: ValidatorIndex = this.#other()): readonly Effect[] {
    return this.give({ kind: 'certificate', from, certificate });
  }

  propose(proposal: Proposal, from: ValidatorIndex = proposal.leaderNotarize.signer): readonly Effect[] {
    return this.give({ kind: 'proposal', from, proposal });
  }

  timer(timer: TimerKind): readonly Effect[] {
    return this.give({ kind: 'timer', timer, view: this.state.currentView });
  }

  #other(): ValidatorIndex {
    return this.config.validatorIndex === 0 ? 1 : 0;
  }

  #answer(effect: Effect): readonly Input[] {
    if (this.held.has(effect.kind)) return [];
    switch (effect.kind) {
      case 'sign': {
        const signature = this.#signatures.sign(this.config.validatorIndex, effect.request);
        return [{ kind: 'signed', requestId: effect.requestId, signature }];
      }
      case 'verifyProposal':
      case 'verifyCertificate':
      case 'aggregate':
        return [answerCheck(this.#signatures, effect)];
      case 'buildBlock': {
        const block = makeBlock(effect.view, this.config.validatorIndex, effect.parentHash, effect.view);
        return [{ kind: 'blockBuilt', view: effect.view, block, blockHash: hashBlock(block) }];
      }
      case 'verifyBlock':
        return [{ kind: 'blockVerified', view: effect.view, blockHash: effect.tuple.blockHash, verdict: 'valid' }];
      default:
        return [];
    }
  }
}

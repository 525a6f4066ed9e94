import type { Effect, Input, ProposalVerdict, TimerKind } from '@heddle/consensus';
import type { Block, ProposalTuple, SigningRequest, ValidatorIndex } from '@heddle/types';
import type { MemberInputs, MemberParts } from '../epochs/member-parts.ts';
import { InvalidBlockError, isExecutionSetback } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { ProposalJudge } from './proposal-judge.ts';
import type { Proposer } from './proposer.ts';
import { EXTENDED_TIMERS, type ViewTimers } from './timers.ts';
import type { ViewDriver } from './view-driver.ts';

type Parts = Pick<
  MemberParts,
  'validators' | 'signer' | 'link' | 'scheduler' | 'log' | 'blocked' | 'evidence' | 'catchUp' | 'events'
> & {
  readonly inputs: MemberInputs;
  readonly timers: ViewTimers;
  readonly judge: ProposalJudge;
  readonly proposer: Proposer;
  readonly views: ViewDriver;
};

/** Does what the engine asks for, one small method an effect. Answers come back as inputs, never in the same call. */
export class EffectPerformer {
  readonly #parts: Parts;
  readonly #log: Logger;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#log = parts.log.child('consensus');
  }

  perform(effect: Effect): void {
    const { link, timers, validators, proposer, views } = this.#parts;
    const { verifier } = validators;
    switch (effect.kind) {
      case 'broadcast':
        return link.broadcast(effect.message);
      case 'send':
        return link.send(validators.peerAt(effect.to), effect.message);
      case 'buildBlock':
        return proposer.want(effect.view, effect.parentHash);
      case 'verifyBlock':
        return this.#spawn(() => this.#verifyBlock(effect.block, effect.tuple, effect.from));
      case 'sign':
        return this.#spawn(() => this.#sign(effect.requestId, effect.request));
      case 'verifyProposal': {
        const verdict = verifier.verifyProposal(effect.proposal);
        return this.#answer(judged(effect.requestId, verdict));
      }
      case 'verifyCertificate': {
        const valid = verifier.verifyCertificate(effect.certificate);
        return this.#answer({ kind: 'verified', requestId: effect.requestId, valid });
      }
      case 'aggregate': {
        const result = verifier.aggregateVotes(effect.votes);
        return this.#answer({ kind: 'aggregated', requestId: effect.requestId, result });
      }
      case 'setTimer':
        return timers.set(effect.timer, effect.view, effect.delayMs + this.#extensionMs(effect.timer));
      case 'cancelTimer':
        return timers.cancel(effect.timer);
      case 'enterView':
        return views.enter(effect);
      case 'finalized':
        return this.#parts.catchUp.finalized(effect.certificate);
      case 'evidence':
        return this.#parts.evidence.found({ epoch: validators.epoch, evidence: effect.evidence });
      case 'blockPeer':
        return this.#parts.blocked.add(validators.peerAt(effect.peer), effect.reason);
    }
  }

  #extensionMs(timer: TimerKind): number {
    return EXTENDED_TIMERS.includes(timer) ? this.#parts.views.extensionMs : 0;
  }

  #answer(input: Input): void {
    this.#parts.scheduler.soon(() => this.#parts.inputs.engine(input));
  }

  #spawn(run: () => Promise<void>): void {
    run().catch((error: unknown) => this.#parts.events.fatal(error));
  }

  async #sign(requestId: number, request: SigningRequest): Promise<void> {
    const { signer, inputs } = this.#parts;
    const answer = await signer.sign(request);
    if (answer.ok) inputs.engine({ kind: 'signed', requestId, signature: answer.signature });
    else inputs.engine({ kind: 'signRefused', requestId, reason: answer.reason });
  }

  async #verifyBlock(block: Block, tuple: ProposalTuple, from: ValidatorIndex): Promise<void> {
    const { judge, validators, inputs } = this.#parts;
    const { view, blockHash } = tuple;
    try {
      await judge.verify(block, tuple, validators.peerAt(from));
      inputs.engine({ kind: 'blockVerified', view, blockHash, verdict: 'valid' });
    } catch (error) {
      if (!isExecutionSetback(error)) throw error;
      // What can't be fetched, or is below the final block here, can't be judged: no verdict, the view times out.
      if (!(error instanceof InvalidBlockError)) {
        return this.#log.warn('proposal not judged', { view, reason: error.message });
      }
      this.#log.warn('proposal refused', { view, reason: error.message });
      inputs.engine({ kind: 'blockVerified', view, blockHash, verdict: 'invalid' });
    }
  }
}

/** [E5] A bad justification accuses more than a bad signature does. */
function judged(requestId: number, verdict: ProposalVerdict): Input {
  if (verdict === 'badJustification') return { kind: 'badJustification', requestId };
  return { kind: 'verified', requestId, valid: verdict === 'good' };
}

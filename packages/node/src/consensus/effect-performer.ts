import type { Effect, Input, ProposalVerdict, Signer, TimerKind } from '@heddle/consensus';
import type { Scheduler } from '@heddle/runtime';
import type {
  Block,
  Evidence,
  Hash,
  ProposalTuple,
  SigningRequest,
  TupleCertificate,
  ValidatorIndex,
} from '@heddle/types';
import type { EpochValidators } from '../epochs/epoch-validators.ts';
import { InvalidBlockError, isExecutionSetback } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { PeerLink } from '../peers/peer-link.ts';
import type { ProposalJudge } from './proposal-judge.ts';
import type { ViewTimers } from './timers.ts';

/** A view as the engine entered it. */
export interface EnteredView {
  readonly view: bigint;
  readonly leader: ValidatorIndex;
  readonly parentHash: Hash;
}

export interface EffectPerformerPorts {
  readonly link: PeerLink;
  readonly signer: Signer;
  readonly validators: EpochValidators;
  readonly timers: ViewTimers;
  readonly judge: ProposalJudge;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  push(input: Input): void;
  /** The leader's turn: the chunk protocol collects chunks and the block follows. */
  buildBlock(view: bigint, parentHash: Hash): void;
  enterView(entered: EnteredView): void;
  /** What the timeouts of the current view are longer by, milliseconds. */
  timeoutExtensionMs(): number;
  finalized(certificate: TupleCertificate): void;
  blockPeer(peer: ValidatorIndex, reason: string): void;
  /** Contents that contradict each other; no signature is checked yet. */
  evidence(evidence: Evidence): void;
  fatal(error: unknown): void;
}

/** The timers that are longer where leaders wait for missing shards. Retry and idle wait for nobody's chunks. */
export const EXTENDED_TIMERS: readonly TimerKind[] = ['proposal', 'notarization'];

/** Does what the engine asks for, one small method an effect. Answers come back as inputs, never in the same call. */
export class EffectPerformer {
  readonly #ports: EffectPerformerPorts;

  constructor(ports: EffectPerformerPorts) {
    this.#ports = ports;
  }

  perform(effect: Effect): void {
    const { link, timers, validators } = this.#ports;
    const { verifier } = validators;
    switch (effect.kind) {
      case 'broadcast':
        return link.broadcast(effect.message);
      case 'send':
        return link.send(validators.peerAt(effect.to), effect.message);
      case 'buildBlock':
        return this.#ports.buildBlock(effect.view, effect.parentHash);
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
        return this.#ports.enterView(effect);
      case 'finalized':
        return this.#ports.finalized(effect.certificate);
      case 'evidence':
        return this.#ports.evidence(effect.evidence);
      case 'blockPeer':
        return this.#ports.blockPeer(effect.peer, effect.reason);
    }
  }

  #extensionMs(timer: TimerKind): number {
    return EXTENDED_TIMERS.includes(timer) ? this.#ports.timeoutExtensionMs() : 0;
  }

  #answer(input: Input): void {
    this.#ports.scheduler.soon(() => this.#ports.push(input));
  }

  #spawn(run: () => Promise<void>): void {
    run().catch((error: unknown) => this.#ports.fatal(error));
  }

  async #sign(requestId: number, request: SigningRequest): Promise<void> {
    const answer = await this.#ports.signer.sign(request);
    if (answer.ok) this.#ports.push({ kind: 'signed', requestId, signature: answer.signature });
    else this.#ports.push({ kind: 'signRefused', requestId, reason: answer.reason });
  }

  async #verifyBlock(block: Block, tuple: ProposalTuple, from: ValidatorIndex): Promise<void> {
    const { judge, validators, push, log } = this.#ports;
    const { view, blockHash } = tuple;
    try {
      await judge.verify(block, tuple, validators.peerAt(from));
      push({ kind: 'blockVerified', view, blockHash, verdict: 'valid' });
    } catch (error) {
      if (!isExecutionSetback(error)) throw error;
      // What can't be fetched, or is below the final block here, can't be judged: no verdict, the view times out.
      if (!(error instanceof InvalidBlockError)) {
        return log.warn('proposal not judged', { view, reason: error.message });
      }
      log.warn('proposal refused', { view, reason: error.message });
      push({ kind: 'blockVerified', view, blockHash, verdict: 'invalid' });
    }
  }
}

/** [E5] A bad justification accuses more than a bad signature does. */
function judged(requestId: number, verdict: ProposalVerdict): Input {
  if (verdict === 'badJustification') return { kind: 'badJustification', requestId };
  return { kind: 'verified', requestId, valid: verdict === 'good' };
}

import {
  type Block,
  type Certificate,
  justificationRoot,
  type NullifyCertificate,
  type Proposal,
  type ProposalTuple,
  type TupleCertificate,
  type ValidatorIndex,
  type Vote,
} from '@heddle/types';
import {
  createEngine,
  type Effect,
  type EngineConfig,
  type EngineState,
  type Input,
  type JournalRecord,
  recoverEngine,
  step,
  viewOf,
} from '../../src/index.ts';
import { GENESIS_HASH, hashBlock, makeBlock } from './blocks.ts';
import {
  aggregate,
  certificateIsGood,
  certifySkip,
  certifyTuple,
  fakeSign,
  justificationIsGood,
  leaderSignaturesAreGood,
  voteIsGood,
} from './fake-crypto.ts';

export const EPOCH = 3n;

export type EffectOf<K extends Effect['kind']> = Extract<Effect, { readonly kind: K }>;

/** Leader of view v is v mod n; Δ = 100 ms, cap = 1,000 ms; maxIdle = for ever. */
export function configFor(validatorCount: number, validatorIndex: ValidatorIndex): EngineConfig {
  const leaders = Array.from({ length: validatorCount }, (_, index) => index);
  const timing = { deltaMs: 100, capMs: 1000, maxIdleMs: null };
  return { validatorIndex, validatorCount, epoch: EPOCH, leaders, ...timing, genesisHash: GENESIS_HASH };
}

/** One engine on a bench: inputs are given by hand, answers to its effects by hand or by themselves. */
export class Bench {
  readonly config: EngineConfig;
  readonly records: JournalRecord[] = [];
  /** Everything asked for so far. */
  readonly effects: Effect[] = [];
  /** Effect kinds that are left unanswered. */
  readonly held: Set<Effect['kind']> = new Set();
  state: EngineState;

  constructor(config: EngineConfig, state: EngineState = createEngine(config)) {
    this.config = config;
    this.state = state;
  }

  static started(validatorCount: number, validatorIndex: ValidatorIndex, patch: Partial<EngineConfig> = {}): Bench {
    const bench = new Bench({ ...configFor(validatorCount, validatorIndex), ...patch });
    bench.give({ kind: 'start' });
    return bench;
  }

  /** The engine that its journal gives, started. */
  restarted(records: readonly JournalRecord[] = this.records, lastFinal: TupleCertificate | null = null): Bench {
    const bench = new Bench(this.config, recoverEngine(this.config, records, lastFinal));
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

  timer(timer: Extract<Input, { kind: 'timer' }>['timer']): readonly Effect[] {
    return this.give({ kind: 'timer', timer, view: this.state.currentView });
  }

  #other(): ValidatorIndex {
    return this.config.validatorIndex === 0 ? 1 : 0;
  }

  #answer(effect: Effect): readonly Input[] {
    if (this.held.has(effect.kind)) return [];
    switch (effect.kind) {
      case 'sign': {
        const signature = fakeSign(this.config.validatorIndex, effect.request);
        return [{ kind: 'signed', requestId: effect.requestId, signature }];
      }
      case 'verifyProposal':
        return [this.#judge(effect.requestId, effect.proposal)];
      case 'verifyCertificate': {
        const valid = certificateIsGood(effect.certificate, this.config.validatorCount);
        return [{ kind: 'verified', requestId: effect.requestId, valid }];
      }
      case 'aggregate': {
        const badSigners = effect.votes.filter((vote) => !voteIsGood(vote)).map(({ signer }) => signer);
        const certificate = aggregate(effect.votes, this.config.validatorCount);
        const result =
          badSigners.length > 0 ? ({ ok: false, badSigners } as const) : ({ ok: true, certificate } as const);
        return [{ kind: 'aggregated', requestId: effect.requestId, result }];
      }
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

  #judge(requestId: number, proposal: Proposal): Input {
    if (!leaderSignaturesAreGood(proposal)) return { kind: 'verified', requestId, valid: false };
    if (!justificationIsGood(proposal, this.config.validatorCount)) return { kind: 'badJustification', requestId };
    return { kind: 'verified', requestId, valid: true };
  }
}

/** Messages of the other validators of a set. */
export class Others {
  readonly #n: number;

  constructor(validatorCount: number) {
    this.#n = validatorCount;
  }

  /** A proposal of view's leader on a certified parent (null = genesis) over skipped views. */
  proposal(
    view: bigint,
    parent: TupleCertificate | null,
    skips: readonly NullifyCertificate[] = [],
    salt = 0,
  ): Proposal {
    const leader = Number(view % BigInt(this.#n));
    const parentHash = parent?.tuple.blockHash ?? GENESIS_HASH;
    const block: Block = makeBlock(view, leader, parentHash, view, salt);
    const tuple: ProposalTuple = {
      epoch: EPOCH,
      view,
      parentView: parent?.tuple.view ?? 0n,
      parentHash,
      blockHash: hashBlock(block),
      justificationRoot: justificationRoot(parent, skips),
    };
    return this.sign({ tuple, block, parentCertificate: parent, skipCertificates: skips });
  }

  /** The leader's signatures over whatever a proposal says. */
  sign(unsigned: Omit<Proposal, 'leaderSignature' | 'leaderNotarize'>): Proposal {
    const { tuple } = unsigned;
    const leader = Number(tuple.view % BigInt(this.#n));
    const leaderSignature = fakeSign(leader, { kind: 'propose', tuple });
    return { ...unsigned, leaderSignature, leaderNotarize: this.tupleVote('notarize', tuple, leader) };
  }

  tupleVote<K extends 'notarize' | 'finalize'>(
    kind: K,
    tuple: ProposalTuple,
    signer: ValidatorIndex,
  ): { kind: K; tuple: ProposalTuple; signer: ValidatorIndex; signature: Uint8Array } {
    return { kind, tuple, signer, signature: fakeSign(signer, { kind, tuple }) };
  }

  nullify(view: bigint, signer: ValidatorIndex): Vote {
    const request = { kind: 'nullify', epoch: EPOCH, view } as const;
    return { ...request, signer, signature: fakeSign(signer, request) };
  }

  /** A quorum of the highest indexes unless `signers` says otherwise. */
  notarization(tuple: ProposalTuple, signers: readonly ValidatorIndex[] = this.#quorum()): TupleCertificate {
    return certifyTuple('notarize', tuple, signers, this.#n);
  }

  finalization(tuple: ProposalTuple, signers: readonly ValidatorIndex[] = this.#quorum()): TupleCertificate {
    return certifyTuple('finalize', tuple, signers, this.#n);
  }

  skip(view: bigint, signers: readonly ValidatorIndex[] = this.#quorum()): NullifyCertificate {
    return certifySkip(EPOCH, view, signers, this.#n);
  }

  #quorum(): readonly ValidatorIndex[] {
    const faulty = Math.floor((this.#n - 1) / 3);
    return Array.from({ length: this.#n - faulty }, (_, index) => index + faulty);
  }
}

export function only<K extends Effect['kind']>(effects: readonly Effect[], kind: K): readonly EffectOf<K>[] {
  return effects.filter((effect): effect is EffectOf<K> => effect.kind === kind);
}

/** What the engine asked to sign, as `kind:view`. */
export function signRequests(effects: readonly Effect[]): readonly string[] {
  return only(effects, 'sign').map(({ request }) => {
    if ('tuple' in request) return `${request.kind}:${request.tuple.view}`;
    return 'view' in request ? `${request.kind}:${request.view}` : request.kind;
  });
}

/** What it broadcast or sent, as `kind:view` (of a vote or certificate: `vote/notarize:1`). */
export function said(effects: readonly Effect[]): readonly string[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== 'broadcast' && effect.kind !== 'send') return [];
    const { message } = effect;
    if (message.kind === 'proposal') return [`proposal:${message.proposal.tuple.view}`];
    if (message.kind === 'vote') return [`vote/${nameOf(message.vote)}`];
    if (message.kind === 'certificate') return [`certificate/${nameOf(message.certificate)}`];
    return message.kind === 'status' ? ['status'] : [`certificateRequest:${message.view}`];
  });
}

export function recordNames(records: readonly JournalRecord[]): readonly string[] {
  return records.map((record) => {
    if (record.kind === 'firstProposal') return `firstProposal:${record.proposal.tuple.view}`;
    if (record.kind === 'ownVote') return `ownVote/${nameOf(record.vote)}`;
    if (record.kind === 'epochSwitch') return `epochSwitch:${record.epoch}`;
    return `${record.kind}/${nameOf(record.certificate)}`;
  });
}

function nameOf(item: Vote | Certificate): string {
  return `${item.kind}:${viewOf(item)}`;
}

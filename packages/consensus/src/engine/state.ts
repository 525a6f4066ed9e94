import type {
  Block,
  Certificate,
  NullifyCertificate,
  NullifyVote,
  Proposal,
  ProposalTuple,
  SigningRequest,
  TupleCertificate,
  TupleVote,
  ValidatorIndex,
  Vote,
} from '@heddle/types';
import { checkConfig, type EngineConfig } from './config.ts';
import { VoteTable } from './vote-table.ts';

/** Everything the engine knows. Plain data; a step makes a new one and shares what did not change. */
export interface EngineState {
  readonly config: EngineConfig;
  /** False until the `start` input. */
  readonly started: boolean;
  readonly currentView: bigint;
  /** What lasts only as long as the current view. */
  readonly round: Round;
  /** Highest finalized view; 0 = the epoch's genesis. */
  readonly finalizedView: bigint;
  /** Null while `finalizedView` is 0. */
  readonly finalization: TupleCertificate | null;
  /** Highest finalized view that the driver has been told of, or told us of. */
  readonly reportedView: bigint;
  /** View of the last `floor` record. */
  readonly floorView: bigint;
  readonly workPending: boolean;
  readonly clock: ClockMode;
  readonly views: ReadonlyMap<bigint, ViewRecord>;
  readonly requests: ReadonlyMap<number, EngineRequest>;
  readonly nextRequestId: number;
  /** Peers that sent a bad signature: nothing of theirs is read for the rest of the epoch. */
  readonly blocked: ReadonlySet<ValidatorIndex>;
}

/**
 * stopped: no timer at all. waiting: idle with a finite maxIdle, added to both timeouts.
 * running: timeouts and the retry timer run.
 */
export type ClockMode = 'stopped' | 'waiting' | 'running';

/** State of the current view that is dropped when it is left. */
export interface Round {
  /** Whether the timers were set for this view. */
  readonly clockSet: boolean;
  /** The parent last announced by `enterView`; null before. */
  readonly announcedParent: Ancestor | null;
  /** What the block asked for by `buildBlock` stands on; null when none was asked for. */
  readonly building: Justification | null;
  /** The own proposal while its two signatures are made. */
  readonly draft: ProposalDraft | null;
  /** Make a block without work: maxIdle has passed, or an unfinalized parent needs a successor. */
  readonly heartbeat: boolean;
  /** Whether the missing certificates below this view were asked for. */
  readonly gapsRequested: boolean;
}

/** A view that a block may stand on. */
export interface Ancestor {
  readonly parentView: bigint;
  readonly parentHash: ProposalTuple['parentHash'];
}

/** An ancestor with everything that a proposal needs to prove it. */
export interface Justification extends Ancestor {
  readonly parentCertificate: TupleCertificate | null;
  readonly skipCertificates: readonly NullifyCertificate[];
}

/** The own proposal of the current view, whose two signatures are being made. */
export interface ProposalDraft {
  readonly tuple: ProposalTuple;
  readonly block: Block;
  readonly justification: Justification;
  readonly leaderSignature: Uint8Array | null;
  readonly leaderNotarize: TupleVote | null;
}

/** The engine's memory of one view. */
export interface ViewRecord {
  readonly view: bigint;
  /** The leader's first proposal; a second one is evidence. */
  readonly proposal: FirstProposal | null;
  /** A proposal of this view whose committed justification is invalid: votes for it are evidence (E5). */
  readonly badProposal: Proposal | null;
  readonly notarization: TupleCertificate | null;
  readonly nullification: NullifyCertificate | null;
  readonly finalization: TupleCertificate | null;
  /** First vote of each kind and signer; never overwritten. */
  readonly votes: VotesByKind;
  /** Kinds for which an `aggregate` effect is out. */
  readonly aggregating: ReadonlySet<Vote['kind']>;
  readonly ownNotarize: OwnTupleVote | null;
  readonly ownNullify: OwnNullify | null;
  readonly ownFinalize: OwnTupleVote | null;
  /** `kind:culprit` of the evidence already given. */
  readonly accused: ReadonlySet<string>;
}

export type VotesByKind = Readonly<Record<Vote['kind'], VoteTable>>;

export interface FirstProposal {
  readonly proposal: Proposal;
  /** verifying: signatures being checked. checking: block being executed. valid: executed and durable. */
  readonly status: 'verifying' | 'checking' | 'valid' | 'invalid';
}

/**
 * An own vote from the moment its signature is asked for: from then on nothing that contradicts it is asked for.
 * refused: the signer has signed something else here before; the engine stays silent.
 */
export type OwnTupleVote =
  | { readonly status: 'signing' | 'refused'; readonly tuple: ProposalTuple }
  | { readonly status: 'signed'; readonly tuple: ProposalTuple; readonly vote: TupleVote };

export type OwnNullify =
  | { readonly status: 'signing' | 'refused' }
  | { readonly status: 'signed'; readonly vote: NullifyVote };

/** What an outstanding effect was asked for. */
export type EngineRequest =
  | { readonly kind: 'sign'; readonly request: SigningRequest }
  | { readonly kind: 'verifyProposal'; readonly from: ValidatorIndex; readonly proposal: Proposal }
  | { readonly kind: 'verifyCertificate'; readonly from: ValidatorIndex; readonly certificate: Certificate }
  | { readonly kind: 'aggregate'; readonly votes: readonly Vote[] };

export const FRESH_ROUND: Round = {
  clockSet: false,
  announcedParent: null,
  building: null,
  draft: null,
  heartbeat: false,
  gapsRequested: false,
};

/** Shared by all empty views: nothing in the state is ever changed in place. */
const NO_VOTES: VotesByKind = {
  notarize: VoteTable.EMPTY,
  nullify: VoteTable.EMPTY,
  finalize: VoteTable.EMPTY,
};
const NO_KINDS: ReadonlySet<Vote['kind']> = new Set();
const NOBODY: ReadonlySet<string> = new Set();

export function emptyView(view: bigint): ViewRecord {
  return {
    view,
    proposal: null,
    badProposal: null,
    notarization: null,
    nullification: null,
    finalization: null,
    votes: NO_VOTES,
    aggregating: NO_KINDS,
    ownNotarize: null,
    ownNullify: null,
    ownFinalize: null,
    accused: NOBODY,
  };
}

/** The record of a view; an empty one if nothing is known of it. */
export function viewRecord(state: EngineState, view: bigint): ViewRecord {
  return state.views.get(view) ?? emptyView(view);
}

export function heldCertificate(record: ViewRecord, kind: Certificate['kind']): Certificate | null {
  if (kind === 'notarize') return record.notarization;
  return kind === 'nullify' ? record.nullification : record.finalization;
}

/** Everything held for a view, the strongest first. */
export function certificatesOf(record: ViewRecord): readonly Certificate[] {
  return [record.finalization, record.notarization, record.nullification].filter((held) => held !== null);
}

/** The own votes that are signed, in the order in which they may be cast. */
export function signedVotes(record: ViewRecord): readonly Vote[] {
  const votes: Vote[] = [];
  for (const own of [record.ownNotarize, record.ownNullify, record.ownFinalize]) {
    if (own?.status === 'signed') votes.push(own.vote);
  }
  return votes;
}

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

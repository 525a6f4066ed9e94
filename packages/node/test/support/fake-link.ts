import type { ConsensusMessage } from '@heddle/consensus';
import type { PeerId } from '@heddle/network';
import type { Block, BlockHeader, Chunk, EvidenceReport, Hash, RecoveredTransaction } from '@heddle/types';
import type { FetchedRange, PeerLink } from '../../src/peers/peer-link.ts';

/** How one peer answers; a rejection stands for time-outs and garbage alike. */
export interface FakePeer {
  block(hash: Hash): Promise<Block | null>;
  chunk(hash: Hash): Promise<Chunk | null>;
  range(from: bigint, to: bigint): Promise<FetchedRange>;
  headers(from: bigint, to: bigint): Promise<readonly BlockHeader[]>;
}

/** A peer that has nothing. */
export const EMPTY_PEER: FakePeer = {
  block: () => Promise.resolve(null),
  chunk: () => Promise.resolve(null),
  range: () => Promise.resolve({ blocks: [] }),
  headers: () => Promise.resolve([]),
};

/** Answers from a table of peers; records who was asked, what was said and what was gossiped. */
export class FakeLink implements PeerLink {
  readonly peers: Map<PeerId, FakePeer> = new Map();
  readonly asked: PeerId[] = [];
  readonly sent: { readonly to: PeerId; readonly message: ConsensusMessage }[] = [];
  readonly broadcasts: ConsensusMessage[] = [];
  readonly evidence: (readonly [to: PeerId, report: EvidenceReport])[] = [];
  readonly gossiped: (readonly RecoveredTransaction[])[] = [];

  connected(): readonly PeerId[] {
    return [...this.peers.keys()].sort();
  }

  broadcast(message: ConsensusMessage): void {
    this.broadcasts.push(message);
  }

  send(to: PeerId, message: ConsensusMessage): void {
    this.sent.push({ to, message });
  }

  broadcastChunk(): void {}
  sendEndorsement(): void {}

  sendEvidence(to: PeerId, report: EvidenceReport): void {
    this.evidence.push([to, report]);
  }

  gossipTransactions(transactions: readonly RecoveredTransaction[]): void {
    this.gossiped.push(transactions);
  }

  requestBlock(from: PeerId, hash: Hash): Promise<Block | null> {
    return this.#ask(from).block(hash);
  }

  requestChunk(from: PeerId, hash: Hash): Promise<Chunk | null> {
    return this.#ask(from).chunk(hash);
  }

  requestRange(peer: PeerId, from: bigint, to: bigint): Promise<FetchedRange> {
    return this.#ask(peer).range(from, to);
  }

  requestHeaders(peer: PeerId, from: bigint, to: bigint): Promise<readonly BlockHeader[]> {
    return this.#ask(peer).headers(from, to);
  }

  requestPool(): Promise<readonly Uint8Array[]> {
    return Promise.resolve([]);
  }

  #ask(peer: PeerId): FakePeer {
    this.asked.push(peer);
    return this.peers.get(peer) ?? EMPTY_PEER;
  }
}

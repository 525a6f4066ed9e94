import type { ChunkAnnouncement, Endorsement, ValidatorIndex } from '@heddle/types';
import type { ShardRecord } from '../state.ts';
import type { ChunkTransition } from '../transition.ts';

/** [blame] A peer sent, or as a producer signed, what it can't have believed. Never this node itself. */
export function blockPeer(t: ChunkTransition, peer: ValidatorIndex, reason: string): void {
  if (peer !== t.state.config.validatorIndex) t.emit({ kind: 'blockPeer', peer, reason });
}

/** [evidence] A chunk beside the first one of the same producer, shard and parent. */
export function accuseProducer(t: ChunkTransition, { candidates }: ShardRecord, second: ChunkAnnouncement): void {
  const culprit = second.header.producer;
  const [first] = candidates.values();
  if (first === undefined || culprit === t.state.config.validatorIndex) return;
  t.emit({ kind: 'evidence', evidence: { kind: 'doubleProduce', culprit, first: first.announcement, second } });
}

/** [evidence] An endorsement of another chunk than the first one of the same signer; once for a shard and parent. */
export function accuseEndorser(t: ChunkTransition, record: ShardRecord, first: Endorsement, second: Endorsement): void {
  const { shard, parentBlockHash, signer: culprit } = second;
  if (first.chunkHash === second.chunkHash || record.accused.has(culprit)) return;
  t.updateShard(parentBlockHash, shard, { accused: new Set(record.accused).add(culprit) });
  t.emit({ kind: 'evidence', evidence: { kind: 'doubleEndorse', culprit, first, second } });
}

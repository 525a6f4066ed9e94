import { quorum } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ChunkEffect, ChunkInput } from '../src/index.ts';
import { CHUNK_SIGNATURE, type ChunkBench, endorsementCertificateOf, hashOf } from '../src/testing/index.ts';
import { announcement, nodeOf } from './support/chunks.ts';

const PARENT = hashOf(1);
const HEIGHT = 5n;

interface Delivery {
  readonly to: number;
  readonly input: ChunkInput;
}

/** Nodes whose effects become deliveries in a bag; a test picks which one comes next. Faulty nodes say nothing. */
class Cluster {
  readonly nodes: readonly ChunkBench[];
  readonly bag: Delivery[] = [];
  readonly shardCount: number;
  private readonly faulty: ReadonlySet<number>;

  constructor(validatorCount: number, shardCount: number, faulty: ReadonlySet<number>) {
    this.shardCount = shardCount;
    this.faulty = faulty;
    this.nodes = Array.from({ length: validatorCount }, (_, validatorIndex) =>
      nodeOf(validatorIndex, shardCount, validatorCount),
    );
  }

  everyone(input: ChunkInput): void {
    for (const to of this.nodes.keys()) this.bag.push({ to, input });
  }

  deliver({ to, input }: Delivery): void {
    if (this.faulty.has(to)) return;
    for (const effect of this.nodes[to]?.feed(input) ?? []) this.perform(to, effect);
  }

  private perform(self: number, effect: ChunkEffect): void {
    const answer = (input: ChunkInput): void => void this.bag.push({ to: self, input });
    switch (effect.kind) {
      case 'buildChunk': {
        const { header, chunkHash } = announcement(effect.shard, PARENT, HEIGHT, this.nodes.length);
        answer({ kind: 'built', parentHash: PARENT, header, chunkHash });
        return;
      }
      case 'broadcastChunk': {
        const shard = Array.from({ length: this.shardCount }, (_, i) =>
          announcement(i, PARENT, HEIGHT, this.nodes.length),
        );
        const sent = shard.find((entry) => entry.chunkHash === effect.chunkHash);
        if (sent === undefined) throw new TypeError('a chunk that nobody built');
        for (const to of this.nodes.keys()) {
          if (to !== self) this.bag.push({ to, input: { kind: 'chunk', announcement: sent } });
        }
        return;
      }
      case 'validateChunk':
        answer({ kind: 'validated', chunkHash: effect.announcement.chunkHash, verdict: 'valid' });
        return;
      case 'sendEndorsement':
        this.bag.push({ to: effect.to, input: { kind: 'endorsement', from: self, endorsement: effect.endorsement } });
        return;
      case 'sign':
        answer({ kind: 'signed', requestId: effect.requestId, signature: CHUNK_SIGNATURE });
        return;
      case 'aggregate': {
        const certificate = endorsementCertificateOf(effect.endorsements, this.nodes.length);
        answer({ kind: 'aggregated', requestId: effect.requestId, result: { ok: true, certificate } });
        return;
      }
      case 'fetchChunk': {
        const found = announcement(effect.shard, PARENT, HEIGHT, this.nodes.length);
        answer({ kind: 'chunk', announcement: found });
        return;
      }
      default:
    }
  }
}

/** Runs the bag dry, the next delivery being picked by `picks`; every third pick also delivers twice. */
function run(cluster: Cluster, picks: readonly number[]): void {
  for (let step = 0; cluster.bag.length > 0; step++) {
    if (step > 20_000) throw new RangeError('the cluster does not come to rest');
    const pick = picks[step % picks.length] ?? 0;
    const [next] = cluster.bag.splice(pick % cluster.bag.length, 1);
    if (next === undefined) return;
    cluster.deliver(next);
    const isFromWire = next.input.kind === 'chunk' || next.input.kind === 'endorsement';
    if (isFromWire && step % 3 === 0) cluster.deliver(next);
  }
}

const runs = fc.record({
  validatorCount: fc.integer({ min: 1, max: 7 }),
  shardCount: fc.integer({ min: 1, max: 4 }),
  leader: fc.nat(6),
  picks: fc.array(fc.nat(10_000), { minLength: 1, maxLength: 80 }),
});

function startView(cluster: Cluster, view: bigint, leader: number): void {
  const missed = new Array<number>(cluster.shardCount).fill(0);
  cluster.everyone({ kind: 'view', view, leader, parentHash: PARENT, height: HEIGHT, missed });
  cluster.bag.push({ to: leader, input: { kind: 'proposalWanted', view, parentHash: PARENT } });
}

function endorsedTwice(cluster: Cluster): boolean {
  return cluster.nodes.some((node) => {
    const places = node.only('sign').map(({ request }) => `${request.kind}:${'shard' in request ? request.shard : ''}`);
    return new Set(places).size !== places.length;
  });
}

describe('a cluster, whatever the order of delivery', () => {
  test('with all honest and up, every shard is certified before the deadline, without evidence', () => {
    fc.assert(
      fc.property(runs, ({ validatorCount, shardCount, leader, picks }) => {
        const cluster = new Cluster(validatorCount, shardCount, new Set());
        cluster.everyone({ kind: 'work', pending: true });
        startView(cluster, 1n, leader % validatorCount);
        run(cluster, picks);
        const ready = cluster.nodes[leader % validatorCount]?.latest('chunksReady');
        expect(ready?.certificates.map((certificate) => certificate?.shard)).toEqual([...Array(shardCount).keys()]);
        expect(endorsedTwice(cluster)).toBe(false);
        expect(cluster.nodes.every((node) => node.only('evidence').length === 0)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('with f down, a later leader gets every chunk whose producer is up, without building anew', () => {
    fc.assert(
      fc.property(runs, fc.nat(6), ({ validatorCount, shardCount, picks }, seed) => {
        const down = new Set<number>();
        for (let i = 0; i < validatorCount - quorum(validatorCount); i++) down.add((seed + i * 2) % validatorCount);
        const cluster = new Cluster(validatorCount, shardCount, down);
        const up = [...cluster.nodes.keys()].filter((index) => !down.has(index));
        cluster.everyone({ kind: 'work', pending: true });
        const [dead = 0] = down.size > 0 ? [...down] : up;
        startView(cluster, 1n, dead);
        run(cluster, picks);
        const leader = up[seed % up.length] ?? 0;
        startView(cluster, 2n, leader);
        run(cluster, picks);
        cluster.deliver({ to: leader, input: { kind: 'deadline', view: 2n, parentHash: PARENT } });
        const certificates = cluster.nodes[leader]?.latest('chunksReady').certificates ?? [];
        for (const [shard, certificate] of certificates.entries()) {
          const producer = announcement(shard, PARENT, HEIGHT, validatorCount).header.producer;
          expect(certificate !== null).toBe(!down.has(producer));
        }
        expect(certificates).toHaveLength(shardCount);
        expect(endorsedTwice(cluster)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});

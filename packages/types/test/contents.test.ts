import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Block,
  blockExtraData,
  blockMatchesHeader,
  bodyMatchesHeader,
  type Chunk,
  hashAccessList,
  hashBodyTransactions,
  hashPlacements,
} from '../src/index.ts';
import * as arbitrary from './arbitraries.ts';

/** The same chunk with a header that commits its body. */
function committed(chunk: Chunk): Chunk {
  const { transactions, accessList } = chunk.body;
  const roots = { bodyRoot: hashBodyTransactions(transactions), accessListHash: hashAccessList(accessList) };
  return { ...chunk, header: { ...chunk.header, ...roots } };
}

/** The same block with all its chunks new and every commitment in place. */
function sealed(block: Block): Block {
  const chunks = block.chunks.map(({ header, certificate, placements }) => ({
    header: { ...header, height: block.header.number, placementsRoot: hashPlacements(placements) },
    certificate,
    placements,
  }));
  return withExtraData({ ...block, chunks });
}

function withExtraData(block: Block): Block {
  const { view, leader, randaoReveal, chunks, header } = block;
  return { ...block, header: { ...header, extraData: blockExtraData(view, leader, randaoReveal, chunks) } };
}

describe('a chunk’s header names one body', () => {
  test('its own, and no other', () => {
    fc.assert(
      fc.property(arbitrary.chunk, arbitrary.chunk, (one, other) => {
        const chunk = committed(one);
        expect(bodyMatchesHeader(chunk)).toBe(true);
        const { transactions, accessList } = chunk.body;
        const longer = { ...chunk, body: { transactions: [...transactions, Uint8Array.of(1)], accessList } };
        expect(bodyMatchesHeader(longer)).toBe(false);
        const foreign = { ...chunk, body: { transactions, accessList: other.body.accessList } };
        const sameList = hashAccessList(other.body.accessList) === chunk.header.accessListHash;
        expect(bodyMatchesHeader(foreign)).toBe(sameList);
      }),
    );
  });

  test('bytes that move from one transaction to the next are another body', () => {
    const parts = [Uint8Array.of(1, 2), Uint8Array.of(3)];
    const moved = [Uint8Array.of(1), Uint8Array.of(2, 3)];
    expect(hashBodyTransactions(parts)).not.toBe(hashBodyTransactions(moved));
    expect(hashBodyTransactions([])).not.toBe(hashBodyTransactions([new Uint8Array()]));
  });
});

describe('a block’s header names one content', () => {
  test('its own', () => {
    fc.assert(fc.property(arbitrary.block, (block) => blockMatchesHeader(sealed(block))));
  });

  test('no other view, leader, reveal, chunk header, certificate or placement', () => {
    fc.assert(
      fc.property(arbitrary.block, arbitrary.block, (one, other) => {
        fc.pre(one.chunks.length > 0 && other.chunks.length > 0);
        const block = sealed(one);
        const [first, ...rest] = block.chunks;
        const [foreign] = other.chunks;
        if (first === undefined || foreign === undefined) return;
        const forged: readonly Block[] = [
          { ...block, view: block.view ^ 1n },
          { ...block, leader: block.leader ^ 1 },
          { ...block, randaoReveal: block.randaoReveal.map((byte) => byte ^ 1) },
          { ...block, chunks: rest },
          {
            ...block,
            chunks: [{ ...first, header: { ...first.header, gasUsed: first.header.gasUsed ^ 1n } }, ...rest],
          },
          { ...block, chunks: [{ ...first, certificate: otherCertificate(first, foreign) }, ...rest] },
          { ...block, chunks: [{ ...first, placements: [...first.placements, PLACEMENT] }, ...rest] },
        ];
        for (const copy of forged) expect(blockMatchesHeader(copy)).toBe(false);
      }),
    );
  });

  test('a missing shard places nothing, whatever its old header says', () => {
    fc.assert(
      fc.property(arbitrary.block, (one) => {
        const block = sealed(one);
        const chunks = block.chunks.map(({ header, certificate, placements }) => ({
          header: { ...header, height: block.header.number ^ 1n, placementsRoot: hashPlacements([PLACEMENT]) },
          certificate,
          placements,
        }));
        const bare = chunks.map((chunk) => ({ ...chunk, placements: [] }));
        const placing = chunks.map((chunk) => ({ ...chunk, placements: [PLACEMENT] }));
        expect(blockMatchesHeader(withExtraData({ ...block, chunks: bare }))).toBe(true);
        expect(blockMatchesHeader(withExtraData({ ...block, chunks: placing }))).toBe(chunks.length === 0);
      }),
    );
  });
});

const PLACEMENT = { address: '0x00000000000000000000000000000000000000aa', shard: 0 } as const;

/** Another certificate than the one that stands there. */
function otherCertificate(first: Block['chunks'][number], foreign: Block['chunks'][number]) {
  if (first.certificate === null) return foreign.certificate ?? CERTIFICATE;
  return { ...first.certificate, aggregate: first.certificate.aggregate.map((byte) => byte ^ 1) };
}

const CERTIFICATE = {
  shard: 0,
  parentBlockHash: `0x${'01'.repeat(32)}`,
  chunkHash: `0x${'02'.repeat(32)}`,
  bitmap: Uint8Array.of(7),
  aggregate: new Uint8Array(96),
} as const;

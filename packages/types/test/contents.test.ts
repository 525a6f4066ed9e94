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
  hashSectionBody,
  type Section,
} from '../src/index.ts';
import * as arbitrary from './arbitraries.ts';

/** The same chunk with a header that commits its body. */
function committed(chunk: Chunk): Chunk {
  const { transactions, accessList } = chunk.body;
  const roots = { bodyRoot: hashBodyTransactions(transactions), accessListHash: hashAccessList(accessList) };
  return { ...chunk, header: { ...chunk.header, ...roots } };
}

/** The same block with every commitment in place. */
function sealed(block: Block): Block {
  const { view, leader, randaoReveal, chunks, header } = block;
  const section = block.section === null ? null : sealedSection(block.section);
  const extraData = blockExtraData(view, leader, randaoReveal, chunks, section?.header ?? null);
  return { ...block, section, header: { ...header, extraData } };
}

function sealedSection({ header, ...content }: Section): Section {
  return { header: { ...header, bodyRoot: hashSectionBody(content) }, ...content };
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
    // Not true of any.
    fc.assert(fc.property(arbitrary.block, (block) => !blockMatchesHeader(block)));
  });

  test('no other view, leader, reveal, chunk header or certificate', () => {
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
        ];
        for (const copy of forged) expect(blockMatchesHeader(copy)).toBe(false);
      }),
    );
  });

  test('no other section: neither header nor transactions, more or fewer, nor none', () => {
    fc.assert(
      fc.property(arbitrary.block, (one) => {
        const block = sealed(one);
        const { section } = block;
        if (section === null) return;
        const { header, control, transactions } = section;
        const [first = new Uint8Array()] = transactions;
        const forged: readonly (Section | null)[] = [
          null,
          { header: { ...header, gasUsed: header.gasUsed ^ 1n }, control, transactions },
          { header: { ...header, transactionCount: header.transactionCount ^ 1 }, control, transactions },
          { header, control, transactions: [...transactions, Uint8Array.of(1)] },
          { header, control, transactions: [...transactions, first] },
          {
            header: { ...header, bodyRoot: hashSectionBody({ control, transactions: [] }) },
            control,
            transactions: [Uint8Array.of(7)],
          },
          ...transactions.map((_, at) => ({ header, control, transactions: transactions.toSpliced(at, 1) })),
        ];
        for (const copy of forged) expect(blockMatchesHeader({ ...block, section: copy })).toBe(false);
      }),
    );
  });

  test('a chunk header can be moved to no other shard’s place', () => {
    fc.assert(
      fc.property(arbitrary.block, (one) => {
        fc.pre(one.chunks.length > 1);
        // Without certificates, which would tell as well.
        const block = sealed({ ...one, chunks: one.chunks.map(({ header }) => ({ header, certificate: null })) });
        const [first, second, ...rest] = block.chunks;
        if (first === undefined || second === undefined) return;
        expect(blockMatchesHeader({ ...block, chunks: [second, first, ...rest] })).toBe(false);
      }),
    );
  });

  test('what the section says of itself is no matter of contents: a wrong count is its leader’s fault', () => {
    fc.assert(
      fc.property(arbitrary.block, (one) => {
        if (one.section === null) return;
        const wrong = { ...one.section.header, transactionCount: one.section.transactions.length + 1 };
        expect(blockMatchesHeader(sealed({ ...one, section: { ...one.section, header: wrong } }))).toBe(true);
      }),
    );
  });
});

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

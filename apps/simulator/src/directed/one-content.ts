import { GENESIS_HASH, makeBlock } from '@heddle/consensus/testing';
import { genesisSectionHeader } from '@heddle/execution';
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
} from '@heddle/types';
import type { DirectedScenario } from '../engine/scenario.ts';
import { expectThat } from '../engine/violation.ts';
import { chunkOf } from './chunk-bench.ts';

const SHARD = 0;
const ACCOUNT = {
  address: `0x${'22'.repeat(20)}`,
  storageChanges: [],
  storageReads: [],
  balanceChanges: [],
  nonceChanges: [],
  codeChanges: [],
} as const;

/** Copies of a chunk and a block with the genuine header and something else beside it: none is taken for genuine. */
export const oneContent: DirectedScenario = {
  name: 'one-content',
  run: () => {
    const chunk = genuineChunk();
    expectThat(bodyMatchesHeader(chunk), 'the genuine chunk is genuine');
    const { transactions, accessList } = chunk.body;
    const bodies = [
      { transactions: [...transactions, Uint8Array.of(7)], accessList },
      { transactions, accessList: [ACCOUNT] },
    ];
    for (const body of bodies) expectThat(!bodyMatchesHeader({ ...chunk, body }), 'another body is a forged copy');
    const section = genuineSection();
    for (const block of [genuineBlock([chunk], null), genuineBlock([chunk, chunk], section)]) {
      expectThat(blockMatchesHeader(block), 'the genuine block is genuine');
      for (const copy of forgedBlocks(block)) expectThat(!blockMatchesHeader(copy), 'other contents are a forged copy');
    }
  },
};

function genuineChunk(): Chunk {
  const body = { transactions: [Uint8Array.of(1, 2, 3)], accessList: [] };
  const { header } = chunkOf(1);
  const roots = { bodyRoot: hashBodyTransactions(body.transactions), accessListHash: hashAccessList(body.accessList) };
  return { header: { ...header, ...roots }, body, signature: new Uint8Array(192) };
}

function genuineSection(): Section {
  const content = { control: null, transactions: [Uint8Array.of(1, 2, 3)] };
  const header = genesisSectionHeader([GENESIS_HASH, GENESIS_HASH], 1n, 1n);
  return { header: { ...header, bodyRoot: hashSectionBody(content) }, ...content };
}

function genuineBlock(ofShards: readonly Chunk[], section: Section | null): Block {
  const chunks = ofShards.map(({ header }) => ({ header, certificate: null }));
  const block = makeBlock(3n, 1, GENESIS_HASH, 1n, 0);
  const randaoReveal = new Uint8Array(192);
  const extraData = blockExtraData(block.view, block.leader, randaoReveal, chunks, section?.header ?? null);
  return { ...block, header: { ...block.header, extraData }, randaoReveal, chunks, section };
}

function forgedBlocks(block: Block): readonly Block[] {
  const certificate = {
    shard: SHARD,
    parentBlockHash: block.header.parentHash,
    chunkHash: block.header.parentHash,
    bitmap: Uint8Array.of(7),
    aggregate: new Uint8Array(96),
  };
  return [
    { ...block, view: block.view + 1n },
    { ...block, randaoReveal: new Uint8Array(192).fill(1) },
    { ...block, chunks: block.chunks.map((chunk) => ({ ...chunk, certificate })) },
    { ...block, chunks: block.chunks.map(({ header, ...rest }) => ({ ...rest, header: { ...header, gasUsed: 9n } })) },
    ...(block.section === null ? [] : forgedSections(block.section).map((section) => ({ ...block, section }))),
  ];
}

function forgedSections({ header, ...content }: Section): readonly Section[] {
  return [
    { header, ...content, transactions: [...content.transactions, Uint8Array.of(7)] },
    { header: { ...header, gasUsed: 9n }, ...content },
  ];
}

import { assembleBlockHeader } from '@heddle/execution';
import {
  type Block,
  EMPTY_TRIE_ROOT,
  type Hash,
  hashSectionBody,
  type Proposal,
  type Section,
  type SectionHeader,
  signTransaction,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '@heddle/types';
import type { Actor, ActorTools } from '../actor.ts';
import { claimOf, proposalMessage, signProposal } from '../forge.ts';
import { forging, watching } from '../over-the-wire.ts';

/** Blocks that it remembers, to bring what was executed already and chunks of before. */
const REMEMBERED = 16;

/** What it has seen of the chain. */
interface Seen {
  readonly blocks: Map<Hash, Block>;
}

interface Material {
  readonly block: Block;
  readonly section: Section;
  readonly parent: Block;
  readonly earlier: readonly Block[];
  readonly tools: ActorTools;
}

/** Another block of the same view, but for its header; null where there is nothing to make it from. */
type Stuffing = (material: Material) => Block | null;

const STUFFINGS: readonly Stuffing[] = [
  (material) => withBody(material, [...material.section.transactions, Uint8Array.of(1)]),
  (material) => withBody(material, [...material.section.transactions, invented(material.tools)]),
  executedBefore,
  ifAny((material, transactions) => withBody(material, [...transactions, ...transactions])),
  ifAny((material, transactions) => withBody(material, transactions.slice(1))),
  (material) => withHeader(material, { gasUsed: material.section.header.gasLimit + 1n }),
  (material) => withHeader(material, { gasLimit: material.section.header.gasLimit * 2n }),
  (material) => withHeader(material, { baseFeePerGas: 0n }),
  (material) => withHeader(material, { transactionCount: material.section.header.transactionCount + 1 }),
  (material) => withHeader(material, { receiptsRoot: ZERO_HASH }),
  (material) => withHeader(material, { transactionsRoot: ZERO_HASH }),
  (material) => withHeader(material, { stateRoots: everyShard(material, EMPTY_TRIE_ROOT) }),
  (material) => withHeader(material, { outboxRoots: everyShard(material, ZERO_HASH) }),
  (material) => withHeader(material, { accessListHashes: everyShard(material, ZERO_HASH) }),
  (material) => withHeader(material, { logsBloom: material.section.header.logsBloom.map(() => 255) }),
  onOtherChunks,
];

/**
 * As leader proposes blocks whose section is not what execution gives: bad, invented and repeated entries, more than fits,
 * wrong roots, a section that was executed on other chunks. All that a block carries is what its header commits, so that
 * nothing but execution is against it.
 */
export const sectionStuffer: Actor = {
  name: 'section-stuffer',
  description: 'as leader proposes sections with bad entries, roots and gas, and those of other chunks',
  proofs: [],
  start: (tools) => {
    const seen: Seen = { blocks: new Map() };
    let turn = tools.dice.below(STUFFINGS.length);
    let last: { readonly of: Hash; readonly forged: Proposal } | null = null;
    const tampering = forging('proposal', ({ proposal }) => {
      const { blockHash } = proposal.tuple;
      remember(seen, proposal);
      if (last?.of !== blockHash) {
        const stuff = STUFFINGS[turn++ % STUFFINGS.length] ?? onOtherChunks;
        const block = stuffed(proposal.block, stuff, tools, seen);
        if (block === null) return [proposalMessage(proposal)];
        last = { of: blockHash, forged: signProposal(tools, { ...claimOf(proposal), block }) };
      }
      tools.misdeed(null);
      return [proposalMessage(last.forged)];
    });
    return watching(tampering, (message) => {
      if (message.kind === 'proposal') remember(seen, message.proposal);
    });
  },
};

function ifAny(stuff: (material: Material, transactions: readonly Uint8Array[]) => Block): Stuffing {
  return (material) => {
    const { transactions } = material.section;
    return transactions.length === 0 ? null : stuff(material, transactions);
  };
}

function executedBefore(material: Material): Block | null {
  const old = material.earlier.flatMap(({ section }) => section?.transactions ?? []);
  return old.length === 0
    ? null
    : withBody(material, [...material.section.transactions, material.tools.dice.pick(old)]);
}

function everyShard({ section }: Material, hash: Hash): readonly Hash[] {
  return section.header.stateRoots.map(() => hash);
}

function remember({ blocks }: Seen, { tuple, block }: Proposal): void {
  blocks.set(tuple.blockHash, block);
  const [oldest] = blocks.keys();
  if (blocks.size > REMEMBERED && oldest !== undefined) blocks.delete(oldest);
}

/** Null where it has not seen what that takes. */
function stuffed(block: Block, stuff: Stuffing, tools: ActorTools, { blocks }: Seen): Block | null {
  const { section } = block;
  const parent = blocks.get(block.header.parentHash) ?? null;
  if (section === null || parent === null) return null;
  const forged = stuff({ block, section, parent, earlier: [...blocks.values()], tools });
  return forged === null ? null : sealed(forged, parent);
}

function withHeader({ block, section }: Material, fields: Partial<SectionHeader>): Block {
  return { ...block, section: { ...section, header: { ...section.header, ...fields } } };
}

/** The same header over another body. */
function withBody({ block, section }: Material, transactions: readonly Uint8Array[]): Block {
  const control = null;
  const fields = { transactionCount: transactions.length, bodyRoot: hashSectionBody({ control, transactions }) };
  return { ...block, section: { header: { ...section.header, ...fields }, control, transactions } };
}

/** A shard's chunk is left out of the block, and what the section did on it is not. */
function onOtherChunks({ block, parent, tools }: Material): Block | null {
  const present = block.chunks.flatMap(({ certificate }, shard) => (certificate === null ? [] : [shard]));
  if (present.length === 0) return null;
  const left = tools.dice.pick(present);
  return {
    ...block,
    chunks: block.chunks.map((chunk, shard) => {
      const before = parent.chunks[shard];
      return shard !== left || before === undefined ? chunk : { header: before.header, certificate: null };
    }),
  };
}

/** With the header that follows from its parts. */
function sealed(block: Block, parent: Block): Block {
  const { header, section } = block;
  const { mixHash: prevRandao, parentBeaconBlockRoot, coinbase } = header;
  const given = { ...block, parent: parent.header, prevRandao, parentBeaconBlockRoot };
  const inBlock = section === null ? null : { header: section.header, coinbase };
  return { ...block, header: assembleBlockHeader({ ...given, section: inBlock, gasLimit: null }) };
}

/** Well signed, by somebody who has no money. */
function invented({ dice, domain }: ActorTools): Uint8Array {
  const key = new Uint8Array(32).map(() => 1 + dice.below(255));
  const fees = { maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 1n };
  const what = { nonce: 0n, gasLimit: 21_000n, to: ZERO_ADDRESS, value: 1n, data: new Uint8Array(0), accessList: [] };
  return signTransaction({ type: 2, chainId: domain.chainId, ...fees, ...what }, key).raw;
}

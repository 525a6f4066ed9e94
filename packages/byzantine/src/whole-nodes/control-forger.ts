import { controlBlockOf, type ExecutedBlock, InvalidControlError } from '@heddle/node';
import {
  type Address,
  type Block,
  blockExtraData,
  type ControlOperation,
  type ControlPart,
  DIRECTORY_ADDRESS,
  type Hash,
  HISTORY_STORAGE_ADDRESS,
  hashSectionBody,
  MAX_CHUNK_GAS_LIMIT,
  PRECOMPILE_ADDRESSES,
  type Proposal,
  type Section,
  type SectionHeader,
  ZERO_HASH,
} from '@heddle/types';
import type { Actor, ActorTools } from '../actor.ts';
import { claimOf, madeUpQuorum, proposalMessage, signProposal } from '../forge.ts';
import { forging } from '../over-the-wire.ts';

const SOMEBODY: Address = '0x00000000000000000000000000000000f0e6e111';

interface Material {
  readonly tools: ActorTools;
  readonly parent: ExecutedBlock;
  readonly terms: Pick<Block, 'view' | 'leader' | 'randaoReveal'>;
}

/** A control block that may not be; null where there is nothing to make it from. */
type Forgery = (material: Material) => Block | null;

const rich: ControlOperation = { kind: 'balance', address: SOMEBODY, value: 10n ** 30n };
const marked: ControlOperation = { kind: 'nonce', address: SOMEBODY, value: 7n };

/** What each of them gives is what execution gives, so that nothing but the rule is against it, wherever that can be. */
const FORGERIES: readonly Forgery[] = [
  (material) => (nextNumber(material) === 0n ? null : made(material, [rich], { number: nextNumber(material) - 1n })),
  (material) => made(material, [marked], { number: nextNumber(material) + 1n }),
  (material) => made(material, [{ kind: 'gasLimit', value: 20_999n }], {}),
  (material) => made(material, [{ kind: 'gasLimit', value: MAX_CHUNK_GAS_LIMIT + 1n }], {}),
  overMark,
  (material) => made(material, [rich, mining(material, 1n, -1n)], {}),
  (material) => withPart(made(material, [marked], {}), { parentHash: ZERO_HASH }),
  (material) => withPart(made(material, [marked], {}), { parentHash: material.parent.block.header.parentHash }),
  (material) => withPart(made(material, [marked], {}), { operations: [rich] }),
  (material) => ofProtocol(material, { kind: 'storage', address: HISTORY_STORAGE_ADDRESS, slot: 8_191n, value: 7n }),
  (material) => ofProtocol(material, { kind: 'code', address: PRECOMPILE_ADDRESSES.identity, code: Uint8Array.of(0) }),
  (material) => ofProtocol(material, { kind: 'balance', address: DIRECTORY_ADDRESS, value: 7n }),
  otherContents,
  (material) => withSection(made(material, [marked], {}), { stateRoots: shardsOf(material).map(() => ZERO_HASH) }, []),
  (material) => withSection(made(material, [marked], {}), { transactionCount: 1 }, [Uint8Array.of(1)]),
  besideChunk,
  besideQuorum,
  otherDerived,
];

/**
 * As leader proposes control blocks that may not be: counted already, of other parents and contents, beyond what the rules
 * let an owner do, or on a network that nobody owns. A good one, which its leader alone answers for, it never proposes.
 */
export const controlForger: Actor = {
  name: 'control-forger',
  description: 'as leader proposes control blocks that break a rule, or what no owner wants where there is no owner',
  proofs: [],
  start: (tools) => {
    let turn = tools.dice.below(FORGERIES.length);
    let last: { readonly of: Hash; readonly forged: Proposal } | null = null;
    return forging('proposal', ({ proposal }) => {
      const { blockHash, parentHash } = proposal.tuple;
      if (last?.of !== blockHash) {
        const parent = tools.chain.tree.get(parentHash);
        if (parent === null || parentHash === blockHash) return [proposalMessage(proposal)];
        const { view, leader, randaoReveal } = proposal.block;
        const material = { tools, parent, terms: { view, leader, randaoReveal } };
        const forge = tools.chain.genesis.devnet ? FORGERIES[turn++ % FORGERIES.length] : unowned;
        const block = forge?.(material) ?? null;
        if (block === null) return [proposalMessage(proposal)];
        last = { of: blockHash, forged: signProposal(tools, { ...claimOf(proposal), block }) };
      }
      tools.misdeed(null);
      return [proposalMessage(last.forged)];
    });
  },
};

function nextNumber({ parent }: Material): bigint {
  return parent.control.nextNumber;
}

function shardsOf({ parent }: Material): ExecutedBlock['shards'] {
  return parent.shards;
}

function made(
  { tools, parent, terms }: Material,
  operations: readonly ControlOperation[],
  { number }: { readonly number?: bigint },
): Block {
  const part: ControlPart = { number: number ?? parent.control.nextNumber, parentHash: parent.hash, operations };
  return controlBlockOf(tools.chain, parent, terms, part).block;
}

/** Good, but for whose network it is. */
function unowned(material: Material): Block {
  return made(material, [rich, mining(material, 2n, 0n)], {});
}

/** So many blocks, the first one so much later than the parent. */
function mining({ parent }: Material, count: bigint, later: bigint): ControlOperation {
  return { kind: 'mine', count, firstTimestamp: parent.block.header.timestamp + later, interval: 1n };
}

/** Execution refuses what the protocol owns as well: then it is another block's operation. */
function ofProtocol(material: Material, operation: ControlOperation): Block {
  try {
    return made(material, [operation], {});
  } catch (error) {
    if (!(error instanceof InvalidControlError)) throw error;
    return withPart(made(material, [marked], {}), { operations: [operation] });
  }
}

/** One block more than there is room for; where that is far away nobody wants to wait for it. */
function overMark(material: Material): Block | null {
  const { tools, parent } = material;
  const room = tools.chain.epochs.nextMarkAbove(parent.height) - parent.height;
  return room > 16n ? null : made(material, [mining(material, room + 1n, 0n)], {});
}

/** What the header commits is another thing. */
function otherContents(material: Material): Block {
  const block = made(material, [marked], {});
  const { section } = block;
  if (section?.control == null) return block;
  return { ...block, section: { ...section, control: { ...section.control, operations: [rich] } } };
}

/** The certified chunk of a shard from before. */
function besideChunk(material: Material): Block | null {
  const before = material.parent.block.chunks.find(({ certificate }) => certificate !== null);
  if (before === undefined) return null;
  const block = made(material, [marked], {});
  return sealed({
    ...block,
    chunks: block.chunks.map((chunk, shard) => (shard === before.header.shard ? before : chunk)),
  });
}

/** The empty chunks, as if they had been endorsed. */
function besideQuorum(material: Material): Block {
  const block = made(material, [marked], {});
  const { validatorCount } = material.tools;
  return sealed({
    ...block,
    chunks: block.chunks.map(({ header }, shard) => ({
      header,
      certificate: {
        shard,
        parentBlockHash: material.parent.hash,
        chunkHash: ZERO_HASH,
        ...madeUpQuorum(validatorCount),
      },
    })),
  });
}

/** A run whose last block stands on the run's own parent. */
function otherDerived(material: Material): Block | null {
  const { tools, parent } = material;
  if (tools.chain.epochs.nextMarkAbove(parent.height) - parent.height < 3n) return null;
  const block = made(material, [mining(material, 3n, 0n)], {});
  return { ...block, header: { ...block.header, parentHash: parent.hash } };
}

/** The same block with something else in its part, which its header commits. */
function withPart(block: Block, fields: Partial<ControlPart>): Block {
  const { section } = block;
  if (section?.control == null) return block;
  return withBody(block, section, { ...section.control, ...fields }, {}, section.transactions);
}

function withSection(block: Block, fields: Partial<SectionHeader>, transactions: readonly Uint8Array[]): Block {
  const { section } = block;
  if (section?.control == null) return block;
  return withBody(block, section, section.control, fields, transactions);
}

function withBody(
  block: Block,
  section: Section,
  control: ControlPart,
  fields: Partial<SectionHeader>,
  transactions: readonly Uint8Array[],
): Block {
  const bodyRoot = hashSectionBody({ control, transactions });
  return sealed({ ...block, section: { header: { ...section.header, ...fields, bodyRoot }, control, transactions } });
}

/** With the header's commitment to all that it carries. */
function sealed(block: Block): Block {
  const { view, leader, randaoReveal, chunks, section } = block;
  const extraData = blockExtraData(view, leader, randaoReveal, chunks, section?.header ?? null);
  return { ...block, header: { ...block.header, extraData } };
}

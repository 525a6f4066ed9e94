import { nextBaseFee, sectionBaseFee } from '@heddle/execution';
import { bytesToHex, concatBytes, equalBytes, hexToBytes, keccak256, utf8ToBytes } from '@heddle/primitives';
import { CODE_REPLICAS, home, WHOLE_REPLICAS } from '@heddle/sharding';
import type { StateReader } from '@heddle/state';
import {
  type Address,
  BEACON_ROOTS_ADDRESS,
  type BlockHeader,
  type ChunkHeader,
  type ControlOperation,
  type ControlPart,
  type ControlState,
  EMPTY_BLOOM,
  EMPTY_CODE_HASH,
  EMPTY_OMMERS_HASH,
  EMPTY_REQUESTS_HASH,
  EMPTY_TRIE_ROOT,
  type Genesis,
  type Hash,
  HISTORY_STORAGE_ADDRESS,
  hashBlockHeader,
  type MineOperation,
  type SectionHeader,
  ZERO_ADDRESS,
} from '@heddle/types';

/*
 * What the rules of control blocks give, written down a second time and without the shortcuts of the first: one step a
 * block, one look a rule.
 */

const HISTORY_WINDOW = 8_191n;
const LEAST_GAS_LIMIT = 21_000n;
const MOST_GAS_LIMIT = 80_000_000n;
const TAG = utf8ToBytes('heddle: derived block of a run\0\0');

/** A block that others stand on. */
export interface Ground {
  readonly header: BlockHeader;
  readonly hash: Hash;
}

/** Base fees of a height, wei a gas. */
export interface Fees {
  readonly chunks: readonly bigint[];
  readonly section: bigint;
}

/** What the run's derived blocks are made of beside the block below them. */
export interface RunGround {
  readonly genesis: Genesis;
  readonly control: ControlState;
  readonly below: Ground;
  /** Last chunk headers, by shard. */
  readonly chunks: readonly ChunkHeader[];
  /** Of the block below; null with one shard. */
  readonly section: SectionHeader | null;
  readonly prevRandao: Hash;
}

/** The part's run, or the one block of one that mines nothing. */
export function minedBy({ operations }: ControlPart): MineOperation | null {
  const mined = operations.filter((operation) => operation.kind === 'mine');
  return mined[0] ?? null;
}

/** Why the part may not stand in a block on `below`; null: it may. */
export function refusalOf(part: ControlPart, { genesis, control, below }: RunGround): string | null {
  const { header, hash } = below;
  if (!genesis.devnet) return 'nobody owns this network';
  if (part.parentHash !== hash) return 'its control part was made for another block';
  if (part.number !== control.nextNumber) return `it has control part ${part.number}, ${control.nextNumber} is next`;
  for (const operation of part.operations) {
    const { kind } = operation;
    if (kind === 'gasLimit' && (operation.value < LEAST_GAS_LIMIT || operation.value > MOST_GAS_LIMIT))
      return `it sets the gas limit to ${operation.value}`;
    if ('address' in operation && isProtocols(operation.address, kind === 'balance'))
      return `it sets ${operation.address}`;
  }
  const run = minedBy(part);
  if (run === null) return null;
  if (run.firstTimestamp < header.timestamp) return 'its run goes back in time';
  for (let height = header.number + 1n; height < header.number + run.count; height++) {
    const inEpoch = height % genesis.epochLength;
    if (inEpoch === 0n || inEpoch === genesis.epochLength - genesis.epochLength / 2n)
      return `its run jumps over height ${height}`;
  }
  return null;
}

function isProtocols(address: Address, isBalance: boolean): boolean {
  return WHOLE_REPLICAS.has(address) || (CODE_REPLICAS.has(address) && !isBalance);
}

/** What stands after a block with this part, or without one. */
export function controlBehind(before: ControlState, part: ControlPart | null): ControlState {
  const used = { ...before, nextBaseFee: null, nextPrevRandao: null };
  if (part === null) return used;
  let { gasLimit, nextBaseFee, nextPrevRandao } = minedBy(part) === null ? before : used;
  for (const operation of part.operations) {
    if (operation.kind === 'gasLimit') gasLimit = operation.value;
    if (operation.kind === 'nextBaseFee') nextBaseFee = operation.value;
    if (operation.kind === 'nextPrevRandao') nextPrevRandao = operation.value;
  }
  return { nextNumber: before.nextNumber + 1n, gasLimit, nextBaseFee, nextPrevRandao };
}

/** Of the block right on top of these headers, unless the owner has set it. */
export function feesOn(chunks: readonly ChunkHeader[], section: SectionHeader | null): Fees {
  return { chunks: chunks.map(nextBaseFee), section: section === null ? 0n : sectionBaseFee(section) };
}

/** The run's blocks one after the other, the last one without a header: everything of it but fees is to be executed. */
export function runOn(
  ground: RunGround,
  run: MineOperation,
): { readonly derived: readonly Ground[]; readonly fees: Fees } {
  const { control, genesis } = ground;
  const chunkGasLimit = control.gasLimit ?? genesis.chunkGasLimit;
  const globalGasLimit = control.gasLimit ?? genesis.globalGasLimit;
  let { chunks, section } = ground;
  let fees = withSetFee(feesOn(chunks, section), control, section !== null);
  const derived: Ground[] = [];
  for (let index = 0n; index < run.count - 1n; index++) {
    const header = derivedHeader(
      ground,
      derived.at(-1) ?? ground.below,
      fees,
      run.firstTimestamp + index * run.interval,
    );
    derived.push({ header, hash: hashBlockHeader(header) });
    const { chunks: byShard, section: ofSection } = fees;
    chunks = chunks.map((chunk, shard) => ({
      ...chunk,
      gasLimit: chunkGasLimit,
      gasUsed: 0n,
      baseFeePerGas: byShard[shard] ?? 0n,
    }));
    if (section !== null) section = { ...section, gasLimit: globalGasLimit, gasUsed: 0n, baseFeePerGas: ofSection };
    fees = feesOn(chunks, section);
  }
  return { derived, fees };
}

/** With what the owner has set for the next mined block. */
export function withSetFee(fees: Fees, { nextBaseFee: set }: ControlState, hasSection: boolean): Fees {
  if (set === null) return fees;
  return { chunks: fees.chunks.map(() => set), section: hasSection ? set : 0n };
}

function derivedHeader(
  { genesis, control, below, chunks, prevRandao }: RunGround,
  parent: Ground,
  fees: Fees,
  timestamp: bigint,
): BlockHeader {
  const parts = chunks.length === 1 ? 1 : chunks.length + 1;
  const empty = hexToBytes(EMPTY_TRIE_ROOT);
  const emptyRoot =
    parts === 1 ? EMPTY_TRIE_ROOT : bytesToHex(keccak256(concatBytes(...Array.from({ length: parts }, () => empty))));
  const sum = genesis.chunkGasLimit * BigInt(chunks.length) + (parts === 1 ? 0n : genesis.globalGasLimit);
  const most = [...fees.chunks, fees.section].reduce((high, fee) => (fee > high ? fee : high), 0n);
  return {
    parentHash: parent.hash,
    ommersHash: EMPTY_OMMERS_HASH,
    coinbase: ZERO_ADDRESS,
    stateRoot: below.header.stateRoot,
    transactionsRoot: emptyRoot,
    receiptsRoot: emptyRoot,
    logsBloom: EMPTY_BLOOM,
    difficulty: 0n,
    number: parent.header.number + 1n,
    gasLimit: control.gasLimit ?? sum,
    gasUsed: 0n,
    timestamp,
    extraData: TAG,
    mixHash: prevRandao,
    nonce: new Uint8Array(8),
    baseFeePerGas: most,
    withdrawalsRoot: EMPTY_TRIE_ROOT,
    blobGasUsed: 0n,
    excessBlobGas: 0n,
    // No end of an epoch is among them, so they name the set that the block below them names.
    parentBeaconBlockRoot: below.header.parentBeaconBlockRoot,
    requestsHash: EMPTY_REQUESTS_HASH,
  };
}

/** The first of the blocks whose root no state has, of those that nothing later was written over; null: all are there. */
export function rootlessIn(state: StateReader, blocks: readonly BlockHeader[]): bigint | null {
  const last = new Map(blocks.map((header) => [header.timestamp % HISTORY_WINDOW, header]));
  for (const [slot, { number, timestamp, parentBeaconBlockRoot }] of last) {
    const isThere =
      state.storage(BEACON_ROOTS_ADDRESS, slot) === timestamp &&
      state.storage(BEACON_ROOTS_ADDRESS, slot + HISTORY_WINDOW) === BigInt(parentBeaconBlockRoot);
    if (!isThere) return number;
  }
  return null;
}

/** The lowest height up to `height` whose parent's hash a state does not remember; null: it has them all. */
export function forgottenIn(
  state: StateReader,
  height: bigint,
  from: bigint,
  hashAt: (height: bigint) => Hash | null,
): bigint | null {
  const first = from > height - HISTORY_WINDOW ? from : height - HISTORY_WINDOW + 1n;
  for (let covered = first; covered <= height; covered++) {
    const word = state.storage(HISTORY_STORAGE_ADDRESS, (covered - 1n) % HISTORY_WINDOW);
    if (word !== BigInt(hashAt(covered - 1n) ?? 0n)) return covered;
  }
  return null;
}

/** What the operations make and take away, wei, from the balances before the block. */
export function weiOf(
  operations: readonly ControlOperation[],
  before: readonly StateReader[],
): { readonly minted: bigint; readonly burned: bigint } {
  const balances = new Map<Address, bigint>();
  let [minted, burned] = [0n, 0n];
  for (const operation of operations) {
    if (operation.kind !== 'balance') continue;
    const { address, value } = operation;
    const had = balances.get(address) ?? placeOf(address, before)?.account(address)?.balance ?? 0n;
    if (value > had) minted += value - had;
    else burned += had - value;
    balances.set(address, value);
  }
  return { minted, burned };
}

/** The first operation on an account that does not show in the states after the block; null: all of them do. */
export function unseenIn(operations: readonly ControlOperation[], after: readonly StateReader[]): string | null {
  const last = new Map<string, ControlOperation>();
  for (const operation of operations) {
    const slot = operation.kind === 'storage' ? operation.slot : 0n;
    if ('address' in operation) last.set(`${operation.kind} ${operation.address} ${slot}`, operation);
  }
  for (const [name, operation] of last) if (!shows(operation, after)) return name;
  return null;
}

function shows(operation: ControlOperation, after: readonly StateReader[]): boolean {
  if (!('address' in operation)) return true;
  const { address } = operation;
  const state = placeOf(address, after);
  const account = state?.account(address) ?? null;
  switch (operation.kind) {
    case 'balance':
      return (account?.balance ?? 0n) === operation.value;
    case 'nonce':
      return (account?.nonce ?? 0n) === operation.value;
    case 'storage':
      // An account that has nothing else is none (EIP-161), and keeps no storage.
      return (state?.storage(address, operation.slot) ?? 0n) === (account === null ? 0n : operation.value);
    case 'code': {
      const hash = account?.codeHash ?? EMPTY_CODE_HASH;
      const code = hash === EMPTY_CODE_HASH ? new Uint8Array() : (state?.code(hash) ?? new Uint8Array());
      return equalBytes(code, operation.code);
    }
    default:
      // They change no account.
      return true;
  }
}

/** The shard that has the account, its balance at any rate. */
function placeOf(address: Address, states: readonly StateReader[]): StateReader | null {
  if (CODE_REPLICAS.has(address)) return states[home(address, states.length)] ?? null;
  return states.find((state) => state.account(address) !== null) ?? null;
}

import { assert, keccak256Hex } from '@heddle/primitives';
import { HISTORY_CONTRACTS } from '@heddle/sharding';
import type { Account, StateChanges, StateReader } from '@heddle/state';
import type { Address, BlockAccessList, Hash, Log, ShardId } from '@heddle/types';
import { EMPTY_CODE_HASH, EMPTY_TRIE_ROOT } from '@heddle/types';
import { collectChanges, splitChanges } from './changes.ts';
import { AccountEntry, type AccountPlace, SlotEntry } from './entries.ts';
import { type Undo, undoWrite } from './journal.ts';
import { accessListOf, buildAccessList, recordIndex } from './recording.ts';
import { TransactionScope } from './transaction-scope.ts';
import type { Union } from './union.ts';
import { WordMap } from './word-map.ts';

/** Sees every keccak256 of exactly two words that code computes: the names of mapping slots, mostly. */
export interface HashObserver {
  hashed(first: bigint, second: bigint, digest: bigint): void;
}

/** Says which accounts may be touched. Asked when one is first touched at an index, before it is recorded. */
export interface TouchGuard {
  /** Throws what ends the attempt, if it must not be. */
  check(account: AccountEntry): void;
}

const NO_CODE = new Uint8Array(0);

/**
 * State while a chunk or a section executes, of one shard or of all: reads come from the state below, writes stay here
 * and are journaled, and every access is recorded for the block access list (EIP-7928).
 */
export class World {
  /** The current values, unrecorded: for rules that the protocol applies outside of the EVM. `storageRoot` is the parent's. */
  readonly unrecorded: StateReader;
  /** Sees the hashes that name slots, when somebody wants to learn them. */
  readonly hashObserver: HashObserver | null;
  readonly #reader: StateReader;
  /** The reader of a world of many shards; null in a world of one. */
  readonly #union: Union | null;
  #guard: TouchGuard | null = null;
  /** The shard that addresses are seen from, where each shard has an account of its own. */
  #viewpoint: ShardId = 0;
  /** Whose rings of block hashes and beacon roots code reads; null = those of the account that it runs on. */
  #historyShard: ShardId | null = null;
  readonly #accounts: Map<Address, AccountEntry> = new Map();
  readonly #newCodes: Map<Hash, Uint8Array> = new Map();
  readonly #journal: Undo[] = [];
  #index = 0;
  #touched: AccountEntry[] = [];
  readonly #scope: TransactionScope = new TransactionScope();

  constructor(reader: StateReader, hashObserver: HashObserver | null = null, union: Union | null = null) {
    this.#reader = reader;
    this.#union = union;
    this.hashObserver = hashObserver;
    this.unrecorded = {
      account: (address) => this.#peekAccount(address),
      storage: (address, slot) => this.#peekStorage(this.#keyOf(address), slot),
      code: (codeHash) => this.#loadCode(codeHash),
    };
  }

  /** A world of all shards. */
  static over(union: Union): World {
    return new World(union, null, union);
  }

  /** From here on `guard` is asked about every touch; null lets everything be touched. */
  guardBy(guard: TouchGuard | null): void {
    this.#guard = guard;
  }

  /** From here on code looks at the world from this account's shard. Returns the shard that it was seen from before. */
  lookFrom(shard: ShardId): ShardId {
    const before = this.#viewpoint;
    this.#viewpoint = shard;
    return before;
  }

  /**
   * From here on code reads the storage of the history contracts (EIP-2935, EIP-4788) as `shard` has it. Before, whose account
   * runs decides, so that the protocol's own calls write each shard's.
   */
  readHistoryOf(shard: ShardId): void {
    this.#historyShard = shard;
  }

  /** From here on accesses belong to `index` (0 … 2^32 − 1, ascending). Begins a new transaction scope. */
  beginIndex(index: number): void {
    assert(Number.isInteger(index) && index >= this.#index && index <= 0xffff_ffff, 'access-list index must ascend');
    this.#closeIndex();
    this.#index = index;
    this.beginTransactionScope();
  }

  /** Forgets what lasts for one transaction (warm sets, transient storage, logs, refunds), staying at the same index. */
  beginTransactionScope(): void {
    this.#journal.length = 0;
    this.#scope.begin();
  }

  /** Takes back all that happened since `beginIndex`, what was touched too: the index is as if it had not begun. */
  abandonIndex(): void {
    this.revertTo(0);
    for (const account of this.#touched) {
      account.touchedAt = 0;
      for (const slot of account.touchedSlots) slot.queuedAt = 0;
    }
    this.#touched = [];
    this.beginTransactionScope();
  }

  /**
   * Ends a transaction: removes contracts that destroyed themselves (EIP-6780). Returns the wei that ceased to exist by
   * self-destructs. Logs and `touchedAccounts` stay readable until the next `beginIndex`.
   */
  finishTransaction(): bigint {
    let burned = this.#scope.burned;
    for (const account of this.#scope.destroyed) {
      burned += account.balance;
      account.balance = 0n;
      account.nonce = 0n;
      account.codeHash = EMPTY_CODE_HASH;
      account.code = NO_CODE;
      for (const slot of account.slots.values()) slot.value = 0n;
      this.#unlist(account);
    }
    this.#scope.destroyed.length = 0;
    this.#scope.burned = 0n;
    this.#journal.length = 0;
    return burned;
  }

  /** A mark for `revertTo`; marks nest and end with the transaction. */
  snapshot(): number {
    return this.#journal.length;
  }

  /** Undoes every write since `mark`. Accesses stay recorded (EIP-7928). */
  revertTo(mark: number): void {
    while (this.#journal.length > mark) {
      const undo = this.#journal.pop();
      if (undo !== undefined) undoWrite(undo, this.#scope);
    }
  }

  /** The shard that an account is on. Unrecorded. */
  residence(address: Address): ShardId {
    const key = this.#keyOf(address);
    return this.#accounts.get(key)?.shard ?? this.#placeOf(key).shard;
  }

  /** The recorded entry of an account: reading it lists the account. For the EVM; everyone else uses the methods below. */
  account(address: Address): AccountEntry {
    const entry = this.#entry(this.#keyOf(address));
    if (entry.touchedAt !== this.#index + 1 || entry.isCodeReplica) {
      this.#guard?.check(entry);
      this.#touch(entry);
    }
    return entry;
  }

  /** As `account`, for who only runs or reads its code: that of a code replica is on every shard. */
  codeAccount(address: Address): AccountEntry {
    const entry = this.#entry(this.#keyOf(address));
    if (entry.touchedAt !== this.#index + 1) {
      if (!entry.isCodeReplica) this.#guard?.check(entry);
      this.#touch(entry);
    }
    return entry;
  }

  /** What `shard` has of its own at a replicated address, recorded. In a world of one shard simply the account. */
  replica(address: Address, shard: ShardId): AccountEntry {
    const entry = this.#entry(this.#union === null ? address : this.#union.replicaKey(address, shard));
    this.#touch(entry);
    return entry;
  }

  /** A contract that comes to life resides with its creator. The directory lists it where that is not its home. */
  resideWith(account: AccountEntry, creator: AccountEntry): void {
    if (this.#union === null || account.shard === creator.shard) return;
    this.#journal.push({ kind: 'residence', account, before: account.shard });
    account.shard = creator.shard;
    for (const { address, shard, slot, value } of this.#union.listing(account.address, creator.shard)) {
      this.writeSlot(this.slot(this.replica(address, shard), slot), value);
    }
  }

  /** The recorded entry of a slot, with `original` set for the current transaction. */
  slot(owner: AccountEntry, slot: bigint): SlotEntry {
    const account = this.#storageOf(owner);
    let entry = account.slots.get(slot);
    if (entry === undefined) {
      entry = new SlotEntry(slot, this.#reader.storage(account.key, slot));
      account.slots.set(slot, entry);
    }
    if (entry.originalScope !== this.#scope.id) {
      entry.originalScope = this.#scope.id;
      entry.original = entry.value;
    }
    if (entry.queuedAt !== this.#index + 1) {
      entry.queuedAt = this.#index + 1;
      this.#touch(account);
      account.touchedSlots.push(entry);
    }
    return entry;
  }

  /** Accounts touched at the current index, in the order of first touch; reverted accesses included. */
  touchedAccounts(): readonly AccountEntry[] {
    return this.#touched;
  }

  /** Wei. */
  balance(address: Address): bigint {
    return this.account(address).balance;
  }

  addBalance(address: Address, amount: bigint): void {
    this.setBalance(this.account(address), this.account(address).balance + amount);
  }

  /** Throws `ImpossibleStateError` when the balance is smaller: the caller has checked it. */
  subtractBalance(address: Address, amount: bigint): void {
    const account = this.account(address);
    assert(account.balance >= amount, 'balance must cover what is taken off');
    this.setBalance(account, account.balance - amount);
  }

  setBalance(account: AccountEntry, balance: bigint): void {
    if (account.balance === balance) return;
    this.#journal.push({ kind: 'balance', account, before: account.balance });
    account.balance = balance;
  }

  nonce(address: Address): bigint {
    return this.account(address).nonce;
  }

  setNonce(address: Address, nonce: bigint): void {
    const account = this.account(address);
    this.#journal.push({ kind: 'nonce', account, before: account.nonce });
    account.nonce = nonce;
  }

  code(address: Address): Uint8Array {
    return this.codeOf(this.account(address));
  }

  codeOf(account: AccountEntry): Uint8Array {
    if (account.code === null) account.code = this.#loadCode(account.codeHash);
    return account.code;
  }

  /** keccak256 of the code; EMPTY_CODE_HASH without code. */
  codeHash(address: Address): Hash {
    return this.account(address).codeHash;
  }

  setCode(address: Address, code: Uint8Array): void {
    const account = this.account(address);
    this.#journal.push({ kind: 'code', account, hash: account.codeHash, code: account.code });
    account.codeHash = code.length === 0 ? EMPTY_CODE_HASH : keccak256Hex(code);
    account.code = code;
    if (code.length > 0) this.#newCodes.set(account.codeHash, code);
  }

  storage(address: Address, slot: bigint): bigint {
    return this.slot(this.account(address), slot).value;
  }

  setStorage(address: Address, slot: bigint, value: bigint): void {
    this.writeSlot(this.slot(this.account(address), slot), value);
  }

  /** EIP-161 does not delete it here: what it has is storage, which a devnet's owner means to be there. */
  keep(address: Address): void {
    this.account(address).isKept = true;
  }

  writeSlot(slot: SlotEntry, value: bigint): void {
    if (slot.value === value) return;
    this.#journal.push({ kind: 'storage', slot, before: slot.value });
    slot.value = value;
  }

  /** Whether the state has the account: not empty, or there before (EIP-7702's refund asks for the latter). */
  exists(address: Address): boolean {
    const account = this.account(address);
    return account.parent !== null || !account.isEmpty();
  }

  /** EIP-7610: whether a creation at this account would find storage of an earlier life. */
  hasParentStorage(account: AccountEntry): boolean {
    return account.parent !== null && account.parent.storageRoot !== EMPTY_TRIE_ROOT;
  }

  /** EIP-6780: such a contract may remove itself until the transaction ends. */
  markCreated(account: AccountEntry): void {
    this.#journal.push({ kind: 'created', account, before: account.createdScope });
    account.createdScope = this.#scope.id;
  }

  isCreatedInTransaction(account: AccountEntry): boolean {
    return account.createdScope === this.#scope.id;
  }

  isDestroyed(account: AccountEntry): boolean {
    return account.destroyedScope === this.#scope.id;
  }

  /** Marks a contract of this transaction for removal at its end (EIP-6780). */
  markDestroyed(account: AccountEntry): void {
    if (this.isDestroyed(account)) return;
    this.#journal.push({ kind: 'destroyed', account });
    account.destroyedScope = this.#scope.id;
    this.#scope.destroyed.push(account);
  }

  /** SELFDESTRUCT to itself in the creating transaction: the balance ceases to exist at once. */
  burnBalance(account: AccountEntry): void {
    this.#journal.push({ kind: 'burned', before: this.#scope.burned });
    this.#scope.burned += account.balance;
    this.setBalance(account, 0n);
  }

  /** EIP-3529 refund counter, in gas. */
  get refund(): number {
    return this.#scope.refund;
  }

  addRefund(gas: number): void {
    this.#journal.push({ kind: 'refund', before: this.#scope.refund });
    this.#scope.refund += gas;
  }

  get logs(): readonly Log[] {
    return this.#scope.logs;
  }

  addLog(log: Log): void {
    this.#journal.push({ kind: 'log' });
    this.#scope.logs.push(log);
  }

  /** EIP-1153. */
  transient({ key }: AccountEntry, slot: bigint): bigint {
    return this.#scope.transient.get(key)?.get(slot) ?? 0n;
  }

  setTransient({ key }: AccountEntry, slot: bigint, value: bigint): void {
    let words = this.#scope.transient.get(key);
    if (words === undefined) {
      words = new WordMap();
      this.#scope.transient.set(key, words);
    }
    this.#journal.push({ kind: 'transient', words, slot, before: words.get(slot) ?? 0n });
    words.set(slot, value);
  }

  /** EIP-2929. Asking neither reads nor lists the account, so that gas can be checked first. */
  isWarm(address: Address): boolean {
    const scope = this.#scope;
    const key = this.#keyOf(address);
    return this.#accounts.get(key)?.warmScope === scope.id || scope.warmAccounts.has(key);
  }

  /** Neither reads nor lists the account either. */
  warm(address: Address): void {
    const scope = this.#scope;
    const key = this.#keyOf(address);
    const account = this.#accounts.get(key);
    if (account !== undefined) {
      if (account.warmScope === scope.id) return;
      this.#journal.push({ kind: 'warmAccount', account, before: account.warmScope });
      account.warmScope = scope.id;
    } else if (!scope.warmAccounts.has(key)) {
      scope.warmAccounts.add(key);
      this.#journal.push({ kind: 'warmKey', key });
    }
  }

  isSlotWarm(owner: AccountEntry, slot: bigint): boolean {
    const scope = this.#scope;
    if (this.#storageOf(owner).slots.get(slot)?.warmScope === scope.id) return true;
    return scope.warmSlots.size > 0 && scope.warmSlots.get(owner.key)?.get(slot) === true;
  }

  warmSlot(slot: SlotEntry): void {
    if (slot.warmScope === this.#scope.id) return;
    this.#journal.push({ kind: 'warmSlot', slot, before: slot.warmScope });
    slot.warmScope = this.#scope.id;
  }

  /** EIP-2930: warms a slot without reading or listing it. */
  warmUnreadSlot(address: Address, slot: bigint): void {
    const key = this.#keyOf(address);
    let slots = this.#scope.warmSlots.get(key);
    if (slots === undefined) {
      slots = new WordMap();
      this.#scope.warmSlots.set(key, slots);
    }
    slots.set(slot, true);
  }

  /** Final values of everything that differs from the state below. Of a world of one shard. */
  changes(): StateChanges {
    return collectChanges(this.#accounts.values(), this.#newCodes);
  }

  /** As `changes`, by shard: what moved leaves one and comes to another. */
  changesByShard(): readonly StateChanges[] {
    return splitChanges(this.#accounts.values(), this.#newCodes, this.#union?.shardCount ?? 1);
  }

  /** Everything recorded so far (EIP-7928), canonically sorted. Of a world of one shard. */
  accessList(): BlockAccessList {
    this.#closeIndex();
    return buildAccessList(this.#accounts.values());
  }

  /** As `accessList`, by shard: by residence; an account that moved is in two. */
  accessLists(): readonly BlockAccessList[] {
    this.#closeIndex();
    const shards = Array.from({ length: this.#union?.shardCount ?? 1 }, (_, shard) => shard);
    return shards.map((shard) => accessListOf(this.#accounts.values(), shard));
  }

  #keyOf(address: Address): Address {
    return this.#union === null ? address : this.#union.keyOf(address, this.#viewpoint);
  }

  #entry(key: Address): AccountEntry {
    let entry = this.#accounts.get(key);
    if (entry === undefined) {
      entry = new AccountEntry(this.#placeOf(key), this.#reader.account(key));
      this.#accounts.set(key, entry);
    }
    return entry;
  }

  #placeOf(key: Address): AccountPlace {
    return this.#union === null ? { address: key, key, shard: 0 } : this.#union.placeOf(key);
  }

  /** Whose slots an account's are: its own, but for what `readHistoryOf` says. */
  #storageOf(account: AccountEntry): AccountEntry {
    if (this.#historyShard === null || this.#union === null || !HISTORY_CONTRACTS.has(account.address)) return account;
    return this.#entry(this.#union.replicaKey(account.address, this.#historyShard));
  }

  #touch(entry: AccountEntry): void {
    if (entry.touchedAt === this.#index + 1) return;
    entry.touchedAt = this.#index + 1;
    entry.touchedSlots = [];
    this.#touched.push(entry);
  }

  /** A contract that came to life and destroyed itself in one transaction is listed nowhere. */
  #unlist(account: AccountEntry): void {
    if (this.#union === null || account.shard === account.origin) return;
    for (const { address, shard, slot } of this.#union.listing(account.address, account.shard)) {
      this.writeSlot(this.slot(this.replica(address, shard), slot), 0n);
    }
    account.shard = account.origin;
  }

  #peekStorage(key: Address, slot: bigint): bigint {
    return this.#accounts.get(key)?.slots.get(slot)?.value ?? this.#reader.storage(key, slot);
  }

  #closeIndex(): void {
    for (const account of this.#touched) {
      const codeChanged = account.codeHash !== account.recordedCodeHash;
      recordIndex(account, this.#index, codeChanged ? this.codeOf(account) : NO_CODE);
      account.touchedAt = 0;
      for (const slot of account.touchedSlots) slot.queuedAt = 0;
    }
    this.#touched = [];
  }

  #loadCode(codeHash: Hash): Uint8Array {
    if (codeHash === EMPTY_CODE_HASH) return NO_CODE;
    return this.#newCodes.get(codeHash) ?? this.#reader.code(codeHash);
  }

  #peekAccount(address: Address): Account | null {
    const key = this.#keyOf(address);
    const entry = this.#accounts.get(key);
    if (entry === undefined) return this.#reader.account(key);
    if (entry.isEmpty()) return null;
    const storageRoot = entry.parent === null ? EMPTY_TRIE_ROOT : entry.parent.storageRoot;
    return { nonce: entry.nonce, balance: entry.balance, codeHash: entry.codeHash, storageRoot };
  }
}

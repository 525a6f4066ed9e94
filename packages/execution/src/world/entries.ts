import { CODE_REPLICAS } from '@heddle/sharding';
import type { Account } from '@heddle/state';
import type { Address, Hash, ShardId } from '@heddle/types';
import { EMPTY_CODE_HASH } from '@heddle/types';
import { WordMap } from './word-map.ts';

/** One storage word of an account, as the chunk sees it. */
export class SlotEntry {
  readonly slot: bigint;
  /** In the parent state. */
  readonly parent: bigint;
  /** Now. */
  value: bigint;
  /** At the start of the transaction `originalScope` (EIP-2200 "original value"). */
  original: bigint;
  originalScope = 0;
  /** Transaction scope in which it became warm (EIP-2929). */
  warmScope = 0;
  /** At the end of the last access-list index. */
  recorded: bigint;
  /** Index + 1 at which it was last queued for recording; 0 = never. */
  queuedAt = 0;
  /** Whether it is in the access list: an attempt that was taken back lists nothing. */
  isListed = false;
  readonly changes: { index: number; value: bigint }[] = [];

  constructor(slot: bigint, parent: bigint) {
    this.slot = slot;
    this.parent = parent;
    this.value = parent;
    this.original = parent;
    this.recorded = parent;
  }
}

/** Which account an entry is of. */
export interface AccountPlace {
  readonly address: Address;
  readonly key: Address;
  readonly shard: ShardId;
}

/** One account as the chunk or the section sees it. Only `World` writes the fields. */
export class AccountEntry {
  readonly address: Address;
  /** Its code and storage are on every shard, its balance and nonce at home (`CODE_REPLICAS`). */
  readonly isCodeReplica: boolean;
  /** What names it in its world: the address, but for a replica in a world of many shards. */
  readonly key: Address;
  /** Where it resided when the world was opened; 0 in a world of one shard. */
  readonly origin: ShardId;
  /** Where it resides now: a contract that comes to life resides with its creator. */
  shard: ShardId;
  /** In the parent state. */
  readonly parent: Account | null;
  nonce: bigint;
  balance: bigint;
  codeHash: Hash;
  /** Loaded on first use. */
  code: Uint8Array | null = null;
  readonly slots: WordMap<SlotEntry> = new WordMap();
  /** Transaction scope in which it became warm (EIP-2929); 0 = never. */
  warmScope = 0;
  /** Transaction scope in which it was created (EIP-6780); 0 = in none of this chunk. */
  createdScope = 0;
  /** Transaction scope in which it destroyed itself, having been created in the same; 0 = never. */
  destroyedScope = 0;
  /** It stays although it is empty: a devnet's owner gave it storage (`World.keep`). */
  isKept = false;

  recordedNonce: bigint;
  recordedBalance: bigint;
  recordedCodeHash: Hash;
  /** Index + 1 at which it was last touched; 0 = never. */
  touchedAt = 0;
  /** Slots touched at index `touchedAt − 1`. */
  touchedSlots: SlotEntry[] = [];
  readonly nonceChanges: { index: number; nonce: bigint }[] = [];
  readonly balanceChanges: { index: number; balance: bigint }[] = [];
  readonly codeChanges: { index: number; code: Uint8Array }[] = [];
  /** First index that listed it; −1 = it is in no access list, like all that only an attempt saw which was taken back. */
  firstIndex = -1;
  /** Index at which it moved from `origin` to `shard`, and the balance that it had there; null = never. */
  moved: { readonly index: number; readonly balance: bigint } | null = null;

  constructor(place: AccountPlace, parent: Account | null) {
    this.address = place.address;
    this.isCodeReplica = CODE_REPLICAS.has(place.address);
    this.key = place.key;
    this.origin = place.shard;
    this.shard = place.shard;
    this.parent = parent;
    this.nonce = parent === null ? 0n : parent.nonce;
    this.balance = parent === null ? 0n : parent.balance;
    this.codeHash = parent === null ? EMPTY_CODE_HASH : parent.codeHash;
    this.recordedNonce = this.nonce;
    this.recordedBalance = this.balance;
    this.recordedCodeHash = this.codeHash;
  }

  /** EIP-161: no nonce, no balance, no code. Such an account is as good as absent (EIP-7523). */
  isEmpty(): boolean {
    return this.nonce === 0n && this.balance === 0n && this.codeHash === EMPTY_CODE_HASH;
  }
}

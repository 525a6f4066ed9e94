import { create2Address, createAddress } from '@heddle/execution';
import { EMPTY_BYTES, hexToBytes, keccak256, signDigest, utf8ToBytes } from '@heddle/primitives';
import type { Dice } from '@heddle/runtime';
import { type Address, type Authorization, authorizationDigest, ZERO_ADDRESS } from '@heddle/types';
import { COUNTER_INIT_CODE, type SimulatedGenesis, type UserAccount } from './genesis.ts';

/** What a transaction is for, apart from who sends it. */
export interface UserOrder {
  readonly to: Address | null;
  readonly value: bigint;
  readonly data: Uint8Array;
  readonly gasLimit: bigint;
  /** Type 4 if there is one (EIP-7702). */
  readonly authorizationList: readonly Authorization[];
  /** Nonces of the sender that it uses up. */
  readonly nonces: bigint;
  /** The contract that it brings to life. */
  readonly creates: Address | null;
}

/** What users want. `crossShard` needs two shards, the others mean whatever shards there are. */
const PURPOSES = [
  ['local', 4],
  ['crossShard', 4],
  ['call', 4],
  ['relay', 4],
  ['deploy', 1],
  ['produce', 1],
  ['prefund', 1],
  ['delegate', 1],
  ['sponsor', 1],
  ['precompile', 1],
] as const;
export type Purpose = (typeof PURPOSES)[number][0];

/** Precompiles that take any call: their code is on every shard, their balance at home. */
const PRECOMPILES = [1, 2, 3, 4].map((last): Address => `0x${'0'.repeat(39)}${last}`);
/** Deployed contracts that users remember. */
const REMEMBERED = 16;
const CALL_GAS = 100_000n;
const DEPLOY_GAS = 200_000n;

const PLAIN: Omit<UserOrder, 'to'> = {
  value: 0n,
  data: EMPTY_BYTES,
  gasLimit: 21_000n,
  authorizationList: [],
  nonces: 1n,
  creates: null,
};

/** Draws what users order. Everything succeeds on Ethereum, whatever is executed before it. */
export class Orders {
  readonly #genesis: SimulatedGenesis;
  readonly #dice: Dice;
  readonly #deployed: Address[] = [];
  readonly #authorized = new Map<Address, bigint>();
  #salts = 0;

  constructor(genesis: SimulatedGenesis, dice: Dice) {
    this.#genesis = genesis;
    this.#dice = dice;
  }

  purposes(): readonly Purpose[] {
    return this.#weighted().map(([purpose]) => purpose);
  }

  draw(): Purpose {
    return this.#dice.weighted(this.#weighted());
  }

  /** A contract that users have brought to life is final. */
  deployed(address: Address): void {
    this.#deployed.push(address);
    if (this.#deployed.length > REMEMBERED) this.#deployed.shift();
  }

  /** What the next transactions of `from` are for, the first with this nonce. */
  of(purpose: Purpose, from: UserAccount, nonce: bigint): readonly UserOrder[] {
    const { counter } = this.#genesis;
    const wei = BigInt(this.#dice.between(1, 1_000));
    switch (purpose) {
      case 'local':
      case 'crossShard':
        return [{ ...PLAIN, to: this.#someone(from, purpose === 'local'), value: wei }];
      case 'call':
        return [{ ...PLAIN, to: this.#dice.pick([counter, counter, ...this.#deployed]), gasLimit: CALL_GAS }];
      case 'relay':
        return [this.#relay()];
      case 'deploy':
        return [creation(from, nonce, this.#dice.chance(0.5) ? wei : 0n)];
      case 'produce':
        return [this.#produce()];
      case 'prefund': {
        const next = creation(from, nonce + 1n, 0n);
        return [{ ...PLAIN, to: next.creates, value: wei }, next];
      }
      case 'delegate':
        return [this.delegated({ ...PLAIN, to: from.address, gasLimit: CALL_GAS }, from, nonce + 1n)];
      case 'sponsor':
        return [this.sponsored({ ...PLAIN, to: counter, gasLimit: DEPLOY_GAS })];
      case 'precompile':
        return [{ ...PLAIN, to: this.#dice.pick(PRECOMPILES), value: wei, gasLimit: CALL_GAS }];
    }
  }

  /** An order with nothing special about it. */
  plain(order: Pick<UserOrder, 'to' | 'value' | 'data' | 'gasLimit'>): UserOrder {
    return { ...PLAIN, ...order };
  }

  /** Somebody who sends nothing authorizes something on the way: whatever the order is, it goes to the section. */
  sponsored(order: UserOrder): UserOrder {
    const authority = this.#dice.pick(this.#genesis.authorities);
    const nonce = this.#authorized.get(authority.address) ?? 0n;
    this.#authorized.set(authority.address, nonce + 1n);
    return { ...this.delegated(order, authority, nonce), nonces: order.nonces };
  }

  /** `authority` delegates to a sink of any shard, or takes it back. Its authorization uses up a nonce of its own. */
  delegated(order: UserOrder, authority: UserAccount, nonce: bigint): UserOrder {
    const { chainId } = this.#genesis.genesis;
    const claim = { chainId, address: this.#dice.pick([...this.#genesis.sinks, ZERO_ADDRESS]), nonce };
    const { yParity, r, s } = signDigest(authorizationDigest(claim), authority.privateKey);
    return { ...order, authorizationList: [{ ...claim, yParity, r, s }], nonces: order.nonces + 1n };
  }

  #weighted(): readonly (readonly [Purpose, number])[] {
    return PURPOSES.filter(([purpose]) => this.#genesis.genesis.shardCount > 1 || purpose !== 'crossShard');
  }

  /** Through a relay of any shard to a contract, an account or another relay's shard and back. */
  #relay(): UserOrder {
    const { relays, counter, accounts } = this.#genesis;
    const isPayment = this.#dice.chance(0.5);
    const target = isPayment ? this.#dice.pick(accounts).address : this.#dice.pick([counter, ...this.#deployed]);
    const value = isPayment ? BigInt(this.#dice.between(1, 1_000)) : 0n;
    return { ...PLAIN, to: this.#dice.pick(relays), value, data: hexToBytes(target), gasLimit: DEPLOY_GAS };
  }

  /** By CREATE2 of a factory that everybody uses, as the usual deployers are. */
  #produce(): UserOrder {
    const { factory } = this.#genesis;
    const salt = keccak256(utf8ToBytes(`salt ${this.#salts++}`));
    const creates = create2Address(factory, salt, COUNTER_INIT_CODE);
    return { ...PLAIN, to: factory, data: salt, gasLimit: DEPLOY_GAS, creates };
  }

  #someone(from: UserAccount, isNear: boolean): Address {
    return this.#dice.pick(this.#genesis.accounts.filter(({ shard }) => (shard === from.shard) === isNear)).address;
  }
}

function creation(from: UserAccount, nonce: bigint, value: bigint): UserOrder {
  const creates = createAddress(from.address, nonce);
  return { ...PLAIN, to: null, value, data: COUNTER_INIT_CODE, gasLimit: DEPLOY_GAS, creates };
}

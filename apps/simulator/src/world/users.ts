import { type ExecutedBlock, executionsOf, type RegistryCall, type ValidatorNode } from '@heddle/node';
import type { Dice, VirtualTime } from '@heddle/runtime';
import {
  type Address,
  type FeeMarketTransaction,
  type Hash,
  type RecoveredTransaction,
  type ShardId,
  signTransaction,
  type UnsignedTransaction,
} from '@heddle/types';
import { MAX_WAITING_PER_ACCOUNT, RESUBMIT_MS } from '../limits.ts';
import type { SimulatedGenesis, UserAccount } from './genesis.ts';
import { Orders, type Purpose, type UserOrder } from './orders.ts';

const FEES = { maxFeePerGas: 100_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };
/** Between two transactions of all users together, milliseconds. */
const GAPS_MS = [400, 800, 1_500];

export interface UsersPorts {
  readonly genesis: SimulatedGenesis;
  readonly time: VirtualTime;
  readonly dice: Dice;
  /** Validators that take transactions now. */
  nodes(): readonly ValidatorNode[];
  submitted(transaction: RecoveredTransaction): void;
}

interface SentTransaction {
  readonly transaction: RecoveredTransaction;
  offeredAtMs: number;
  /** Some validator took it at least once. */
  isTaken: boolean;
}

/** People who send money, deploy contracts and call them (`orders.ts`). They go to another validator when nothing comes of it. */
export class Users {
  readonly #ports: UsersPorts;
  readonly #waiting = new Map<Hash, SentTransaction>();
  readonly #nonces = new Map<Address, bigint>();
  readonly #orders: Orders;
  /** What transactions bring to life. */
  readonly #creations = new Map<Hash, Address>();
  readonly #gapMs: number;
  #isSending = false;

  constructor(ports: UsersPorts) {
    this.#ports = ports;
    this.#orders = new Orders(ports.genesis, ports.dice);
    this.#gapMs = ports.dice.pick(GAPS_MS);
  }

  /** Sent and not final yet. */
  waiting(): readonly Hash[] {
    return [...this.#waiting.keys()];
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  begin(): void {
    this.#isSending = true;
    this.#sendLater();
    this.#resubmitLater();
  }

  /** Sends no more by themselves; what waits is still offered again. */
  end(): void {
    this.#isSending = false;
  }

  /** The owner of the registry changes it, in a chunk or in the section: in the order of these calls. */
  changeRegistry(call: RegistryCall): void {
    const order = this.#orders.plain({ ...call, value: 0n });
    const isForSection = this.#ports.dice.chance(0.5);
    this.#sign(this.#ports.genesis.registrar, isForSection ? this.#orders.sponsored(order) : order);
  }

  /** One transaction of each kind now. */
  sendOneOfEach(): void {
    for (const purpose of this.#orders.purposes()) this.#send(purpose);
  }

  /** One of each of these kinds that declares so much gas, from an account of each of these shards. */
  sendHeavy(shards: ReadonlySet<ShardId>, purposes: readonly Purpose[], gasLimit: bigint): void {
    const { genesis, dice } = this.#ports;
    for (const shard of shards) {
      for (const purpose of purposes) {
        const from = dice.pick(genesis.accounts.filter((account) => account.shard === shard));
        for (const order of this.#orders.of(purpose, from, this.#nonce(from))) this.#sign(from, { ...order, gasLimit });
      }
    }
  }

  /** Signed by somebody else: offered to one validator now, to any of them as long as it waits. */
  bring(transaction: RecoveredTransaction, node: ValidatorNode | null): void {
    const waiting: SentTransaction = { transaction, offeredAtMs: 0, isTaken: false };
    this.#waiting.set(transaction.hash, waiting);
    this.#offer(waiting, node);
  }

  onFinal(block: ExecutedBlock): void {
    for (const { transaction, receipt } of executionsOf(block)) {
      const created = this.#creations.get(transaction.hash);
      if (created !== undefined && receipt.status === 1) this.#orders.deployed(created);
      this.#creations.delete(transaction.hash);
      this.#waiting.delete(transaction.hash);
    }
  }

  #sendLater(): void {
    const { time, dice } = this.#ports;
    time.scheduler.after(dice.between(1, 2 * this.#gapMs), () => {
      if (!this.#isSending) return;
      this.#send(this.#orders.draw());
      this.#sendLater();
    });
  }

  #resubmitLater(): void {
    this.#ports.time.scheduler.after(RESUBMIT_MS / 2, () => {
      const now = this.#ports.time.clock.monotonicMs();
      for (const waiting of this.#waiting.values()) if (now - waiting.offeredAtMs >= RESUBMIT_MS) this.#offer(waiting);
      this.#resubmitLater();
    });
  }

  #send(purpose: Purpose): void {
    const { genesis, dice } = this.#ports;
    const idle = genesis.accounts.filter(({ address }) => this.#waitingOf(address) < MAX_WAITING_PER_ACCOUNT);
    if (idle.length === 0) return;
    const from = dice.pick(idle);
    for (const order of this.#orders.of(purpose, from, this.#nonce(from))) this.#sign(from, order);
  }

  #nonce({ address }: UserAccount): bigint {
    return this.#nonces.get(address) ?? 0n;
  }

  #sign(from: UserAccount, { nonces, creates, authorizationList, ...order }: UserOrder): void {
    const { chainId } = this.#ports.genesis.genesis;
    const nonce = this.#nonce(from);
    this.#nonces.set(from.address, nonce + nonces);
    const fields = { chainId, nonce, accessList: [], ...FEES, ...order };
    const transaction = signTransaction(typed(fields, authorizationList), from.privateKey);
    if (creates !== null) this.#creations.set(transaction.hash, creates);
    this.bring(transaction, null);
  }

  #waitingOf(address: Address): number {
    let count = 0;
    for (const { transaction } of this.#waiting.values()) if (transaction.sender === address) count += 1;
    return count;
  }

  /** To any validator that runs, if not to a certain one; without any it waits for the next round. */
  #offer(waiting: SentTransaction, node: ValidatorNode | null = null): void {
    const { time, dice, nodes, submitted } = this.#ports;
    const running = nodes();
    waiting.offeredAtMs = time.clock.monotonicMs();
    if (running.length === 0) return;
    const taken = (node ?? dice.pick(running)).submit(waiting.transaction).ok;
    if (!taken || waiting.isTaken) return;
    waiting.isTaken = true;
    submitted(waiting.transaction);
  }
}

/** Authorizations make it a type 4, which cannot create. */
function typed(
  fields: Omit<FeeMarketTransaction, 'type'>,
  authorizationList: UserOrder['authorizationList'],
): UnsignedTransaction {
  const { to } = fields;
  if (authorizationList.length === 0 || to === null) return { type: 2, ...fields };
  return { type: 4, ...fields, to, authorizationList };
}

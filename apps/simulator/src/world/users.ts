import { type ExecutedBlock, executionsOf, type RegistryCall, type ValidatorNode } from '@heddle/node';
import { EMPTY_BYTES } from '@heddle/primitives';
import type { VirtualTime } from '@heddle/runtime';
import { type Address, type Hash, type RecoveredTransaction, type ShardId, signTransaction } from '@heddle/types';
import type { Dice } from '../dice.ts';
import { MAX_WAITING_PER_ACCOUNT, RESUBMIT_MS } from '../limits.ts';
import type { SimulatedGenesis, UserAccount } from './genesis.ts';

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

/** What a transaction is for, apart from who sends it. */
interface UserOrder {
  readonly to: Address;
  readonly value: bigint;
  readonly data: Uint8Array;
  readonly gasLimit: bigint;
}

type Purpose = 'local' | 'crossShard' | 'call';

/** People who send money and call a contract. They go to another validator when nothing comes of it. */
export class Users {
  readonly #ports: UsersPorts;
  readonly #waiting = new Map<Hash, SentTransaction>();
  readonly #nonces = new Map<Address, bigint>();
  readonly #gapMs: number;
  #isSending = false;

  constructor(ports: UsersPorts) {
    this.#ports = ports;
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

  /** The owner of the registry changes it: its changes are executed in the order of these calls. */
  changeRegistry(call: RegistryCall): void {
    this.#sign(this.#ports.genesis.registrar, { ...call, value: 0n });
  }

  /** One transaction of each kind now. */
  sendOneOfEach(): void {
    for (const purpose of this.#purposes()) this.#send(purpose);
  }

  /** A transfer of each kind that declares so much gas, from an account of each of these shards. */
  sendHeavy(shards: ReadonlySet<ShardId>, gasLimit: bigint): void {
    const { genesis, dice } = this.#ports;
    for (const shard of shards) {
      for (const purpose of this.#purposes()) {
        const from = dice.pick(genesis.accounts.filter((account) => account.shard === shard));
        this.#sign(from, { to: this.#target(from, purpose), value: 0n, data: EMPTY_BYTES, gasLimit });
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
    for (const { transaction } of executionsOf(block)) this.#waiting.delete(transaction.hash);
  }

  #sendLater(): void {
    const { time, dice } = this.#ports;
    time.scheduler.after(dice.between(1, 2 * this.#gapMs), () => {
      if (!this.#isSending) return;
      this.#send(dice.pick(this.#purposes()));
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

  #purposes(): readonly Purpose[] {
    return this.#ports.genesis.genesis.shardCount > 1 ? ['local', 'crossShard', 'call'] : ['local', 'call'];
  }

  #send(purpose: Purpose): void {
    const { genesis, dice } = this.#ports;
    const idle = genesis.accounts.filter(({ address }) => this.#waitingOf(address) < MAX_WAITING_PER_ACCOUNT);
    if (idle.length === 0) return;
    const from = dice.pick(idle);
    const to = this.#target(from, purpose);
    const isCall = purpose === 'call';
    const value = isCall ? 0n : BigInt(dice.between(1, 1_000));
    this.#sign(from, { to, value, data: EMPTY_BYTES, gasLimit: isCall ? 100_000n : 21_000n });
  }

  #sign(from: UserAccount, order: UserOrder): void {
    const { chainId } = this.#ports.genesis.genesis;
    const nonce = this.#nonces.get(from.address) ?? 0n;
    this.#nonces.set(from.address, nonce + 1n);
    const transaction = signTransaction(
      { type: 2, chainId, nonce, accessList: [], ...FEES, ...order },
      from.privateKey,
    );
    this.bring(transaction, null);
  }

  #target(from: UserAccount, purpose: Purpose): Address {
    const { genesis, dice } = this.#ports;
    if (purpose === 'call') return genesis.counter;
    const wantsSameShard = purpose === 'local';
    return dice.pick(genesis.accounts.filter(({ shard }) => (shard === from.shard) === wantsSameShard)).address;
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

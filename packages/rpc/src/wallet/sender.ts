import type { Address, Hash, RecoveredTransaction } from '@heddle/types';
import { signTransaction } from '@heddle/types';
import { InvalidParamsError, TransactionRefusedError, UnknownAccountError } from '../errors.ts';
import type { TipOracle } from '../fees/suggested-tip.ts';
import type { TransactionObject } from '../parse/transaction-object.ts';
import type { AccountKeys, RpcBackend } from '../ports.ts';
import { SerialQueue } from '../serial-queue.ts';
import { checkSendable, fillTransaction } from './fill-transaction.ts';

/** Signs with the accounts that a devnet unlocks. */
export class Sender {
  readonly #backend: Pick<RpcBackend, 'accounts' | 'calls' | 'chain' | 'pool'>;
  readonly #tips: TipOracle;
  readonly #queue = new SerialQueue<Address>();

  constructor(backend: Pick<RpcBackend, 'accounts' | 'calls' | 'chain' | 'pool'>, tips: TipOracle) {
    this.#backend = backend;
    this.#tips = tips;
  }

  /** Fills in what is left out, signs, and gives it to the pool. Throws an RpcError. */
  send(request: TransactionObject, signal: AbortSignal): Promise<Hash> {
    const from = requireSender(request);
    const { accounts, chain, pool } = this.#backend;
    checkSendable(request, chain.chainId);
    const privateKey = requireKey(accounts, from);
    // One at a time for each account: the next nonce is known only when the transaction before it is in the pool.
    return this.#queue.run(from, async () => {
      const submitted = await pool.submit(await this.#signed(request, from, privateKey, signal));
      if (!submitted.ok) throw new TransactionRefusedError(submitted.reason);
      return submitted.hash;
    });
  }

  /** The same, but for the pool. Throws an RpcError. */
  sign(request: TransactionObject, signal: AbortSignal): Promise<RecoveredTransaction> {
    const from = requireSender(request);
    checkSendable(request, this.#backend.chain.chainId);
    return this.#signed(request, from, requireKey(this.#backend.accounts, from), signal);
  }

  async #signed(
    request: TransactionObject,
    from: Address,
    privateKey: Uint8Array,
    signal: AbortSignal,
  ): Promise<RecoveredTransaction> {
    const { chain, calls, pool } = this.#backend;
    const nonce = request.nonce ?? (await pool.pendingNonce(from));
    const fields = await fillTransaction(request, from, nonce, { chain, calls, tips: this.#tips, signal });
    return signTransaction(fields, privateKey);
  }
}

function requireSender({ from }: TransactionObject): Address {
  if (from === null) throw new InvalidParamsError('invalid argument 0: missing field from');
  return from;
}

/** Throws UnknownAccountError for an account that is not unlocked. */
export function requireKey(accounts: AccountKeys, address: Address): Uint8Array {
  const privateKey = accounts.privateKey(address);
  if (privateKey === null) throw new UnknownAccountError(address);
  return privateKey;
}

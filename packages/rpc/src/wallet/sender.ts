import type { Address, Hash, RecoveredTransaction, UnsignedTransaction } from '@heddle/types';
import { encodeImpersonated, signTransaction } from '@heddle/types';
import { InvalidParamsError, TransactionRefusedError, UnknownAccountError } from '../errors.ts';
import type { TipOracle } from '../fees/suggested-tip.ts';
import type { TransactionObject } from '../parse/transaction-object.ts';
import type { AccountKeys, RpcBackend } from '../ports.ts';
import { SerialQueue } from '../serial-queue.ts';
import { checkSendable, fillTransaction } from './fill-transaction.ts';
import { impersonatedFields } from './impersonated.ts';

/** What the wallet works with. */
type WalletBackend = Pick<RpcBackend, 'accounts' | 'calls' | 'chain' | 'impersonated' | 'pool'>;

/** Makes a filled transaction one that can be sent. */
type Seal = (fields: UnsignedTransaction) => RecoveredTransaction;

/** Sends for the accounts that a devnet unlocks or impersonates, signs with the former. */
export class Sender {
  readonly #backend: WalletBackend;
  readonly #tips: TipOracle;
  readonly #queue = new SerialQueue<Address>();

  constructor(backend: WalletBackend, tips: TipOracle) {
    this.#backend = backend;
    this.#tips = tips;
  }

  /** Fills in what is left out, signs unless the account is impersonated, and gives it to the pool. Throws an RpcError. */
  send(request: TransactionObject, signal: AbortSignal): Promise<Hash> {
    const from = requireSender(request);
    const { chain, pool } = this.#backend;
    checkSendable(request, chain.chainId);
    const seal = this.#sealOf(from);
    // One at a time for each account: the next nonce is known only when the transaction before it is in the pool.
    return this.#queue.run(from, async () => {
      const submitted = await pool.submit(await this.#sealed(request, from, seal, signal));
      if (!submitted.ok) throw new TransactionRefusedError(submitted.reason);
      return submitted.hash;
    });
  }

  /** Fills and signs, for the pool of whoever asks. Throws an RpcError. */
  sign(request: TransactionObject, signal: AbortSignal): Promise<RecoveredTransaction> {
    const from = requireSender(request);
    checkSendable(request, this.#backend.chain.chainId);
    return this.#sealed(request, from, this.#signatureOf(from), signal);
  }

  #sealOf(from: Address): Seal {
    const { chain, impersonated } = this.#backend;
    if (impersonated?.has(from) !== true) return this.#signatureOf(from);
    return (fields) => encodeImpersonated(impersonatedFields(fields, chain.chainId), from);
  }

  #signatureOf(from: Address): Seal {
    const privateKey = requireKey(this.#backend.accounts, from);
    return (fields) => signTransaction(fields, privateKey);
  }

  async #sealed(
    request: TransactionObject,
    from: Address,
    seal: Seal,
    signal: AbortSignal,
  ): Promise<RecoveredTransaction> {
    const { chain, calls, pool } = this.#backend;
    const nonce = request.nonce ?? (await pool.pendingNonce(from));
    return seal(await fillTransaction(request, from, nonce, { chain, calls, tips: this.#tips, signal }));
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

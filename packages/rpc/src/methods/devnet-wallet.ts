import type { Hex } from '@heddle/primitives';
import type { Address, Hash } from '@heddle/types';
import { signTransaction } from '@heddle/types';
import { InvalidParamsError, TransactionRefusedError, UnknownAccountError } from '../errors.ts';
import type { TipOracle } from '../fees/suggested-tip.ts';
import { parseAddress, parseBytes } from '../parse/hex.ts';
import { parseString } from '../parse/scalars.ts';
import type { TransactionObject } from '../parse/transaction-object.ts';
import { parseTransactionObject } from '../parse/transaction-object.ts';
import { parseTypedData } from '../parse/typed-data.ts';
import type { AccountKeys, RpcBackend } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { controlMethod, method } from '../protocol/method.ts';
import { SerialQueue } from '../serial-queue.ts';
import { typedDataDigest } from '../typed-data/digest.ts';
import { checkSendable, type FillSources, fillTransaction } from '../wallet/fill-transaction.ts';
import { personalMessageDigest, signatureOf } from '../wallet/message.ts';

/** Signing with the accounts that a devnet unlocks. A node without any answers that it does not know the account. */
export function devnetWalletMethods(backend: RpcBackend, tips: TipOracle): MethodTable {
  const { accounts } = backend;
  const queue = new SerialQueue<Address>();
  return {
    eth_accounts: method(0, () => accounts.addresses()),
    eth_sendTransaction: controlMethod(1, async (params, { answerAfter, signal }) => {
      const request = params.required(0, parseTransactionObject);
      const { from } = request;
      if (from === null) throw new InvalidParamsError('invalid argument 0: missing field from');
      checkSendable(request, backend.chain.chainId);
      const privateKey = requireKey(accounts, from);
      // One at a time for each account: the next nonce is known only when the transaction before it is in the pool.
      const hash = await queue.run(from, () => send(backend, { tips, signal }, request, from, privateKey));
      answerAfter(backend.pool.executed(hash));
      return hash;
    }),
    // The password that old clients send is not looked at: the accounts are unlocked.
    personal_sign: controlMethod(3, (params) => {
      const message = params.required(0, parseBytes);
      const address = params.required(1, parseAddress);
      params.optional(2, parseString, '');
      return signMessage(accounts, address, message);
    }),
    eth_sign: controlMethod(2, (params) =>
      signMessage(accounts, params.required(0, parseAddress), params.required(1, parseBytes)),
    ),
    eth_signTypedData_v4: controlMethod(2, (params) => {
      const privateKey = requireKey(accounts, params.required(0, parseAddress));
      return params.required(1, (value) => signatureOf(typedDataDigest(parseTypedData(value)), privateKey));
    }),
  };
}

function requireKey(accounts: AccountKeys, address: Address): Uint8Array {
  const privateKey = accounts.privateKey(address);
  if (privateKey === null) throw new UnknownAccountError(address);
  return privateKey;
}

function signMessage(accounts: AccountKeys, address: Address, message: Uint8Array): Hex {
  return signatureOf(personalMessageDigest(message), requireKey(accounts, address));
}

async function send(
  backend: RpcBackend,
  { tips, signal }: Pick<FillSources, 'tips' | 'signal'>,
  request: TransactionObject,
  from: Address,
  privateKey: Uint8Array,
): Promise<Hash> {
  const { chain, calls, pool } = backend;
  const nonce = request.nonce ?? (await pool.pendingNonce(from));
  const fields = await fillTransaction(request, from, nonce, { chain, calls, tips, signal });
  const submitted = await pool.submit(signTransaction(fields, privateKey));
  if (!submitted.ok) throw new TransactionRefusedError(submitted.reason);
  return submitted.hash;
}

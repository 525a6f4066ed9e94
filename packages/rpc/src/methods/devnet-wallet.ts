import { bytesToHex, type Hex } from '@heddle/primitives';
import type { Address } from '@heddle/types';
import { parseAddress, parseBytes } from '../parse/hex.ts';
import { parseString } from '../parse/scalars.ts';
import { parseTransactionObject } from '../parse/transaction-object.ts';
import { parseTypedData } from '../parse/typed-data.ts';
import type { AccountKeys, PoolAccess, RpcBackend } from '../ports.ts';
import type { Method, MethodTable } from '../protocol/method.ts';
import { controlMethod, method } from '../protocol/method.ts';
import { typedDataDigest } from '../typed-data/digest.ts';
import { personalMessageDigest, signatureOf } from '../wallet/message.ts';
import { requireKey, type Sender } from '../wallet/sender.ts';

/** Signing with the accounts that a devnet unlocks. A node without any answers that it does not know the account. */
export function devnetWalletMethods(
  { accounts, impersonated, pool }: Pick<RpcBackend, 'accounts' | 'impersonated' | 'pool'>,
  sender: Sender,
): MethodTable {
  // As in anvil: clients (ethers) send for no account that is not among them.
  const all = (): readonly Address[] => [...new Set([...accounts.addresses(), ...(impersonated?.addresses() ?? [])])];
  return {
    eth_accounts: method(0, all),
    eth_requestAccounts: method(0, all),
    eth_sendTransaction: sendMethod(pool, sender),
    // anvil's, for impersonated accounts.
    eth_sendUnsignedTransaction: sendMethod(pool, sender),
    wallet_sendTransaction: sendMethod(pool, sender),
    // The bytes alone, as in anvil: that is what viem and cast take; geth wraps them with the transaction.
    eth_signTransaction: controlMethod(1, async (params, { signal }) =>
      bytesToHex((await sender.sign(params.required(0, parseTransactionObject), signal)).raw),
    ),
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
    // EIP-712 calls the method so; v3 is what it was before arrays, v4 with them.
    eth_signTypedData: typedDataMethod(accounts),
    eth_signTypedData_v3: typedDataMethod(accounts),
    eth_signTypedData_v4: typedDataMethod(accounts),
  };
}

function sendMethod(pool: PoolAccess, sender: Sender): Method {
  return controlMethod(1, async (params, { answerAfter, signal }) => {
    const hash = await sender.send(params.required(0, parseTransactionObject), signal);
    answerAfter(pool.executed(hash));
    return hash;
  });
}

function typedDataMethod(accounts: AccountKeys): Method {
  return controlMethod(2, (params) => {
    const privateKey = requireKey(accounts, params.required(0, parseAddress));
    return params.required(1, (value) => signatureOf(typedDataDigest(parseTypedData(value)), privateKey));
  });
}

function signMessage(accounts: AccountKeys, address: Address, message: Uint8Array): Hex {
  return signatureOf(personalMessageDigest(message), requireKey(accounts, address));
}

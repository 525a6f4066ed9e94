import { bytesToHex } from '@heddle/primitives';
import type { Address } from '@heddle/types';
import { BadValueError, UnauthorizedAccountError, UnrecognizedChainError } from '../errors.ts';
import { quantity } from '../format/quantity.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { isUncheckedObject } from '../json.ts';
import { MAX_CHAIN_IDS } from '../limits.ts';
import { describeType } from '../parse/bad-value.ts';
import { parseList, requiredField } from '../parse/fields.ts';
import { parseAddress, parseUint256 } from '../parse/hex.ts';
import { parseBundleId, parseSendCalls } from '../parse/wallet-calls.ts';
import type { AccountKeys, BlockTransaction, ChainReader, FinalBlock } from '../ports.ts';
import type { Method, MethodTable } from '../protocol/method.ts';
import { controlMethod, method } from '../protocol/method.ts';
import type { CallBundle, CallBundles } from '../wallet/call-bundles.ts';

/** What apps ask a wallet: EIP-5792 (calls), EIP-3326 and EIP-3085 (chains). The wallet are the unlocked accounts. */
export function walletCallMethods(chain: ChainReader, accounts: AccountKeys, bundles: CallBundles): MethodTable {
  return {
    wallet_getCapabilities: method(2, (params) => {
      requireAccount(accounts, params.required(0, parseAddress));
      const chainIds = params.optional(1, parseChainIds, [chain.chainId]);
      // One transaction for each call: they are not atomic, and the wallet does not say that they are.
      return chainIds.includes(chain.chainId)
        ? { [quantity(chain.chainId)]: { atomic: { status: 'unsupported' } } }
        : {};
    }),
    wallet_sendCalls: controlMethod(1, async (params) => {
      const { id, from, calls } = params.required(0, (value) => parseSendCalls(value, chain.chainId));
      const sender = requireAccount(accounts, from ?? accounts.addresses()[0] ?? null);
      const bundle = await bundles.start(
        id,
        sender,
        calls.map((call) => ({ ...call, from: sender })),
      );
      return { id: bundle.id };
    }),
    wallet_getCallsStatus: method(1, (params) => formatStatus(chain, bundles.get(params.required(0, parseBundleId)))),
    wallet_switchEthereumChain: chainMethod(chain),
    wallet_addEthereumChain: chainMethod(chain),
  };
}

function parseChainIds(value: unknown): readonly bigint[] {
  return parseList(value, MAX_CHAIN_IDS, parseUint256);
}

function requireAccount(accounts: AccountKeys, address: Address | null): Address {
  if (address !== null && accounts.privateKey(address) !== null) return address;
  throw new UnauthorizedAccountError(address);
}

/** There is one chain here, and the client is on it. */
function chainMethod({ chainId }: ChainReader): Method {
  return method(1, (params) => {
    const asked = params.required(0, parseChainRequest);
    if (asked !== chainId) throw new UnrecognizedChainError(asked, chainId);
    return null;
  });
}

function parseChainRequest(value: unknown): bigint {
  if (!isUncheckedObject(value)) throw new BadValueError(`want {chainId}, got ${describeType(value)}`);
  return requiredField(value, 'chainId', parseUint256);
}

async function formatStatus(chain: ChainReader, bundle: CallBundle): Promise<JsonObject> {
  const receipts: JsonValue[] = [];
  let succeeded = 0;
  for (const hash of bundle.hashes) {
    const located = await chain.transaction(hash);
    if (located === null || located.included === null) continue;
    const { block, entry } = located.included;
    receipts.push(formatCallReceipt(block, entry));
    succeeded += entry.receipt.status;
  }
  return {
    version: '2.0.0',
    id: bundle.id,
    chainId: quantity(chain.chainId),
    status: statusOf(bundle, receipts.length, succeeded),
    atomic: false,
    receipts,
  };
}

/** EIP-5792 names its members; apps have seen wallets that add others. */
function formatCallReceipt(block: FinalBlock, { receipt, transaction, gasUsed }: BlockTransaction): JsonObject {
  return {
    logs: receipt.logs.map(({ address, data, topics }) => ({ address, data: bytesToHex(data), topics })),
    status: quantity(receipt.status),
    blockHash: block.hash,
    blockNumber: quantity(block.block.header.number),
    gasUsed: quantity(gasUsed),
    transactionHash: transaction.hash,
  };
}

/** EIP-5792: 100 pending, 200 confirmed, 400 failed off the chain, 500 reverted, 600 done in part. */
function statusOf(bundle: CallBundle, executed: number, succeeded: number): number {
  if (bundle.isRunning || executed < bundle.hashes.length) return 100;
  if (succeeded === bundle.callCount) return 200;
  if (succeeded > 0) return 600;
  return executed > 0 ? 500 : 400;
}

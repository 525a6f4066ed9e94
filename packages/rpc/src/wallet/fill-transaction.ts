import { MAX_U64, MAX_U256 } from '@heddle/primitives';
import { NO_BLOCK_OVERRIDES } from '@heddle/simulation';
import type { Address, UnsignedTransaction } from '@heddle/types';
import { expectSuccess } from '../calls/outcome.ts';
import { headNumber } from '../chain/resolve.ts';
import { InvalidParamsError, TransactionRefusedError } from '../errors.ts';
import type { TipOracle } from '../fees/suggested-tip.ts';
import { NO_OVERRIDES } from '../parse/call-request.ts';
import type { TransactionObject } from '../parse/transaction-object.ts';
import type { CallExecutor, ChainReader } from '../ports.ts';

/** What the wallet asks to fill in what the user left out. */
export interface FillSources {
  readonly chain: ChainReader;
  readonly calls: CallExecutor;
  readonly tips: TipOracle;
  /** Aborted when nobody waits for the estimate. */
  readonly signal: AbortSignal;
}

interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** Checks that need nothing but the request. Throws InvalidParamsError or TransactionRefusedError. */
export function checkSendable(request: TransactionObject, chainId: bigint): void {
  if (request.chainId !== null && request.chainId !== chainId) {
    throw new InvalidParamsError(`chainId does not match node's (have=${request.chainId}, want=${chainId})`);
  }
  if (request.to === null && request.data.length === 0) {
    throw new TransactionRefusedError('contract creation without any data provided');
  }
  if (request.nonce === MAX_U64) throw new TransactionRefusedError('nonce has max value (EIP-2681)');
}

/** The whole transaction, unsigned. Type 2 unless the request says or shows another. Throws an RpcError. */
export async function fillTransaction(
  request: TransactionObject,
  from: Address,
  nonce: bigint,
  sources: FillSources,
): Promise<UnsignedTransaction> {
  const type = request.type ?? shownType(request);
  checkType(type, request);
  const [gasLimit, fees] = await Promise.all([
    request.gas ?? estimate(request, from, sources),
    type === 0 || type === 1 ? legacyFees(request, sources) : marketFees(request, sources),
  ]);
  const { to, value, data } = request;
  const { chainId } = sources.chain;
  const fields = { nonce, gasLimit, to, value, data, chainId };
  const accessList = request.accessList ?? [];
  switch (type) {
    case 0:
      return { ...fields, type, gasPrice: fees.maxFeePerGas };
    case 1:
      return { ...fields, type, gasPrice: fees.maxFeePerGas, accessList };
    case 2:
      return { ...fields, ...fees, type, accessList };
    case 4:
      return {
        ...fields,
        ...fees,
        type,
        to: requireTarget(to),
        accessList,
        authorizationList: request.authorizationList ?? [],
      };
  }
}

/** What the members that are there can only belong to. */
function shownType(request: TransactionObject): 0 | 1 | 2 | 4 {
  if (request.authorizationList !== null) return 4;
  if (request.gasPrice === null) return 2;
  return request.accessList === null ? 0 : 1;
}

function checkType(type: 0 | 1 | 2 | 4, request: TransactionObject): void {
  const hasMarketFees = request.maxFeePerGas !== null || request.maxPriorityFeePerGas !== null;
  if (type < 2 && hasMarketFees) throw misfit(type, 'maxFeePerGas or maxPriorityFeePerGas');
  if (type >= 2 && request.gasPrice !== null) throw misfit(type, 'gasPrice');
  if (type === 0 && request.accessList !== null) throw misfit(type, 'accessList');
  if (type !== 4 && request.authorizationList !== null) throw misfit(type, 'authorizationList');
  if (type === 4 && request.authorizationList === null) {
    throw new InvalidParamsError('invalid argument 0: a transaction of type 0x4 needs an authorizationList');
  }
}

function misfit(type: number, field: string): InvalidParamsError {
  return new InvalidParamsError(`invalid argument 0: a transaction of type 0x${type} has no ${field}`);
}

function requireTarget(to: Address | null): Address {
  if (to === null) throw new InvalidParamsError('invalid argument 0: a transaction of type 0x4 needs "to"');
  return to;
}

async function legacyFees(request: TransactionObject, { chain, tips }: FillSources): Promise<Fees> {
  const gasPrice = request.gasPrice ?? chain.nextBaseFee() + (await tips.suggestedTip());
  return { maxFeePerGas: gasPrice, maxPriorityFeePerGas: gasPrice };
}

/** Room for the base fee to double (six full blocks) before the transaction would have to wait. */
async function marketFees(request: TransactionObject, { chain, tips }: FillSources): Promise<Fees> {
  const maximum = request.maxFeePerGas;
  const tip = request.maxPriorityFeePerGas ?? (await tips.suggestedTip());
  const maxPriorityFeePerGas = maximum !== null && tip > maximum ? maximum : tip;
  const roomy = 2n * chain.nextBaseFee() + maxPriorityFeePerGas;
  // The user's tip may be as large as a word: then nothing fits above it, and the pool says what is wrong with it.
  return { maxPriorityFeePerGas, maxFeePerGas: maximum ?? (roomy > MAX_U256 ? MAX_U256 : roomy) };
}

/** Without fees: the account is to be able to pay what the transaction uses, which the pool looks at. */
async function estimate(
  request: TransactionObject,
  from: Address,
  { chain, calls, signal }: FillSources,
): Promise<bigint> {
  const call = {
    from,
    to: request.to,
    gas: null,
    maxFeePerGas: null,
    maxPriorityFeePerGas: null,
    value: request.value,
    data: request.data,
    accessList: request.accessList ?? [],
    authorizationList: request.authorizationList ?? [],
  };
  const place = { number: headNumber(chain), overrides: NO_OVERRIDES, blockOverrides: NO_BLOCK_OVERRIDES };
  return expectSuccess(await calls.estimateGas(call, place, signal)).gasUsed;
}

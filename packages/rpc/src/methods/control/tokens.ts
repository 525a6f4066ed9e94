import { bytesToHex, type Hex, hexToBytes } from '@heddle/primitives';
import { NO_BLOCK_OVERRIDES } from '@heddle/simulation';
import { type Address, functionSelector, ZERO_ADDRESS } from '@heddle/types';
import { headNumber } from '../../chain/resolve.ts';
import { RefusedError } from '../../errors.ts';
import { word } from '../../format/quantity.ts';
import { MAX_PROBED_SLOTS } from '../../limits.ts';
import { NO_OVERRIDES } from '../../parse/call-request.ts';
import { parseAddress } from '../../parse/hex.ts';
import { parseAmount } from '../../parse/scalars.ts';
import type { CallRequest, DevnetControl, RpcBackend, StateOverride, StateOverrides } from '../../ports.ts';
import type { MethodTable } from '../../protocol/method.ts';
import { controlMethod } from '../../protocol/method.ts';

/** A slot of a contract. */
interface Place {
  readonly address: Address;
  readonly slot: bigint;
}

/** A function of a token whose answer is to become `value`. */
interface Question {
  readonly token: Address;
  readonly data: Uint8Array;
  readonly value: bigint;
}

const BALANCE_OF = functionSelector('balanceOf(address)');
const ALLOWANCE = functionSelector('allowance(address,address)');

/** Balances and allowances of ERC-20 tokens: where a token keeps them is found out by trying, as in anvil. */
export function tokenMethods(devnet: DevnetControl, backend: RpcBackend): MethodTable {
  const setAnswer = async (question: Question, what: string, signal: AbortSignal): Promise<null> => {
    const place = await placeOfAnswer(backend, question, signal);
    if (place === null) throw new RefusedError(`Unable to set ERC20 ${what}, no slot found`);
    await devnet.apply([{ kind: 'storage', ...place, value: question.value }]);
    return null;
  };
  const deal = controlMethod(3, (params, { signal }) => {
    const owner = params.required(0, parseAddress);
    const token = params.required(1, parseAddress);
    const value = params.required(2, parseAmount);
    return setAnswer({ token, data: callData(BALANCE_OF, [owner]), value }, 'balance', signal);
  });
  return {
    anvil_dealERC20: deal,
    hardhat_dealERC20: deal,
    anvil_setERC20Allowance: controlMethod(4, (params, { signal }) => {
      const owner = params.required(0, parseAddress);
      const spender = params.required(1, parseAddress);
      const token = params.required(2, parseAddress);
      const value = params.required(3, parseAmount);
      return setAnswer({ token, data: callData(ALLOWANCE, [owner, spender]), value }, 'allowance', signal);
    }),
  };
}

/** The slot among those that the function reads that alone makes its answer; a proxy's is another contract's. */
async function placeOfAnswer(
  { chain, calls }: RpcBackend,
  question: Question,
  signal: AbortSignal,
): Promise<Place | null> {
  const number = headNumber(chain);
  const request = requestOf(question);
  const place = { number, overrides: NO_OVERRIDES, blockOverrides: NO_BLOCK_OVERRIDES };
  const { accessList } = await calls.createAccessList(request, place, signal);
  const read = accessList.flatMap(({ address, storageKeys }) =>
    storageKeys.map((key) => ({ address, slot: BigInt(key) })),
  );
  // A value that the slot cannot have by chance, and one that fits tokens which keep less than a word.
  const probe = question.value === 0n ? PROBE : question.value;
  for (const candidate of read.slice(0, MAX_PROBED_SLOTS)) {
    const outcome = await calls.call(request, { ...place, overrides: withSlot(candidate, probe) }, { signal });
    if (outcome.kind === 'success' && bytesToHex(outcome.returnData) === word(probe)) return candidate;
  }
  return null;
}

const PROBE = 0x5eed_5eedn;

function withSlot({ address, slot }: Place, value: bigint): StateOverrides {
  const override: StateOverride = {
    balance: null,
    nonce: null,
    code: null,
    state: null,
    stateDiff: new Map([[slot, value]]),
  };
  return new Map([[address, override]]);
}

function requestOf({ token, data }: Question): CallRequest {
  return {
    from: ZERO_ADDRESS,
    to: token,
    gas: null,
    maxFeePerGas: null,
    maxPriorityFeePerGas: null,
    value: 0n,
    data,
    accessList: [],
    authorizationList: [],
  };
}

function callData(selector: Hex, addresses: readonly Address[]): Uint8Array {
  const words = addresses.map((address) => address.slice(2).padStart(64, '0'));
  return hexToBytes(`${selector}${words.join('')}`);
}

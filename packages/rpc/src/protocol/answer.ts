import type { RpcError } from '../errors.ts';
import { ResponseTooLargeError } from '../errors.ts';
import { isJsonList, isJsonObject, type JsonObject, type JsonValue, RawJson } from '../json.ts';
import { MAX_RESPONSE_LENGTH } from '../limits.ts';
import { createSlicer, type Slicer } from '../slices.ts';
import type { RequestId } from './request.ts';

/** Shorter lists are encoded at once, a millisecond at most. */
const SLICED_LENGTH = 500;

/** The answer's text. What is long is encoded in slices: thousands of logs in one go would stall everyone else. */
export async function encodeResult(id: RequestId, result: JsonValue | RawJson, signal: AbortSignal): Promise<string> {
  const resultText = result instanceof RawJson ? result.text : await encodeValue(result, createSlicer(signal));
  const text = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${resultText}}`;
  return text.length <= MAX_RESPONSE_LENGTH ? text : encodeError(id, new ResponseTooLargeError(MAX_RESPONSE_LENGTH));
}

/** Long lists are found where answers have them: at the top (logs, receipts), or one level below (blocks, fees). */
async function encodeValue(value: JsonValue, slice: Slicer): Promise<string> {
  if (isLongList(value)) return encodeList(value, slice);
  if (!isJsonObject(value) || !Object.values(value).some(isLongList)) return JSON.stringify(value);
  const members: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    const text = isLongList(member) ? await encodeList(member, slice) : JSON.stringify(member);
    members.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${members.join(',')}}`;
}

async function encodeList(items: readonly JsonValue[], slice: Slicer): Promise<string> {
  const texts: string[] = [];
  for (const item of items) {
    texts.push(JSON.stringify(item));
    await slice();
  }
  return `[${texts.join(',')}]`;
}

function isLongList(value: JsonValue): value is readonly JsonValue[] {
  return isJsonList(value) && value.length > SLICED_LENGTH;
}

export function encodeError(id: RequestId, error: RpcError): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"error":${JSON.stringify(errorObject(error))}}`;
}

function errorObject(error: RpcError): JsonObject {
  const { rpcCode: code, message, data } = error;
  return data === null ? { code, message } : { code, message, data };
}

import type { RpcError } from '../errors.ts';
import { ResponseTooLargeError } from '../errors.ts';
import type { Eventual } from '../eventual.ts';
import { isJsonList, isJsonObject, type JsonObject, type JsonValue, RawJson } from '../json.ts';
import { MAX_RESPONSE_LENGTH } from '../limits.ts';
import { createSlicer, type Slicer } from '../slices.ts';
import type { Stop } from './abort.ts';
import type { RequestId } from './request.ts';

/** Shorter lists are encoded at once, a millisecond at most. */
const SLICED_LENGTH = 500;

/** The answer's text. What is long is encoded in slices: thousands of logs in one go would stall everyone else. */
export function encodeResult(id: RequestId, result: JsonValue | RawJson, stop: Stop): Eventual<string> {
  if (result instanceof RawJson) return answerText(id, result.text);
  if (!hasLongList(result)) return answerText(id, JSON.stringify(result));
  return encodeLong(result, createSlicer(stop.signal)).then((text) => answerText(id, text));
}

function answerText(id: RequestId, result: string): string {
  const text = `{"jsonrpc":"2.0","id":${encodeId(id)},"result":${result}}`;
  return text.length <= MAX_RESPONSE_LENGTH ? text : encodeError(id, new ResponseTooLargeError(MAX_RESPONSE_LENGTH));
}

/** Most ids are small numbers, which are written the same everywhere. */
function encodeId(id: RequestId): string {
  return Number.isSafeInteger(id) ? `${id}` : JSON.stringify(id);
}

/** Long lists are found where answers have them: at the top (logs, receipts), or one level below (blocks, fees). */
function hasLongList(value: JsonValue): boolean {
  return isLongList(value) || (isJsonObject(value) && Object.values(value).some(isLongList));
}

async function encodeLong(value: JsonValue, slice: Slicer): Promise<string> {
  if (isLongList(value)) return encodeList(value, slice);
  if (!isJsonObject(value)) return JSON.stringify(value);
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
  return `{"jsonrpc":"2.0","id":${encodeId(id)},"error":${JSON.stringify(errorObject(error))}}`;
}

function errorObject(error: RpcError): JsonObject {
  const { rpcCode: code, message, data } = error;
  return data === null ? { code, message } : { code, message, data };
}

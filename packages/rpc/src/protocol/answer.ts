import type { RpcError } from '../errors.ts';
import { ResponseTooLargeError } from '../errors.ts';
import { type JsonObject, type JsonValue, RawJson } from '../json.ts';
import { MAX_RESPONSE_LENGTH } from '../limits.ts';
import { createSlicer } from '../slices.ts';
import type { RequestId } from './request.ts';

/** Shorter lists are encoded at once, a millisecond at most. */
const SLICED_LENGTH = 500;

/** The answer's text. A long list is encoded in slices: thousands of logs in one go would stall everyone else. */
export async function encodeResult(id: RequestId, result: JsonValue | RawJson): Promise<string> {
  const resultText = result instanceof RawJson ? result.text : await encodeValue(result);
  const text = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${resultText}}`;
  return text.length <= MAX_RESPONSE_LENGTH ? text : encodeError(id, new ResponseTooLargeError(MAX_RESPONSE_LENGTH));
}

async function encodeValue(value: JsonValue): Promise<string> {
  return Array.isArray(value) && value.length > SLICED_LENGTH ? encodeList(value) : JSON.stringify(value);
}

async function encodeList(items: readonly JsonValue[]): Promise<string> {
  const slice = createSlicer();
  const texts: string[] = [];
  for (const item of items) {
    texts.push(JSON.stringify(item));
    await slice();
  }
  return `[${texts.join(',')}]`;
}

export function encodeError(id: RequestId, error: RpcError): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"error":${JSON.stringify(errorObject(error))}}`;
}

function errorObject(error: RpcError): JsonObject {
  const { rpcCode: code, message, data } = error;
  return data === null ? { code, message } : { code, message, data };
}

import { InvalidParamsError, InvalidRequestError } from '../errors.ts';
import type { UncheckedObject } from '../json.ts';
import { isUncheckedObject, ownMember } from '../json.ts';
import { describeType } from '../parse/bad-value.ts';

/** What an answer repeats so that the client knows its question again. */
export type RequestId = string | number | null;

export interface RpcRequest {
  /** undefined: a notification, which gets no answer. */
  readonly id: RequestId | undefined;
  readonly method: string;
  /** Absent, null and [] are all "none". */
  readonly params: readonly unknown[];
}

/** The id as far as it can be made out; null when it can't (JSON-RPC 2.0, section 5). */
export function readId(value: unknown): RequestId | undefined {
  if (!isUncheckedObject(value)) return null;
  const id = ownMember(value, 'id');
  if (id === undefined) return undefined;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

/** Throws InvalidRequestError or, for parameters by name, InvalidParamsError. */
export function parseRequest(value: unknown): RpcRequest {
  if (!isUncheckedObject(value)) {
    throw new InvalidRequestError(`want a request object or a batch of them, got ${describeType(value)}`);
  }
  checkEnvelope(value);
  const method = ownMember(value, 'method');
  if (typeof method !== 'string' || method === '') throw new InvalidRequestError('"method" must be a string');
  return { id: readId(value), method, params: parseParams(ownMember(value, 'params')) };
}

function checkEnvelope(value: UncheckedObject): void {
  if (ownMember(value, 'jsonrpc') !== '2.0') throw new InvalidRequestError('"jsonrpc" must be "2.0"');
  const id = ownMember(value, 'id');
  if (id !== undefined && id !== null && typeof id !== 'string' && typeof id !== 'number') {
    throw new InvalidRequestError(`"id" must be a string or a number, got ${describeType(id)}`);
  }
}

function parseParams(params: unknown): readonly unknown[] {
  if (params === undefined || params === null) return [];
  if (Array.isArray(params)) return params;
  if (isUncheckedObject(params)) {
    // Some clients write {} for "none".
    if (Object.keys(params).length === 0) return [];
    throw new InvalidParamsError('non-array args: parameters go by position, in an array');
  }
  throw new InvalidRequestError(`"params" must be an array, got ${describeType(params)}`);
}

import { HeddleError, type Hex } from '@heddle/primitives';
import type { Address, Hash } from '@heddle/types';

/**
 * An error that goes to the client as it is: `rpcCode` is the JSON-RPC error code, `message` its text, `data` is sent
 * when it is not null. Codes: JSON-RPC 2.0, EIP-1474, and 3 for a revert as geth has it. A user's mistake is never
 * −32603 or −32005: clients take those for trouble that passes and send the request again.
 */
export abstract class RpcError extends HeddleError {
  abstract readonly rpcCode: number;
  readonly data: Hex | null = null;

  constructor(message: string, facts: object = {}) {
    super(message, facts);
  }
}

/** The text is not JSON. */
export class ParseError extends RpcError {
  readonly code = 'RPC_PARSE';
  readonly rpcCode = -32700;
  constructor(reason: string) {
    super(`parse error: ${reason}`);
  }
}

/** JSON, but not a JSON-RPC 2.0 request. */
export class InvalidRequestError extends RpcError {
  readonly code = 'RPC_INVALID_REQUEST';
  readonly rpcCode = -32600;
  constructor(reason: string) {
    super(`invalid request: ${reason}`);
  }
}

export class MethodNotFoundError extends RpcError {
  readonly code = 'RPC_METHOD_NOT_FOUND';
  readonly rpcCode = -32601;

  constructor(method: string) {
    super(`the method ${method.slice(0, 80)} does not exist/is not available`, { method: method.slice(0, 80) });
  }
}

/** The method exists, but not for this connection, or this network. */
export class MethodUnavailableError extends RpcError {
  readonly code = 'RPC_METHOD_UNAVAILABLE';
  readonly rpcCode = -32601;
  constructor(reason: string) {
    super(reason);
  }
}

/** A control method, asked for by somebody who may not use those. The code is EIP-1193's for "unauthorized". */
export class ForbiddenError extends RpcError {
  readonly code = 'RPC_FORBIDDEN';
  readonly rpcCode = 4100;
}

export class InvalidParamsError extends RpcError {
  readonly code = 'RPC_INVALID_PARAMS';
  readonly rpcCode = -32602;
}

/** The block whose state is asked for is not there (EIP-1898). */
export class BlockNotFoundError extends RpcError {
  readonly code = 'RPC_BLOCK_NOT_FOUND';
  readonly rpcCode = -32001;
  constructor(reason: string) {
    super(`header not found: ${reason}`);
  }
}

/** The block is there, and what is asked of it was not kept. */
export class NotKeptError extends RpcError {
  readonly code = 'RPC_NOT_KEPT';
  readonly rpcCode = -32001;
}

/** The block is there and its state is not any more. −32000 as in geth. `message` says which blocks' is, and what to do. */
export class StateNotKeptError extends RpcError {
  readonly code = 'RPC_STATE_NOT_KEPT';
  readonly rpcCode = -32000;
}

/** The pool, or the wallet before it, does not take the transaction. `message` in geth's wording. */
export class TransactionRefusedError extends RpcError {
  readonly code = 'RPC_TRANSACTION_REFUSED';
  readonly rpcCode = -32000;
}

/** EIP-7966: in the pool, but not executed in time. `data` is its hash: the client goes on asking by that. */
export class SendTimeoutError extends RpcError {
  readonly code = 'RPC_SEND_TIMEOUT';
  readonly rpcCode = 4;
  override readonly data: Hash;
  constructor(hash: Hash, waitMs: number) {
    super(
      `the transaction was added to the pool but not executed within ${waitMs / 1000} s: ask for its receipt by its hash`,
      { hash, waitMs },
    );
    this.data = hash;
  }
}

/** EIP-7966: not sent, since a nonce before it is missing. `data` is the nonce that the account is to use next. */
export class NonceGapError extends RpcError {
  readonly code = 'RPC_NONCE_GAP';
  readonly rpcCode = 6;
  override readonly data: Hex;
  constructor(nonce: bigint, next: bigint, data: Hex) {
    super(
      `nonce too high: next nonce ${next}, tx nonce ${nonce}; the transaction was not sent. If the devnet was restarted, ` +
        "the wallet may still count on the old chain's: reset its nonce for this account",
      { nonce, next },
    );
    this.data = data;
  }
}

/** A call ended in an exceptional halt other than a revert, or could not be begun. `message` in geth's wording. */
export class CallFailedError extends RpcError {
  readonly code = 'RPC_CALL_FAILED';
  readonly rpcCode = -32000;
}

/** A call or trace was not executed to its end: its time or memory, or the state it asks for, is what it may not have. */
export class ExecutionAbortedError extends RpcError {
  readonly code = 'RPC_EXECUTION_ABORTED';
  readonly rpcCode = -32000;
}

/** What is to be traced is not there. Geth answers so, where other methods have null. */
export class NotTraceableError extends RpcError {
  readonly code = 'RPC_NOT_TRACEABLE';
  readonly rpcCode = -32000;
}

/** eth_simulateV1 executes nothing, for a reason that execution-apis has a code for. */
export class SimulationRefusedError extends RpcError {
  readonly code = 'RPC_SIMULATION_REFUSED';
  readonly rpcCode: number;
  constructor(rpcCode: number, reason: string) {
    super(reason);
    this.rpcCode = rpcCode;
  }
}

/** REVERT. `data` is what the contract returned, '0x' when it returned nothing: clients fail on null. */
export class RevertedError extends RpcError {
  readonly code = 'RPC_REVERTED';
  readonly rpcCode = 3;
  override readonly data: Hex;
  constructor(message: string, data: Hex) {
    super(message);
    this.data = data;
  }
}

export class UnknownAccountError extends RpcError {
  readonly code = 'RPC_UNKNOWN_ACCOUNT';
  readonly rpcCode = -32000;
  constructor(address: Address) {
    super(`unknown account ${address}: this node holds no key for it; eth_accounts lists those it can sign for`, {
      address,
    });
  }
}

/** A devnet remembers so many at most. */
export class TooManyImpersonatedError extends RpcError {
  readonly code = 'RPC_TOO_MANY_IMPERSONATED';
  readonly rpcCode = -32000;
  constructor(limit: number) {
    super(
      `${limit} accounts are impersonated already: stop one (anvil_stopImpersonatingAccount), or impersonate all ` +
        '(anvil_autoImpersonateAccount)',
      { limit },
    );
  }
}

/** An account of the protocol's own, of which every shard has one. */
export class AccountNotImpersonableError extends RpcError {
  readonly code = 'RPC_ACCOUNT_NOT_IMPERSONABLE';
  readonly rpcCode = -32000;
  constructor(address: Address) {
    super(`${address} is a system account of each shard and sends no transactions: impersonate another`, { address });
  }
}

/** EIP-1193: the wallet has no such account. */
export class UnauthorizedAccountError extends RpcError {
  readonly code = 'RPC_UNAUTHORIZED_ACCOUNT';
  readonly rpcCode = 4100;
  constructor(address: Address | null) {
    const whose = address === null ? 'no account' : `not the account ${address}`;
    super(`unauthorized: this wallet holds ${whose}; eth_accounts lists those it has`, { address });
  }
}

/** EIP-3326, EIP-3085: there is one chain here. */
export class UnrecognizedChainError extends RpcError {
  readonly code = 'RPC_UNRECOGNIZED_CHAIN';
  readonly rpcCode = 4902;
  constructor(asked: bigint, chainId: bigint) {
    super(`unrecognized chain ID ${asked}: this node serves chain ${chainId} only`, { asked, chainId });
  }
}

/** EIP-5792. */
export class UnsupportedCapabilityError extends RpcError {
  readonly code = 'RPC_UNSUPPORTED_CAPABILITY';
  readonly rpcCode = 5700;
  constructor(name: string) {
    super(`unsupported capability ${name.slice(0, 40)}: this wallet has none; say "optional": true or leave it out`);
  }
}

/** EIP-5792. */
export class UnsupportedChainError extends RpcError {
  readonly code = 'RPC_UNSUPPORTED_CHAIN';
  readonly rpcCode = 5710;
  constructor(asked: bigint, chainId: bigint) {
    super(`unsupported chain ID ${asked}: this wallet sends on chain ${chainId} only`, { asked, chainId });
  }
}

/** EIP-5792. */
export class DuplicateBundleError extends RpcError {
  readonly code = 'RPC_DUPLICATE_BUNDLE';
  readonly rpcCode = 5720;
  constructor(id: string) {
    super(`duplicate ID: there is a bundle ${id.slice(0, 80)} already`);
  }
}

/** EIP-5792. */
export class UnknownBundleError extends RpcError {
  readonly code = 'RPC_UNKNOWN_BUNDLE';
  readonly rpcCode = 5730;
  constructor() {
    super('unknown bundle ID: it was never sent here, or so long ago that it is forgotten');
  }
}

/** EIP-5792. */
export class BundleTooLargeError extends RpcError {
  readonly code = 'RPC_BUNDLE_TOO_LARGE';
  readonly rpcCode = 5740;
  constructor(count: number, most: number) {
    super(`bundle too large: ${count} calls, at most ${most} are taken at once`, { count, most });
  }
}

/** EIP-5792. */
export class AtomicityError extends RpcError {
  readonly code = 'RPC_ATOMICITY';
  readonly rpcCode = 5760;
  constructor() {
    super('atomicity not supported: each call is a transaction of its own; send it without atomicRequired');
  }
}

/** −32000, since viem makes a new filter when it sees that code. */
export class FilterNotFoundError extends RpcError {
  readonly code = 'RPC_FILTER_NOT_FOUND';
  readonly rpcCode = -32000;
  constructor() {
    super('filter not found: it was removed, or not polled for 5 minutes');
  }
}

export class SubscriptionNotFoundError extends RpcError {
  readonly code = 'RPC_SUBSCRIPTION_NOT_FOUND';
  readonly rpcCode = -32000;
  constructor() {
    super('subscription not found: it was ended, or belongs to another connection');
  }
}

/** The request is understood, and what it asks for is not to be had here. */
export class RefusedError extends RpcError {
  readonly code = 'RPC_REFUSED';
  readonly rpcCode = -32000;
}

/** A cap on what one client, or all of them, may hold at once. */
export class CapacityError extends RpcError {
  readonly code = 'RPC_CAPACITY';
  readonly rpcCode = -32000;
}

export class ResponseTooLargeError extends RpcError {
  readonly code = 'RPC_RESPONSE_TOO_LARGE';
  readonly rpcCode = -32000;
  constructor(limit: number) {
    super(`response too large: the answers together are longer than ${limit} bytes; ask for less at once`);
  }
}

/** The time of a batch is used up. Geth's code and first words for a request that took too long. */
export class BatchTimeoutError extends RpcError {
  readonly code = 'RPC_BATCH_TIMEOUT';
  readonly rpcCode = -32002;
  constructor(limitMs: number) {
    super(`request timed out: its batch has taken longer than ${limitMs / 1000} seconds; send smaller batches`, {
      limitMs,
    });
  }
}

/** Whoever asked is gone: work for them stops. No client ever reads it. */
export class ClientGoneError extends RpcError {
  readonly code = 'RPC_CLIENT_GONE';
  readonly rpcCode = -32000;
  constructor() {
    super('the connection was closed before the answer');
  }
}

/** A bug in this node; what it was is in the node's log, not in the answer. */
export class InternalError extends RpcError {
  readonly code = 'RPC_INTERNAL';
  readonly rpcCode = -32603;
  constructor() {
    super("internal error: the node's log says more");
  }
}

/** Another process listens on the port. */
export class PortInUseError extends HeddleError<{
  readonly host: string;
  readonly port: number;
}> {
  readonly code = 'RPC_PORT_IN_USE';
  constructor(host: string, port: number) {
    super(`port ${port} on ${host} is in use by another process: stop that process or choose another port`, {
      host,
      port,
    });
  }
}

/** The address can't be listened on for another reason: not of this machine, a privileged port. */
export class ListenError extends HeddleError<{
  readonly host: string;
  readonly port: number;
}> {
  readonly code = 'RPC_LISTEN';
  constructor(host: string, port: number, reason: string) {
    super(`cannot listen on ${host}, port ${port}: ${reason}`, { host, port });
  }
}

/** start() on a server that was started before. A stopped server stays stopped; make a new one. */
export class ServerStateError extends HeddleError {
  readonly code = 'RPC_SERVER_STATE';
  constructor() {
    super('the RPC server was started before: create another one instead of starting it again', {});
  }
}

/**
 * A value from outside is not what it should be. `message` says what is wrong with it; the caller adds where it stood
 * ('invalid argument 0: …').
 */
export class BadValueError extends HeddleError {
  readonly code = 'RPC_BAD_VALUE';

  constructor(message: string) {
    super(message, {});
  }
}

import { HeddleError, type Hex } from '@heddle/primitives';
import type { Address } from '@heddle/types';

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

/** The method exists, but not for this connection. */
export class MethodUnavailableError extends RpcError {
  readonly code = 'RPC_METHOD_UNAVAILABLE';
  readonly rpcCode = -32601;
  constructor(reason: string) {
    super(reason);
  }
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

/** The pool, or the wallet before it, does not take the transaction. `message` in geth's wording. */
export class TransactionRefusedError extends RpcError {
  readonly code = 'RPC_TRANSACTION_REFUSED';
  readonly rpcCode = -32000;
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

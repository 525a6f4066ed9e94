import type { PeerId } from './transport.ts';

/** Why a request got no answer. Only 'handlerFailed', 'noHandler' and 'busy' come from the other side. */
export type RequestFailure =
  | 'timeout'
  | 'notConnected'
  | 'disconnected'
  | 'stopped'
  | 'noHandler'
  | 'handlerFailed'
  | 'busy'
  | 'queueFull'
  | 'tooLarge';

/** A request got no answer. Ask another peer, or again later; nothing is known about whether it was handled. */
export class RequestFailedError extends Error {
  readonly code = 'REQUEST_FAILED';
  readonly peer: PeerId;
  readonly protocol: string;
  readonly reason: RequestFailure;

  constructor(peer: PeerId, protocol: string, reason: RequestFailure) {
    super(`request ${protocol} to ${peer} got no answer (${reason}); ask another peer or try again`);
    this.name = 'RequestFailedError';
    this.peer = peer;
    this.protocol = protocol;
    this.reason = reason;
  }
}

/** Another transport runs under the same identity. Two processes must not share one network key. */
export class PeerIdTakenError extends Error {
  readonly code = 'PEER_ID_TAKEN';
  readonly peer: PeerId;

  constructor(peer: PeerId) {
    super(`a transport for ${peer} is running already; stop it first`);
    this.name = 'PeerIdTakenError';
    this.peer = peer;
  }
}

/** A second handler for one protocol or topic. Register one that does both things. */
export class DuplicateHandlerError extends Error {
  readonly code = 'DUPLICATE_HANDLER';
  readonly channel: string;

  constructor(channel: string) {
    super(`${channel} has a handler already; register one that does both things`);
    this.name = 'DuplicateHandlerError';
    this.channel = channel;
  }
}

/** Bytes from the wire that are no message. The peer that sent them is broken or hostile. */
export class InvalidWireMessageError extends Error {
  readonly code = 'INVALID_WIRE_MESSAGE';
  /** The message's kind as far as it is known, else null. */
  readonly kind: string | null;
  readonly reason: string;

  constructor(kind: string | null, reason: string, cause: unknown = null) {
    super(`invalid ${kind ?? 'wire'} message: ${reason}`, { cause });
    this.name = 'InvalidWireMessageError';
    this.kind = kind;
    this.reason = reason;
  }
}

/** A message of our own that no peer would take. Send less at once. */
export class MessageTooLargeError extends Error {
  readonly code = 'MESSAGE_TOO_LARGE';
  readonly kind: string;
  readonly bytes: number;
  readonly limit: number;

  constructor(kind: string, bytes: number, limit: number) {
    super(`a ${kind} message of ${bytes} bytes is above the limit of ${limit}; send less at once`);
    this.name = 'MessageTooLargeError';
    this.kind = kind;
    this.bytes = bytes;
    this.limit = limit;
  }
}

/** The fault switches of a memory hub were given a value out of range. */
export class InvalidFaultError extends Error {
  readonly code = 'INVALID_FAULT';
  readonly fault: string;
  readonly value: number;

  constructor(fault: string, value: number, expectation: string) {
    super(`${fault} is ${value}; it must be ${expectation}`);
    this.name = 'InvalidFaultError';
    this.fault = fault;
    this.value = value;
  }
}

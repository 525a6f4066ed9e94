import { HeddleError } from '@heddle/primitives';
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
export class RequestFailedError extends HeddleError<{
  readonly peer: PeerId;
  readonly protocol: string;
  readonly reason: RequestFailure;
}> {
  readonly code = 'REQUEST_FAILED';

  constructor(peer: PeerId, protocol: string, reason: RequestFailure) {
    super(`request ${protocol} to ${peer} got no answer (${reason}); ask another peer or try again`, {
      peer,
      protocol,
      reason,
    });
  }
}

/** Another transport runs under the same identity. Two processes must not share one network key. */
export class PeerIdTakenError extends HeddleError<{
  readonly peer: PeerId;
}> {
  readonly code = 'PEER_ID_TAKEN';

  constructor(peer: PeerId) {
    super(`a transport for ${peer} is running already; stop it first`, { peer });
  }
}

/** A second handler for one protocol or topic. Register one that does both things. */
export class DuplicateHandlerError extends HeddleError<{
  readonly channel: string;
}> {
  readonly code = 'DUPLICATE_HANDLER';

  constructor(channel: string) {
    super(`${channel} has a handler already; register one that does both things`, { channel });
  }
}

/** Bytes from the wire that are no message. The peer that sent them is broken or hostile. */
export class InvalidWireMessageError extends HeddleError<{
  /** The message's kind as far as it is known, else null. */
  readonly kind: string | null;
  readonly reason: string;
}> {
  readonly code = 'INVALID_WIRE_MESSAGE';

  constructor(kind: string | null, reason: string, cause: unknown = null) {
    super(`invalid ${kind ?? 'wire'} message: ${reason}`, { kind, reason }, { cause });
  }
}

/** A message of our own that no peer would take. Send less at once. */
export class MessageTooLargeError extends HeddleError<{
  readonly kind: string;
  readonly bytes: number;
  readonly limit: number;
}> {
  readonly code = 'MESSAGE_TOO_LARGE';

  constructor(kind: string, bytes: number, limit: number) {
    super(`a ${kind} message of ${bytes} bytes is above the limit of ${limit}; send less at once`, {
      kind,
      bytes,
      limit,
    });
  }
}

/** The fault switches of a memory hub were given a value out of range. */
export class InvalidFaultError extends HeddleError<{
  readonly fault: string;
  readonly value: number;
}> {
  readonly code = 'INVALID_FAULT';

  constructor(fault: string, value: number, expectation: string) {
    super(`${fault} is ${value}; it must be ${expectation}`, { fault, value });
  }
}

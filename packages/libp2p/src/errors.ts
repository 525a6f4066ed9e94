import { HeddleError } from '@heddle/primitives';

/** Why one side of a handshake did not accept the other. Places in the list are on the wire: append only. */
export const REFUSALS = [
  'malformed',
  'otherVersion',
  'otherGenesis',
  'badSignature',
  'nameTaken',
  'ownKey',
  'tooManyPeers',
  'banned',
] as const;

export type Refusal = (typeof REFUSALS)[number];

const ADVICE: Readonly<Record<Refusal, string>> = {
  malformed: 'its handshake can not be read; is it another program?',
  otherVersion: 'it speaks another version of the protocol; update the older one',
  otherGenesis: 'it belongs to another chain; compare the genesis files',
  badSignature: 'its validator key did not sign its peer id; its network key may have been changed without a restart',
  nameTaken: 'another peer with the same validator key is connected; one key must run once only',
  ownKey: 'it has the validator key of this node; one key must run once only, stop one of the two',
  tooManyPeers: 'it has no room for more peers; it will be tried again',
  banned: 'it is banned for what it sent before',
};

/** A connection ended before the two sides knew each other. */
export class HandshakeFailedError extends HeddleError<{
  readonly peer: string;
  readonly reason: Refusal | 'timeout' | 'disconnected';
  /** Which side refused. */
  readonly by: 'us' | 'them';
}> {
  readonly code = 'HANDSHAKE_FAILED';

  constructor(peer: string, reason: Refusal | 'timeout' | 'disconnected', by: 'us' | 'them') {
    const advice = reason === 'timeout' || reason === 'disconnected' ? 'it did not finish' : ADVICE[reason];
    super(`no connection with ${peer}: ${by === 'them' ? 'refused by it, ' : ''}${reason}, ${advice}`, {
      peer,
      reason,
      by,
    });
  }
}

/** The node can't listen where it should. */
export class ListenFailedError extends HeddleError<{
  readonly addresses: readonly string[];
}> {
  readonly code = 'LISTEN_FAILED';

  constructor(addresses: readonly string[], cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `can not listen on ${addresses.join(', ')}: ${reason}; is the port in use? Choose another one`,
      { addresses },
      {
        cause,
      },
    );
  }
}

/** An address in the configuration that is none. */
export class InvalidAddressError extends HeddleError<{
  readonly address: string;
}> {
  readonly code = 'INVALID_ADDRESS';

  constructor(address: string, reason: string) {
    super(`"${address}" is not an address of a node: ${reason}. Write /ip4/203.0.113.7/tcp/30300/p2p/<peer id>`, {
      address,
    });
  }
}

/** The network key is no ed25519 private key in libp2p's protobuf form. Never carries the key. */
export class InvalidNetworkKeyError extends HeddleError {
  readonly code = 'INVALID_NETWORK_KEY';

  constructor() {
    super(
      'the network key is no ed25519 private key in protobuf form; make a new one, the peer id changes with it',
      {},
    );
  }
}

/** Bytes of a peer that are no frame. */
export class InvalidFrameError extends HeddleError<{
  readonly reason: string;
  /** Whether an honest peer may have sent it. */
  readonly excusable: boolean;
}> {
  readonly code = 'INVALID_FRAME';

  constructor(reason: string, excusable: boolean) {
    super(`invalid frame: ${reason}`, { reason, excusable });
  }
}

/** What a stream is ended with when this node does not want it. */
export class StreamUnwantedError extends HeddleError<{
  readonly reason: string;
}> {
  readonly code = 'STREAM_UNWANTED';

  constructor(reason: string) {
    super(`the stream is ended: ${reason}`, { reason });
  }
}

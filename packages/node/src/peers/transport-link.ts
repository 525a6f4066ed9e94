import {
  decodeBlockResponse,
  decodeChunkResponse,
  decodeHeadersResponse,
  decodePoolResponse,
  decodeRangeResponse,
  encodeWireMessage,
  encodeWireRequest,
  isValidatorName,
  MessageTooLargeError,
  type PeerId,
  type Transport,
  transactionRuns,
  type WireMessage,
  type WireRequest,
} from '@heddle/network';
import { GOSSIPED_TRANSACTIONS, REQUEST_TIMEOUT_MS } from '../limits.ts';
import type { PeerLink } from './peer-link.ts';
import { CHUNK_STREAM, CONSENSUS_STREAM, EVIDENCE_STREAM, FETCH_PROTOCOL, TRANSACTION_TOPIC } from './protocols.ts';
import type { LinkMetrics } from './unsent-messages.ts';

/** The other nodes over a transport: votes, proposals and chunks on direct streams, transactions by gossip. */
export function createTransportLink(transport: Transport, metrics: LinkMetrics): PeerLink {
  const connected = (): readonly PeerId[] => transport.peers().filter(isValidatorName);
  /** Sends are made in timers and effects, where there is nobody to catch: what can't be sent is told to the metrics. */
  const encoded = (message: WireMessage, send: (bytes: Uint8Array) => void): void => {
    const bytes = tryEncode(message);
    if (bytes instanceof MessageTooLargeError) metrics.unsent(bytes);
    else send(bytes);
  };
  const sendAll = (stream: string, message: WireMessage): void =>
    encoded(message, (bytes) => {
      for (const peer of connected()) transport.send(peer, stream, bytes);
    });
  const sendOne = (to: PeerId, stream: string, message: WireMessage): void =>
    encoded(message, (bytes) => transport.send(to, stream, bytes));
  const request = (to: PeerId, wanted: WireRequest): Promise<Uint8Array> =>
    transport.request(to, FETCH_PROTOCOL, encodeWireRequest(wanted), REQUEST_TIMEOUT_MS);
  return {
    connected,
    broadcast: (message) => sendAll(CONSENSUS_STREAM, message),
    send: (to, message) => sendOne(to, CONSENSUS_STREAM, message),
    broadcastChunk: (chunk) => sendAll(CHUNK_STREAM, { kind: 'chunk', chunk }),
    sendEndorsement: (to, endorsement) => sendOne(to, CHUNK_STREAM, { kind: 'endorsement', endorsement }),
    sendEvidence: (to, report) => sendOne(to, EVIDENCE_STREAM, { kind: 'evidence', report }),
    gossipTransactions: (all) => {
      for (const transactions of transactionRuns(
        all.map(({ raw }) => raw),
        GOSSIPED_TRANSACTIONS,
      )) {
        encoded({ kind: 'transactions', transactions }, (bytes) => transport.publish(TRANSACTION_TOPIC, bytes));
      }
    },
    requestBlock: async (from, hash) => decodeBlockResponse(await request(from, { kind: 'blockRequest', hash })),
    requestChunk: async (from, hash) => decodeChunkResponse(await request(from, { kind: 'chunkRequest', hash })),
    requestRange: async (peer, from, to) =>
      decodeRangeResponse(await request(peer, { kind: 'rangeRequest', from, to })),
    requestHeaders: async (peer, from, to) =>
      decodeHeadersResponse(await request(peer, { kind: 'headersRequest', from, to })),
    requestPool: async (peer) => decodePoolResponse(await request(peer, { kind: 'poolRequest' })),
  };
}

function tryEncode(message: WireMessage): Uint8Array | MessageTooLargeError {
  try {
    return encodeWireMessage(message);
  } catch (error) {
    if (error instanceof MessageTooLargeError) return error;
    throw error;
  }
}

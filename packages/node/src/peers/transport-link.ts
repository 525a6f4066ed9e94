import { encodeEndorsement, encodeEvidence } from '@heddle/consensus';
import {
  decodeBlockResponse,
  decodeChunkResponse,
  decodePoolResponse,
  decodeRangeResponse,
  encodeWireMessage,
  encodeWireRequest,
  type PeerId,
  type Transport,
  type WireMessage,
  type WireRequest,
} from '@heddle/network';
import { REQUEST_TIMEOUT_MS } from '../limits.ts';
import type { PeerLink } from './peer-link.ts';
import { isValidatorName } from './peer-names.ts';
import { CHUNK_STREAM, CONSENSUS_STREAM, EVIDENCE_STREAM, FETCH_PROTOCOL, TRANSACTION_TOPIC } from './protocols.ts';

/** The other nodes over a transport: votes, proposals and chunks on direct streams, transactions by gossip. */
export function createTransportLink(transport: Transport): PeerLink {
  const connected = (): readonly PeerId[] => transport.peers().filter(isValidatorName);
  const sendAll = (stream: string, message: WireMessage): void => {
    const bytes = encodeWireMessage(message);
    for (const peer of connected()) transport.send(peer, stream, bytes);
  };
  const request = (to: PeerId, wanted: WireRequest): Promise<Uint8Array> =>
    transport.request(to, FETCH_PROTOCOL, encodeWireRequest(wanted), REQUEST_TIMEOUT_MS);
  return {
    connected,
    broadcast: (message) => sendAll(CONSENSUS_STREAM, message),
    send: (to, message) => transport.send(to, CONSENSUS_STREAM, encodeWireMessage(message)),
    broadcastChunk: (chunk) => sendAll(CHUNK_STREAM, { kind: 'chunk', chunk }),
    sendEndorsement: (to, endorsement) => {
      const message: WireMessage = { kind: 'endorsement', endorsement: encodeEndorsement(endorsement) };
      transport.send(to, CHUNK_STREAM, encodeWireMessage(message));
    },
    sendEvidence: (to, report) => {
      const message: WireMessage = { kind: 'evidence', evidence: encodeEvidence(report) };
      transport.send(to, EVIDENCE_STREAM, encodeWireMessage(message));
    },
    gossipTransactions: (transactions) => {
      const message: WireMessage = { kind: 'transactions', transactions: transactions.map(({ raw }) => raw) };
      transport.publish(TRANSACTION_TOPIC, encodeWireMessage(message));
    },
    requestBlock: async (from, hash) => decodeBlockResponse(await request(from, { kind: 'blockRequest', hash })),
    requestChunk: async (from, hash) => decodeChunkResponse(await request(from, { kind: 'chunkRequest', hash })),
    requestRange: async (peer, from, to) =>
      decodeRangeResponse(await request(peer, { kind: 'rangeRequest', from, to })),
    requestPool: async (peer) => decodePoolResponse(await request(peer, { kind: 'poolRequest' })),
  };
}

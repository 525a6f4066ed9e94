export {
  type ConformanceNetwork,
  type ConformanceTestPrimitives,
  type NetworkFactory,
  transportConformance,
} from './conformance.ts';
export { kindOfEnvelope } from './envelope.ts';
export {
  DuplicateHandlerError,
  InvalidFaultError,
  InvalidWireMessageError,
  MessageTooLargeError,
  PeerIdTakenError,
  RequestFailedError,
  type RequestFailure,
} from './errors.ts';
export { MAX_MESSAGE_BYTES, MAX_RANGE_BLOCKS, MAX_TRANSACTIONS_BYTES, MAX_TRANSACTIONS_PER_MESSAGE } from './limits.ts';
export { createMemoryHub, type MemoryHub, type MemoryHubOptions } from './memory/hub.ts';
export type { ArrivingCopy, LinkPolicy, Transit } from './memory/link-policy.ts';
export { type DropReason, silentMetrics, type TransportMetrics } from './metrics.ts';
export type { DirectHandler, GossipHandler, PeerId, RequestHandler, Transport } from './transport.ts';
export { decodeWireMessage, encodeWireMessage, type WireMessage } from './wire-message.ts';
export { decodeWireRequest, encodeWireRequest, type WireRequest } from './wire-request.ts';
export {
  type BlockRange,
  decodeBlockResponse,
  decodeChunkResponse,
  decodePoolResponse,
  decodeRangeResponse,
  encodeBlockResponse,
  encodeChunkResponse,
  encodePoolResponse,
  encodeRangeResponse,
  type RangeBlock,
} from './wire-response.ts';

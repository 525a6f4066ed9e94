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
export { registerHandler } from './handlers.ts';
export {
  MAX_ANSWER_BYTES,
  MAX_HEADERS_BYTES,
  MAX_LATENCY_MS,
  MAX_MESSAGE_BYTES,
  MAX_PENDING_REQUESTS_PER_PEER,
  MAX_PROPOSAL_BYTES,
  MAX_QUEUED_BYTES,
  MAX_QUEUED_MESSAGES,
  MAX_RANGE_BYTES,
  MAX_RANGE_HEADERS,
  MAX_SERVED_REQUESTS_PER_PEER,
} from './limits.ts';
export { createMemoryHub, type MemoryHub, type MemoryHubOptions } from './memory/hub.ts';
export { type Latency, NO_LATENCY } from './memory/latency.ts';
export type { ArrivingCopy, LinkPolicy, Transit } from './memory/link-policy.ts';
export { type DropReason, silentMetrics, type TransportMetrics } from './metrics.ts';
export { RangeWriter } from './range-writer.ts';
export { gossipId, SeenMessages } from './seen-messages.ts';
export {
  type DirectHandler,
  type GossipHandler,
  type PeerId,
  type RequestHandler,
  type Transport,
  UNCONNECTED_AUTHOR,
} from './transport.ts';
export { isValidatorName, peerOf } from './validator-names.ts';
export { decodeWireMessage, encodeWireMessage, transactionRuns, type WireMessage } from './wire-message.ts';
export { decodeWireRequest, encodeWireRequest, type WireRequest } from './wire-request.ts';
export {
  decodeBlockResponse,
  decodeChunkResponse,
  decodeHeadersResponse,
  decodePoolResponse,
  decodeRangeResponse,
  encodeBlockResponse,
  encodeChunkResponse,
  encodeHeadersResponse,
  encodePoolResponse,
  encodeRangeResponse,
  finishRangeResponse,
  type RangeBlock,
  type RangeResponse,
} from './wire-response.ts';

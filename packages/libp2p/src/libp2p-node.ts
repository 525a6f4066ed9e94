import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { type GossipSub, type GossipSubComponents, gossipsub, StrictSign } from '@libp2p/gossipsub';
import { identify } from '@libp2p/identify';
import type { ConnectionGater, Libp2p, PrivateKey, ServiceMap } from '@libp2p/interface';
import { tcp } from '@libp2p/tcp';
import { createLibp2p } from 'libp2p';
import {
  GOSSIP_SCORE_MS,
  GOSSIP_SEEN_MS,
  type Libp2pLimits,
  MAX_DIALS,
  MAX_GOSSIP_FRAME_BYTES,
  MAX_GOSSIP_QUEUE_BYTES,
  MAX_GOSSIP_STREAMS,
  MAX_STREAM_WINDOW_BYTES,
  MAX_TOPIC_BYTES_PER_PEER,
  PING_MS,
  PING_TIMEOUT_MS,
} from './limits.ts';
import { withWholeWrites } from './whole-writes.ts';

export interface Services extends ServiceMap {
  readonly pubsub: GossipSub;
}

export type Libp2pNode = Libp2p<Services>;

export interface Libp2pNodeOptions {
  readonly privateKey: PrivateKey;
  readonly listen: readonly string[];
  readonly external: readonly string[];
  readonly gater: ConnectionGater;
  readonly limits: Libp2pLimits;
  /** What gossipsub sees of libp2p. */
  gossipComponents(given: GossipSubComponents): GossipSubComponents;
}

/** Streams of one connection: requests, direct ones, and the few that libp2p opens itself. */
const MAX_STREAMS = 256;

/** libp2p with everything it decides by itself turned off: who is let in, dialled and kept is decided by this package. */
export function createLibp2pNode(options: Libp2pNodeOptions): Promise<Libp2pNode> {
  const { limits } = options;
  return createLibp2p<Services>({
    start: false,
    privateKey: options.privateKey,
    nodeInfo: { name: 'heddle', version: '1', userAgent: 'heddle/1' },
    addresses: { listen: [...options.listen], announce: [...options.external] },
    transports: [tcp()],
    connectionEncrypters: [withWholeWrites(noise())],
    streamMuxers: [
      yamux({
        maxInboundStreams: MAX_STREAMS,
        maxOutboundStreams: MAX_STREAMS,
        streamOptions: { maxStreamWindowSize: MAX_STREAM_WINDOW_BYTES, maxReadBufferLength: MAX_STREAM_WINDOW_BYTES },
      }),
    ],
    connectionGater: options.gater,
    connectionManager: {
      // The gater counts, and knows validators from others.
      maxConnections: 1_000_000,
      inboundConnectionThreshold: 1_000_000,
      maxIncomingPendingConnections: limits.maxUnproven,
      inboundUpgradeTimeout: limits.handshakeTimeoutMs,
      maxParallelDials: MAX_DIALS,
      reconnectRetries: 0,
    },
    connectionMonitor: { pingInterval: PING_MS, pingTimeout: { minTimeout: PING_TIMEOUT_MS } },
    services: {
      identify: identify(),
      pubsub: (components: GossipSubComponents) =>
        gossipsub({
          globalSignaturePolicy: StrictSign,
          fallbackToFloodsub: false,
          allowPublishToZeroTopicPeers: true,
          // Nobody tags peers here: nothing is pruned by tags.
          tagMeshPeers: false,
          seenTTL: GOSSIP_SEEN_MS,
          maxInboundStreams: MAX_GOSSIP_STREAMS,
          maxInboundDataLength: MAX_GOSSIP_FRAME_BYTES,
          maxOutboundBufferSize: MAX_GOSSIP_QUEUE_BYTES,
          maxTopicBytesPerPeer: MAX_TOPIC_BYTES_PER_PEER,
          scoreParams: {
            // Else strangers at an address cost everybody else there, validators among them, all gossip. Admission counts addresses.
            IPColocationFactorWeight: 0,
            retainScore: GOSSIP_SCORE_MS,
          },
        })(options.gossipComponents(components)),
    },
  });
}

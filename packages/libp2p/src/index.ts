export {
  HandshakeFailedError,
  InvalidAddressError,
  InvalidNetworkKeyError,
  ListenFailedError,
  type Refusal,
} from './errors.ts';
export type { NetworkIdentity } from './hello.ts';
export { DEFAULT_LIMITS, type Libp2pLimits } from './limits.ts';
export { type ConnectionRefusal, type Libp2pObserver, silentObserver } from './observer.ts';
export type { Libp2pFootprint, Libp2pTransport, Libp2pTransportOptions, PeerInfo } from './options.ts';
export type { Ban } from './peers/bans.ts';
export { NO_PEER_FILE, type PeerFile } from './peers/kept.ts';
export type { KnownValidators } from './peers/peers.ts';
export { createLibp2pTransport } from './transport.ts';

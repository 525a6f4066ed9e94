import { createLibp2pTransport, DEFAULT_LIMITS, type Libp2pObserver } from '@heddle/libp2p';
import type { Transport } from '@heddle/network';
import type { Logger } from '@heddle/node';
import { secureRandom, systemClock, systemScheduler } from '@heddle/runtime';
import { errorMessage } from '../errors.ts';
import { BootnodeWatch } from './bootnode-watch.ts';
import { peerFile } from './peer-file.ts';
import type { TransportRequest } from './run-validator.ts';

/** The way to other nodes over libp2p. */
export function overLibp2p(request: TransportRequest): Promise<Transport> {
  const { genesis, key, networkKey, p2pListen, p2pExternal, bootnodes, isValidator, metrics, peersPath, log } = request;
  const ownLog = log.child('network');
  return createLibp2pTransport({
    networkKey: networkKey.privateKey,
    identity: key,
    genesisHash: genesis.write.blockHash,
    validators: { has: isValidator },
    listen: p2pListen.flat(),
    external: p2pExternal === null ? [] : [p2pExternal],
    bootnodes: bootnodes.flat(),
    clock: systemClock,
    scheduler: systemScheduler,
    random: secureRandom,
    metrics,
    observer: observed(
      ownLog,
      new BootnodeWatch({ bootnodes: bootnodes.flat(), clock: systemClock, log: ownLog }),
      peersPath,
    ),
    limits: DEFAULT_LIMITS,
    peerFile: peerFile(peersPath, ownLog),
  });
}

/** What strangers can cause again and again is no warning. */
function observed(log: Logger, bootnodes: BootnodeWatch, peersPath: string): Libp2pObserver {
  return {
    connectionRefused: (address, reason) => log.debug('connection refused', { address, reason }),
    handshakeFailed: (error) => {
      log.info(error.message);
      bootnodes.failed(error.facts.peer, error.message);
    },
    ownKeySeen: (peerId) => log.error("another node holds this validator's key: stop one of the two", { peerId }),
    peerConnected: (peer, peerId, address) => {
      log.info('peer connected', { peer, peerId, address });
      bootnodes.connected();
    },
    peerDisconnected: (peer, peerId) => {
      log.info('peer disconnected', { peer, peerId });
      bootnodes.disconnected();
    },
    peerBanned: (peerId, reason) => log.warn('peer banned', { peerId, reason }),
    dialFailed: (address, error) => {
      log.debug('not reached', { address, reason: String(error) });
      bootnodes.failed(address, errorMessage(error));
    },
    keptPeersDamaged: () => log.warn('what was known of peers can not be read, and is ignored', { path: peersPath }),
  };
}

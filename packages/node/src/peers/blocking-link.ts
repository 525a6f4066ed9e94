import type { BlockList } from './block-list.ts';
import type { PeerLink } from './peer-link.ts';

/**
 * A link that does not know blocked peers by name: nothing is asked of them and nothing passed on to them. What is
 * broadcast reaches them all the same: the others may not have blocked them, and without it they could not follow.
 */
export function blockingLink(link: PeerLink, blocked: BlockList): PeerLink {
  return {
    connected: () => link.connected().filter((peer) => !blocked.has(peer)),
    broadcast: (message) => link.broadcast(message),
    send: (to, message) => link.send(to, message),
    broadcastChunk: (chunk) => link.broadcastChunk(chunk),
    sendEndorsement: (to, endorsement) => link.sendEndorsement(to, endorsement),
    sendEvidence: (to, report) => link.sendEvidence(to, report),
    gossipTransactions: (transactions) => link.gossipTransactions(transactions),
    requestBlock: (from, hash) => link.requestBlock(from, hash),
    requestChunk: (from, hash) => link.requestChunk(from, hash),
    requestRange: (peer, from, to) => link.requestRange(peer, from, to),
    requestHeaders: (peer, from, to) => link.requestHeaders(peer, from, to),
    requestPool: (peer) => link.requestPool(peer),
  };
}

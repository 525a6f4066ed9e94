import type { BlockList } from './block-list.ts';
import type { PeerLink } from './peer-link.ts';

/**
 * A link that does not know blocked peers by name: nothing is asked of them and nothing passed on to them. What is
 * broadcast reaches them all the same: the others may not have blocked them, and without it they could not follow.
 */
export function blockingLink(link: PeerLink, blocked: BlockList): PeerLink {
  return { ...link, connected: () => link.connected().filter((peer) => !blocked.has(peer)) };
}

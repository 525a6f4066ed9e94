import type { DirectHandler, GossipHandler, RequestHandler } from '@heddle/network';

/** What the node has registered; it stays over stop and start. */
export interface Handlers {
  readonly direct: ReadonlyMap<string, DirectHandler>;
  readonly topics: ReadonlyMap<string, GossipHandler>;
  readonly requests: ReadonlyMap<string, RequestHandler>;
}

import { decodeWireMessage, kindOfEnvelope, type LinkPolicy, type Transit } from '@heddle/network';
import { CHUNK_STREAM, CONSENSUS_STREAM } from '../../src/peers/protocols.ts';
import type { TestNetwork } from './network.ts';

/** When something first went onto a link, by height; virtual milliseconds. */
type FirstSent = Map<bigint, number>;

/** How long one block took until one validator had it final, virtual milliseconds. */
export interface FinalityTimes {
  readonly height: bigint;
  /** Since the leader broadcast its proposal. */
  readonly fromProposalMs: number;
  /** Since the first of its chunks was broadcast. */
  readonly fromChunkMs: number;
}

/**
 * Gives every link the same delay and notes, for each block and validator, how long it took to become final. Create it
 * before the validators start, and call `watch` when they have.
 */
export class FinalityMeter implements LinkPolicy {
  readonly times: FinalityTimes[] = [];
  readonly #network: TestNetwork;
  readonly #delayMs: number;
  readonly #proposed: FirstSent = new Map();
  readonly #announced: FirstSent = new Map();
  /** A broadcast is the same bytes on every link: looked into once. */
  #lastPayload: Uint8Array | null = null;

  constructor(network: TestNetwork, delayMs: number) {
    this.#network = network;
    this.#delayMs = delayMs;
    network.hub.setLinkPolicy(this);
  }

  /** Notes every final block from now on. */
  watch(): void {
    for (const node of this.#network.running.values()) node.onFinalBlock(({ height }) => this.#final(height));
  }

  copies(transit: Transit): ReturnType<LinkPolicy['copies']> {
    const { channel, payload } = transit;
    if (payload !== null && payload !== this.#lastPayload) {
      if (channel === `direct:${CONSENSUS_STREAM}` || channel === `direct:${CHUNK_STREAM}`) this.#sent(payload);
      this.#lastPayload = payload;
    }
    return [{ delayMs: this.#delayMs, overtakes: false }];
  }

  #sent(payload: Uint8Array): void {
    const kind = kindOfEnvelope(payload);
    if (kind !== 'proposal' && kind !== 'chunk') return;
    const message = decodeWireMessage(payload);
    if (message.kind === 'proposal') this.#note(this.#proposed, message.proposal.block.header.number);
    if (message.kind === 'chunk') this.#note(this.#announced, message.chunk.header.height);
  }

  #note(first: FirstSent, height: bigint): void {
    if (!first.has(height)) first.set(height, this.#nowMs);
  }

  #final(height: bigint): void {
    const proposedMs = this.#proposed.get(height);
    const announcedMs = this.#announced.get(height);
    if (proposedMs === undefined || announcedMs === undefined) return;
    const nowMs = this.#nowMs;
    this.times.push({ height, fromProposalMs: nowMs - proposedMs, fromChunkMs: nowMs - announcedMs });
  }

  get #nowMs(): number {
    return this.#network.time.clock.monotonicMs();
  }
}

import type { Logger } from '@heddle/node';
import type { Clock } from '@heddle/runtime';
import { BOOTNODE_PATIENCE_MS, BOOTNODE_REMINDER_MS } from '../limits.ts';

interface BootnodeWatchPorts {
  /** Multiaddresses. */
  readonly bootnodes: readonly string[];
  readonly clock: Clock;
  readonly log: Pick<Logger, 'error'>;
}

/**
 * Says it when a node reaches nobody: one line, with the reason for each bootnode. It goes on trying, since the nodes of a
 * network may be started in any order.
 */
export class BootnodeWatch {
  readonly #ports: BootnodeWatchPorts;
  readonly #reasons = new Map<string, string>();
  #connected = 0;
  /** When nobody has been connected for so long that it is worth a line; monotonic. */
  #dueMs: number;

  constructor(ports: BootnodeWatchPorts) {
    this.#ports = ports;
    this.#dueMs = ports.clock.monotonicMs() + BOOTNODE_PATIENCE_MS;
  }

  connected(): void {
    this.#connected += 1;
    this.#reasons.clear();
  }

  disconnected(): void {
    this.#connected -= 1;
    if (this.#connected === 0) this.#dueMs = this.#ports.clock.monotonicMs() + BOOTNODE_PATIENCE_MS;
  }

  /** `subject`: addresses that were dialled, or the peer id of whoever answered. */
  failed(subject: string, reason: string): void {
    const { bootnodes, clock, log } = this.#ports;
    for (const address of bootnodes) {
      if (subject.includes(address) || address.endsWith(`/p2p/${subject}`)) this.#reasons.set(address, reason);
    }
    if (this.#connected > 0 || this.#reasons.size === 0 || clock.monotonicMs() < this.#dueMs) return;
    this.#dueMs = clock.monotonicMs() + BOOTNODE_REMINDER_MS;
    const reasons = [...this.#reasons].map(([address, why]) => `${address}: ${why}`).join('; ');
    log.error('no bootnode is within reach: look at their addresses, the firewall and --genesis. It goes on trying', {
      bootnodes: reasons,
    });
  }
}

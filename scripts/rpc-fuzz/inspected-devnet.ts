import { type DevnetProcess, startDevnetProcess } from '../../apps/validator/test/support/devnet-process.ts';
import { heldBytes, inspectorUrl } from '../inspect/heap.ts';

/** A devnet whose memory can be looked at. That is asked of Node's inspector: no RPC method shows it. */
export interface InspectedDevnet {
  readonly devnet: DevnetProcess;
  /** Bytes in use after two forced collections. */
  heapUsed(): Promise<number>;
}

export async function startInspectedDevnet(flags: readonly string[]): Promise<InspectedDevnet> {
  const devnet = await startDevnetProcess(flags, ['--inspect=127.0.0.1:0']);
  const url = inspectorUrl(devnet.log());
  return { devnet, heapUsed: () => heldBytes(url, 'heap') };
}

import { type DevnetProcess, startDevnetProcess } from '../../apps/validator/test/support/devnet-process.ts';

/** A devnet whose memory can be looked at. That is asked of Node's inspector: no RPC method shows it. */
export interface InspectedDevnet {
  readonly devnet: DevnetProcess;
  /** Bytes in use after two forced collections. */
  heapUsed(): Promise<number>;
}

export async function startInspectedDevnet(flags: readonly string[]): Promise<InspectedDevnet> {
  const devnet = await startDevnetProcess(flags, ['--inspect=127.0.0.1:0']);
  const url = /ws:\/\/127\.0\.0\.1:\d+\/[0-9a-f-]+/.exec(devnet.log())?.[0];
  if (url === undefined) throw new Error(`Node did not say where its inspector listens\n${devnet.log()}`);
  return {
    devnet,
    heapUsed: async () => {
      // Anew each time: an inspector that stays connected keeps what it has seen.
      const inspector = await Inspector.connect(url);
      await inspector.send('HeapProfiler.collectGarbage', {});
      await inspector.send('HeapProfiler.collectGarbage', {});
      const answer = await inspector.send('Runtime.evaluate', { expression: 'process.memoryUsage().heapUsed' });
      inspector.close();
      return heapOf(answer);
    },
  };
}

function heapOf(answer: unknown): number {
  const text = JSON.stringify(answer);
  const value = /"value":(\d+)/.exec(text)?.[1];
  if (value === undefined) throw new Error(`the inspector answered ${text}`);
  return Number(value);
}

/** As much of the DevTools protocol as is needed: a question, its answer. */
class Inspector {
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  static connect(url: string): Promise<Inspector> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url);
      socket.addEventListener('open', () => resolve(new Inspector(socket)));
      socket.addEventListener('error', () => reject(new Error(`no inspector at ${url}`)));
    });
  }

  /** One at a time. */
  send(method: string, params: object): Promise<unknown> {
    return new Promise((resolve) => {
      this.#socket.addEventListener('message', ({ data }) => resolve(JSON.parse(String(data))), { once: true });
      this.#socket.send(JSON.stringify({ id: 1, method, params }));
    });
  }

  close(): void {
    this.#socket.close();
  }
}

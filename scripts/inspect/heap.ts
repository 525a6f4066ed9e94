/** Where the inspector of a process listens that runs with --inspect=127.0.0.1:0, by what it has written to standard error. */
export function inspectorUrl(log: string): string {
  const url = /ws:\/\/127\.0\.0\.1:\d+\/[0-9a-f-]+/.exec(log)?.[0];
  if (url === undefined) throw new Error(`Node did not say where its inspector listens\n${log}`);
  return url;
}

/** What a process holds after two forced collections, bytes: its heap, with buffers outside of it or without. */
export async function heldBytes(url: string, what: 'heap' | 'heap and buffers'): Promise<number> {
  // Anew each time: an inspector that stays connected keeps what it has seen.
  const inspector = await Inspector.connect(url);
  await inspector.send('HeapProfiler.collectGarbage', {});
  await inspector.send('HeapProfiler.collectGarbage', {});
  const sum = what === 'heap' ? 'heapUsed' : 'heapUsed + external';
  const expression = `(({ heapUsed, external }) => ${sum})(process.memoryUsage())`;
  const answer = await inspector.send('Runtime.evaluate', { expression });
  inspector.close();
  return numberIn(answer);
}

function numberIn(answer: unknown): number {
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

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { consoleCode, logText } from './console-code.ts';
import { rpc } from './devnet-process.ts';

/**
 * What anvil prints when one call sends all payloads to the console's address: the text of each. It is the oracle: a
 * payload must not log a line that begins with `END`.
 */
export async function anvilConsole(binary: string, payloads: readonly Uint8Array[]): Promise<readonly string[]> {
  const marked = payloads.flatMap((payload) => [payload, logText('END')]);
  const child = spawn(binary, ['--port', '0', '--accounts', '1'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  try {
    const lines = createInterface({ input: child.stdout });
    const texts: string[] = [];
    let since: string[] = [];
    let answered: Promise<unknown> = Promise.resolve();
    for await (const line of lines) {
      const [, address] = /^Listening on (\S+)$/.exec(line) ?? [];
      if (address !== undefined) answered = rpc(`http://${address}`, 'eth_call', [{ data: consoleCode(marked) }]);
      else if (line === 'END') texts.push(since.splice(0).join('\n'));
      else if (line === 'eth_call') since = [];
      else since.push(line);
      if (texts.length < payloads.length) continue;
      await answered;
      return texts;
    }
    throw new Error('anvil ended before it had printed everything');
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@heddle/primitives';
import { rpc } from './devnet-process.ts';

/** `console.log` in ASCII: the address that console.sol calls. */
const CONSOLE_ADDRESS = '636f6e736f6c652e6c6f67';
const CODE_BYTES_A_PAYLOAD = 33;

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
      if (address !== undefined) answered = rpc(`http://${address}`, 'eth_call', [{ data: callAll(marked) }]);
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

/** Init code that calls the console with each payload. */
export function callAll(payloads: readonly Uint8Array[]): string {
  let offset = payloads.length * CODE_BYTES_A_PAYLOAD + 1;
  const code = payloads.map(({ length }) => {
    const copy = `61${word(length)}61${word(offset)}600039`;
    offset += length;
    return `${copy}6000600061${word(length)}60006a${CONSOLE_ADDRESS}5afa50`;
  });
  return `0x${code.join('')}00${payloads.map((payload) => bytesToHex(payload).slice(2)).join('')}`;
}

/** `log(string)` */
function logText(text: string): Uint8Array {
  const bytes = utf8ToBytes(text);
  const data = bytesToHex(bytes).slice(2).padEnd(64, '0');
  return hexToBytes(`0x41304fac${'20'.padStart(64, '0')}${bytes.length.toString(16).padStart(64, '0')}${data}`);
}

/** Two bytes. */
function word(value: number): string {
  return value.toString(16).padStart(4, '0');
}

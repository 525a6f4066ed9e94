import { bytesToHex, hexToBytes, utf8ToBytes } from '@heddle/primitives';

/** `console.log` in ASCII: the address that console.sol calls. */
const CONSOLE_ADDRESS = '636f6e736f6c652e6c6f67';

const CODE_BYTES_A_PAYLOAD = 33;
const CODE_BYTES_AT_THE_END = 15;

/** Code, init code or other, that calls the console with each payload, and reverts with `reverts` if that is not null. */
export function consoleCode(payloads: readonly Uint8Array[], reverts: Uint8Array | null = null): string {
  let offset = payloads.length * CODE_BYTES_A_PAYLOAD + CODE_BYTES_AT_THE_END;
  const copy = ({ length }: Uint8Array): string => {
    // PUSH2 length, PUSH2 offset, PUSH1 0, CODECOPY
    const code = `61${word(length)}61${word(offset)}600039`;
    offset += length;
    return code;
  };
  // PUSH1 0, PUSH1 0, PUSH2 length, PUSH1 0, PUSH11 address, GAS, STATICCALL, POP
  const calls = payloads.map(
    (payload) => `${copy(payload)}6000600061${word(payload.length)}60006a${CONSOLE_ADDRESS}5afa50`,
  );
  // PUSH2 length, PUSH1 0, REVERT; or STOP
  const end = reverts === null ? '00' : `${copy(reverts)}61${word(reverts.length)}6000fd`;
  const data = [...payloads, ...(reverts === null ? [] : [reverts])].map((bytes) => bytesToHex(bytes).slice(2));
  return `0x${calls.join('')}${end.padEnd(CODE_BYTES_AT_THE_END * 2, '0')}${data.join('')}`;
}

/** `log(string)` */
export function logText(text: string): Uint8Array {
  return hexToBytes(`0x41304fac${encodedText(text)}`);
}

/** `Error(string)` */
export function errorText(text: string): Uint8Array {
  return hexToBytes(`0x08c379a0${encodedText(text)}`);
}

/** Up to 32 bytes of text, as ABI data. */
function encodedText(text: string): string {
  const bytes = utf8ToBytes(text);
  const length = bytes.length.toString(16).padStart(64, '0');
  return `${'20'.padStart(64, '0')}${length}${bytesToHex(bytes).slice(2).padEnd(64, '0')}`;
}

/** Two bytes. */
function word(value: number): string {
  return value.toString(16).padStart(4, '0');
}

import { bigintToBytes, concatBytes, hexToBytes } from '@heddle/primitives';
import type { Address } from '@heddle/types';
import { OPERATIONS } from '../src/evm/opcode-table.ts';
import type { Random } from './random.ts';

const OPCODES: readonly number[] = OPERATIONS.map((operation) => operation.opcode);
/** What ends no block: most code is made of it, so that blocks get long. */
const QUIET: readonly number[] = OPERATIONS.filter(({ form }) => form.kind !== 'outer' && form.kind !== 'push').map(
  (operation) => operation.opcode,
);
const JUMPDEST = 0x5b;
const PUSH1 = 0x60;
const PUSH2 = 0x61;
/** MSTORE at 0 and RETURN all memory: what is on the stack and in memory shows in the output. */
const SHOW = Uint8Array.of(0x5f, 0x52, 0x59, 0x5f, 0xf3);

/**
 * Code without sense: it underflows, jumps to where it pleases, in loops too, runs out of gas and stops everywhere. The
 * other generator, `randomProgram`, writes code that mostly runs to its end.
 */
export function randomSoup(random: Random, addresses: readonly Address[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let words = random.below(12); words > 0; words--) parts.push(pushSmall(random));
  for (let count = random.below(60); count > 0; count--) parts.push(randomPiece(random, addresses));
  if (random.chance(70)) parts.push(SHOW);
  const soup = concatBytes(...parts);
  aimJumps(random, soup);
  return soup;
}

function randomPiece(random: Random, addresses: readonly Address[]): Uint8Array {
  switch (random.below(16)) {
    case 0:
      return Uint8Array.of(random.below(256));
    case 1:
      return Uint8Array.of(random.pick(OPCODES));
    case 2:
      return concatBytes(Uint8Array.of(0x73), hexToBytes(random.pick(addresses)));
    case 3:
      return concatBytes(Uint8Array.of(0x7f), bigintToBytes(random.word(), 32));
    case 4:
    case 5:
      return Uint8Array.of(JUMPDEST);
    case 6:
      // Aimed later.
      return Uint8Array.of(PUSH2, 0, 0, random.pick([0x56, 0x57]));
    case 7:
      // By a word that the decoder does not see.
      return Uint8Array.of(PUSH2, 0, 0, 0x80, 0x50, random.pick([0x56, 0x57]));
    case 8:
    case 9:
    case 10:
    case 11:
      return pushSmall(random);
    default:
      return Uint8Array.of(random.pick(QUIET));
  }
}

function pushSmall(random: Random): Uint8Array {
  return Uint8Array.of(PUSH1, random.below(random.pick([4, 40, 256])));
}

/** Gives most jumps a JUMPDEST as their destination. */
function aimJumps(random: Random, soup: Uint8Array): void {
  const destinations = [...soup.keys()].filter((at) => soup[at] === JUMPDEST);
  if (destinations.length === 0) return;
  for (let at = 0; at + 2 < soup.length; at++) {
    if (soup[at] !== PUSH2 || soup[at + 1] !== 0 || soup[at + 2] !== 0 || random.chance(5)) continue;
    const destination = random.pick(destinations);
    soup[at + 1] = destination >> 8;
    soup[at + 2] = destination & 0xff;
  }
}

/**
 * Runs every precompile on random and edge inputs and prints, as one JSON object, which implementations ran and what each
 * input led to. `--pure` does without WebAssembly and native modules: whoever prints the same outcomes agrees.
 *   node packages/execution/scripts/precompile-outcomes.ts [--pure] [--seed N] [--inputs N]
 */
import { given, readCommandLine, wholeNumber } from '@heddle/command-line';
import { withoutNative } from './without-native.ts';

const { flags } = await readCommandLine({
  runs: 'node packages/execution/scripts/precompile-outcomes.ts',
  about: 'Runs every precompile on random and edge inputs and prints what each led to',
  words: '',
  flags: {
    pure: { typed: '--pure', help: 'without WebAssembly and native modules', kind: given, usual: false },
    seed: { typed: '--seed <N>', help: 'of the random inputs', kind: wholeNumber(0, 2 ** 32), usual: 1 },
    inputs: {
      typed: '--inputs <N>',
      help: 'random ones for each precompile',
      kind: wholeNumber(0, 2 ** 20),
      usual: 20,
    },
  },
});

if (flags.pure) withoutNative();

// After the line above: the implementations are chosen when they are imported.
const { bls12, bn254, bytesToHex, keccak256Hex, p256, secp256k1BackendName } = await import('@heddle/primitives');
const { precompileAt } = await import('../src/precompiles/index.ts');
const { edgePrecompileInputs } = await import('./edge-precompile-inputs.ts');
const { PRECOMPILE_NUMBERS, randomPrecompileInput } = await import('./random-precompile-input.ts');
const { Random } = await import('./random.ts');

/** 'gas: output', the output hashed when it is long; 'gas: failed'. */
function outcome(number: number, input: Uint8Array): string {
  const precompile = precompileAt(`0x${number.toString(16).padStart(40, '0')}`);
  if (precompile === null) throw new Error(`no precompile at ${number}`);
  const output = precompile.run(input);
  if (output === null) return `${precompile.gas(input)}: failed`;
  return `${precompile.gas(input)}: ${output.length > 32 ? keccak256Hex(output) : bytesToHex(output)}`;
}

const random = new Random(flags.seed);
const outcomes: Record<string, readonly string[]> = {};
for (const number of PRECOMPILE_NUMBERS) {
  const inputs = Array.from({ length: flags.inputs }, () => randomPrecompileInput(random, number));
  outcomes[number] = [...inputs, ...edgePrecompileInputs(number)].map((input) => outcome(number, input));
}
const backends = [secp256k1BackendName, bls12.name, bn254.name, p256.name];
console.log(JSON.stringify({ backends, outcomes }));

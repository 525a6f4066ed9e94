/**
 * Runs every precompile on random and edge inputs and prints, as one JSON object, which implementations ran and what each
 * input led to. `--pure` does without WebAssembly and native modules: whoever prints the same outcomes agrees.
 *   node packages/execution/scripts/precompile-outcomes.ts [--pure] [--seed N] [--inputs N]
 */
import { parseArgs } from 'node:util';
import { withoutNative } from './without-native.ts';

const { values } = parseArgs({
  options: {
    pure: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    inputs: { type: 'string', default: '20' },
  },
});

if (values.pure) withoutNative();

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

const random = new Random(Number(values.seed));
const outcomes: Record<string, readonly string[]> = {};
for (const number of PRECOMPILE_NUMBERS) {
  const inputs = Array.from({ length: Number(values.inputs) }, () => randomPrecompileInput(random, number));
  outcomes[number] = [...inputs, ...edgePrecompileInputs(number)].map((input) => outcome(number, input));
}
const backends = [secp256k1BackendName, bls12.name, bn254.name, p256.name];
console.log(JSON.stringify({ backends, outcomes }));

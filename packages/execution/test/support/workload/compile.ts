import { readFileSync } from 'node:fs';
import { hexToBytes, isHex } from '@heddle/primitives';
import solc from 'solc';

/** Runtime code of the contracts in Workload.sol. Their balances, allowances and reserves are set in the state. */
export interface WorkloadCode {
  readonly token: Uint8Array;
  readonly pair: Uint8Array;
}

interface CompilerOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly evm: { readonly deployedBytecode: { readonly object: string } } }>>
    >
  >;
}

const SOURCE = 'Workload.sol';

/** Takes solc from npm about a second. */
export function compileWorkload(): WorkloadCode {
  const input = {
    language: 'Solidity',
    sources: { [SOURCE]: { content: readFileSync(new URL(SOURCE, import.meta.url), 'utf8') } },
    settings: {
      evmVersion: 'osaka',
      optimizer: { enabled: true, runs: 10_000 },
      metadata: { bytecodeHash: 'none', appendCBOR: false },
      outputSelection: { [SOURCE]: { '*': ['evm.deployedBytecode.object'] } },
    },
  };
  const output: CompilerOutput = JSON.parse(solc.compile(JSON.stringify(input)));
  const problems = (output.errors ?? []).map(({ formattedMessage }) => formattedMessage);
  if (problems.length > 0) throw new Error(`solc ${solc.version()} on ${SOURCE}:\n${problems.join('\n')}`);
  const codeOf = (name: string): Uint8Array => {
    const code = `0x${output.contracts?.[SOURCE]?.[name]?.evm.deployedBytecode.object ?? ''}`;
    if (!isHex(code) || code === '0x') throw new Error(`${SOURCE} has no contract ${name}`);
    return hexToBytes(code);
  };
  return { token: codeOf('Token'), pair: codeOf('Pair') };
}

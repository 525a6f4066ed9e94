import { readFileSync } from 'node:fs';
import { hexToBytes, isHex } from '@heddle/primitives';
import solc from 'solc';

interface CompilerOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly evm: { readonly deployedBytecode: { readonly object: string } } }>>
    >
  >;
}

/** Runtime code of the contracts of one file, by name. Takes solc from npm about a second. Throws on any error. */
export function compileSolidity(file: URL): (contract: string) => Uint8Array {
  const source = file.pathname;
  const input = {
    language: 'Solidity',
    sources: { [source]: { content: readFileSync(file, 'utf8') } },
    settings: {
      evmVersion: 'osaka',
      optimizer: { enabled: true, runs: 10_000 },
      metadata: { bytecodeHash: 'none', appendCBOR: false },
      outputSelection: { [source]: { '*': ['evm.deployedBytecode.object'] } },
    },
  };
  const output: CompilerOutput = JSON.parse(solc.compile(JSON.stringify(input)));
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    throw new Error(`solc ${solc.version()}:\n${errors.map(({ formattedMessage }) => formattedMessage).join('\n')}`);
  }
  return (contract) => {
    const code = `0x${output.contracts?.[source]?.[contract]?.evm.deployedBytecode.object ?? ''}`;
    if (!isHex(code) || code === '0x') throw new Error(`${source} has no contract ${contract}`);
    return hexToBytes(code);
  };
}

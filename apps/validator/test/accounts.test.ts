import { bytesToHex } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import { HDNodeWallet } from 'ethers';
import { checkMnemonic, deriveAccounts } from '../src/devnet/accounts.ts';
import { checksumAddress } from '../src/devnet/checksum-address.ts';
import { DEFAULT_CHAIN_FLAGS } from '../src/flags/devnet-flags.ts';

describe('accounts of a mnemonic', () => {
  test('the familiar ones', () => {
    const [first, second] = deriveAccounts(DEFAULT_CHAIN_FLAGS.mnemonic, 2);
    expect(first?.address).toBe('0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266');
    expect(bytesToHex(first?.privateKey ?? new Uint8Array())).toBe(
      '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
    );
    expect(second?.address).toBe('0x70997970c51812dc3a010c7d01b50e0d17dc79c8');
  });

  test('those of ethers, with its checksums', () => {
    const mnemonic = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
    const ours = deriveAccounts(mnemonic, 3);
    for (const [index, account] of ours.entries()) {
      const theirs = HDNodeWallet.fromPhrase(mnemonic, '', `m/44'/60'/0'/0/${index}`);
      expect(bytesToHex(account.privateKey)).toBe(theirs.privateKey);
      expect(checksumAddress(account.address)).toBe(theirs.address);
    }
  });

  test.each(['', 'test', 'test test test test test test test test test test test test', 'a b c d e f g h i j k l'])(
    'refuses "%s" and does not repeat it',
    (mnemonic) => {
      expect(() => checkMnemonic(mnemonic)).toThrow(
        expect.objectContaining({ code: 'USAGE', facts: expect.objectContaining({ flag: '--mnemonic' }) }),
      );
      if (mnemonic !== '') expect(() => checkMnemonic(mnemonic)).not.toThrow(mnemonic);
    },
  );
});

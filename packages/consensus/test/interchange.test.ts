import { BLS_SIGNATURE_BYTES, bytesToHex, sha256 } from '@heddle/primitives';
import type { SigningDomain, SigningRequest } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  createSigner,
  encodeInterchange,
  historyIn,
  mergeHistories,
  parseInterchange,
  type SignerHistory,
  type SignerRecord,
  type SignerStore,
  silenceAfterLoss,
} from '../src/index.ts';
import { hashOf } from '../src/testing/index.ts';

const GENESIS = hashOf(1);
const KEY = bytesToHex(new Uint8Array(48).fill(7));
const DOMAIN: SigningDomain = { genesisHash: GENESIS, chainId: 1n, epoch: 2n, validatorSetHash: hashOf(3) };

const record = (slot: string, position: bigint, digest = 1, scope = ''): SignerRecord => ({
  slot,
  position,
  scope,
  digest: hashOf(digest),
  signature: new Uint8Array(BLS_SIGNATURE_BYTES).fill(digest),
});

const history = (...records: readonly SignerRecord[]): SignerHistory => ({ silentBefore: 0n, records });

const RECORDS = [
  record('0/finalize', 3n),
  record('0/notarize', 3n),
  record('0/notarize', 20n),
  record('2/endorse:1', 5n, 4, hashOf(8)),
  record('2/endorse:1', 5n, 4, hashOf(9)),
  record('10/nullify', 1n),
];

function textOf(...records: readonly SignerRecord[]): string {
  return encodeInterchange({ genesisHash: GENESIS, keys: [{ publicKey: KEY, history: history(...records) }] });
}

describe('the file', () => {
  test('has one form whatever the order of the records, and reads back as it was', () => {
    const text = textOf(...RECORDS);
    expect(textOf(...RECORDS.toReversed())).toBe(text);
    expect(parseInterchange(text)).toEqual({
      genesisHash: GENESIS,
      keys: [{ publicKey: KEY, history: history(...RECORDS) }],
    });
    expect(encodeInterchange(parseInterchange(text))).toBe(text);
    expect(historyIn(parseInterchange(text), GENESIS, KEY)).toEqual(history(...RECORDS));
  });

  test('speaks EIP-3076', () => {
    const file: unknown = JSON.parse(textOf(record('0/notarize', 20n)));
    expect(file).toEqual({
      metadata: { interchange_format_version: '1', genesis_hash: GENESIS },
      data: [
        {
          pubkey: KEY,
          silent_before_epoch: '0',
          signed_messages: [
            {
              slot: '0/notarize',
              position: '20',
              scope: '',
              signing_root: hashOf(1),
              signature: bytesToHex(new Uint8Array(BLS_SIGNATURE_BYTES).fill(1)),
            },
          ],
        },
      ],
    });
  });

  test.each<[string, (text: string) => string, string]>([
    ['not JSON', (text) => text.slice(0, -3), ''],
    ['another format', (text) => text.replace('"1"', '"2"'), 'metadata.interchange_format_version'],
    ['a number for a string', (text) => text.replace('"20"', '20'), 'data[0].signed_messages[2].position'],
    ['a number with a leading zero', (text) => text.replace('"20"', '"020"'), 'data[0].signed_messages[2].position'],
    ['a number above 64 bits', (text) => text.replace('"20"', `"${2n ** 64n}"`), 'data[0].signed_messages[2].position'],
    ['an unknown kind', (text) => text.replace('0/finalize', '0/vote'), 'data[0].signed_messages[0].slot'],
    ['a field too many', (text) => text.replace('"scope"', '"extra": 1, "scope"'), 'data[0].signed_messages[0]'],
    ['a field missing', (text) => text.replace(/"silent_before_epoch": "0",/, ''), 'data[0]'],
    ['upper-case hex', (text) => text.replace(KEY, KEY.replace('07', '0A')), 'data[0].pubkey'],
    [
      'a scope on a vote',
      (text) => text.replace('"scope": ""', `"scope": "${hashOf(1)}"`),
      'data[0].signed_messages[0].scope',
    ],
    ['records out of order', (text) => text.replace('"20"', '"2"'), 'data[0].signed_messages[2]'],
    ['a record twice', (text) => text.replace('"20"', '"3"'), 'data[0].signed_messages[2]'],
    ['no object', () => '[]', ''],
  ])('with %s is refused, saying where', (_, change, path) => {
    const changed = change(textOf(...RECORDS));
    expect(() => parseInterchange(changed)).toThrow(
      expect.objectContaining({ code: 'INVALID_INTERCHANGE', facts: expect.objectContaining({ path }) }),
    );
  });

  test('of another chain or without the key is refused', () => {
    const file = parseInterchange(textOf());
    const refused = expect.objectContaining({ code: 'INVALID_INTERCHANGE' });
    expect(() => historyIn(file, hashOf(2), KEY)).toThrow(refused);
    expect(() => historyIn(file, GENESIS, bytesToHex(new Uint8Array(48)))).toThrow(refused);
  });
});

describe('an import', () => {
  test('is the union, with the higher watermark', () => {
    const own = [record('0/notarize', 3n), record('0/notarize', 4n, 2)];
    const merged = mergeHistories(history(...own), history(record('0/notarize', 4n, 2), record('0/notarize', 90n, 5)));
    expect(merged).toEqual(history(...own, record('0/notarize', 90n, 5)));
  });

  test('ends a silence, unless the file was made in one', () => {
    const silent = { silentBefore: silenceAfterLoss(4n), records: [] };
    expect(silent.silentBefore).toBe(6n);
    expect(mergeHistories(silent, history()).silentBefore).toBe(0n);
    expect(mergeHistories(history(), silent).silentBefore).toBe(6n);
  });

  test.each([
    ['two messages in one place', record('0/notarize', 3n), record('0/notarize', 3n, 2)],
    ['two chunks on one parent', record('0/endorse:1', 3n, 1, hashOf(9)), record('0/endorse:1', 4n, 2, hashOf(9))],
    ['finalize with nullify', record('0/finalize', 3n), record('0/nullify', 3n, 2)],
    ['nullify with finalize', record('0/nullify', 3n), record('0/finalize', 3n, 2)],
  ])('that contradicts is refused: %s', (_, own, imported) => {
    expect(() => mergeHistories(history(own), history(imported))).toThrow(
      expect.objectContaining({
        code: 'CONTRADICTORY_SIGNER_RECORDS',
        facts: expect.objectContaining({ slot: expect.anything() }),
      }),
    );
  });
});

/** A database that can be lost, exported and imported. */
class Database implements SignerStore {
  history: SignerHistory = history();

  silentBefore(): bigint {
    return this.history.silentBefore;
  }

  load(): readonly SignerRecord[] {
    return this.history.records;
  }

  append(added: SignerRecord): Promise<void> {
    this.history = { ...this.history, records: [...this.history.records, added] };
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  export(): string {
    return encodeInterchange({ genesisHash: GENESIS, keys: [{ publicKey: KEY, history: this.history }] });
  }

  import(text: string): void {
    this.history = mergeHistories(this.history, historyIn(parseInterchange(text), GENESIS, KEY));
  }
}

function request(kind: number, view: bigint, block: number, epoch: bigint): SigningRequest {
  const parent = { parentView: view - 1n, parentHash: hashOf(1), justificationRoot: hashOf(2) };
  const tuple = { epoch, view, ...parent, blockHash: hashOf(block) };
  if (kind === 0) return { kind: 'propose', tuple };
  if (kind === 1) return { kind: 'notarize', tuple };
  if (kind === 2) return { kind: 'finalize', tuple };
  if (kind === 3) return { kind: 'nullify', epoch, view };
  const place = { shard: 0, parentBlockHash: hashOf(Number(view) + 100), chunkHash: hashOf(block), height: view };
  return { kind: kind === 4 ? 'endorse' : 'produce', ...place };
}

/** The place of a request: nothing else is ever signed there. */
function placeName(asked: SigningRequest, epoch: bigint): string {
  if ('height' in asked) return `${epoch} ${asked.kind} ${asked.parentBlockHash}`;
  return `${epoch} ${asked.kind} ${'tuple' in asked ? asked.tuple.view : asked.view}`;
}

type Act =
  | { readonly act: 'sign'; readonly kind: number; readonly view: bigint; readonly block: number }
  | { readonly act: 'restart' | 'lose' | 'move' | 'nextEpoch' };

const acts: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      act: fc.constant('sign' as const),
      kind: fc.integer({ min: 0, max: 5 }),
      view: fc.bigInt(1n, 3n),
      block: fc.integer({ min: 1, max: 2 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ act: fc.constantFrom('restart' as const, 'move' as const) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constantFrom('lose' as const, 'nextEpoch' as const) }) },
);

test('law: through restarts, losses and moves between machines, one message a place and no evidence', async () => {
  let granted = 0;
  let silent = 0;
  const property = fc.asyncProperty(fc.array(acts, { maxLength: 60 }), async (steps) => {
    let epoch = 0n;
    let database = new Database();
    const signerNow = (): ReturnType<typeof createSigner> =>
      createSigner({
        store: database,
        domain: { ...DOMAIN, epoch },
        journaled: [],
        signDigest: (digest) => widen(digest),
      });
    let signer = signerNow();
    const signedIn = new Map<string, string>();
    for (const step of steps) {
      if (step.act === 'sign') {
        const asked = request(step.kind, step.view, step.block, epoch);
        const result = await signer.sign(asked);
        silent += !result.ok && result.reason.includes('silent before') ? 1 : 0;
        if (!result.ok) continue;
        granted += 1;
        const content = `${bytesToHex(result.signature)}`;
        expect(signedIn.get(placeName(asked, epoch)) ?? content).toBe(content);
        signedIn.set(placeName(asked, epoch), content);
        const pair = `${epoch} ${asked.kind === 'nullify' ? 'finalize' : 'nullify'} ${step.view}`;
        if (asked.kind === 'nullify' || asked.kind === 'finalize') expect(signedIn.has(pair)).toBe(false);
        continue;
      }
      if (step.act === 'nextEpoch') epoch += 1n;
      if (step.act === 'move') {
        // To another machine, which may have an older copy already.
        const text = database.export();
        const next = new Database();
        next.import(text);
        next.import(text);
        expect(next.export()).toBe(text);
        database = next;
      }
      if (step.act === 'lose') {
        database = new Database();
        database.history = { silentBefore: silenceAfterLoss(epoch), records: [] };
      }
      signer = signerNow();
    }
  });
  await fc.assert(property, { numRuns: 300 });
  expect(granted).toBeGreaterThan(100);
  expect(silent).toBeGreaterThan(10);
});

/** Bytes that stand for the message, as a signature does. */
function widen(digest: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(BLS_SIGNATURE_BYTES);
  bytes.set(digest);
  bytes.set(sha256(digest), 32);
  return bytes;
}

test('a silent signer refuses everything and says how to end it; from its epoch on it signs', async () => {
  const database = new Database();
  database.history = { silentBefore: silenceAfterLoss(0n), records: [] };
  const signerOf = (epoch: bigint): ReturnType<typeof createSigner> =>
    createSigner({ store: database, domain: { ...DOMAIN, epoch }, journaled: [], signDigest: widen });
  for (const epoch of [0n, 1n]) {
    const requests = [0, 1, 2, 3, 4, 5].map((kind) => request(kind, 1n, 1, epoch));
    for (const asked of [...requests, { kind: 'randao', epoch, view: 1n } as const]) {
      const result = await signerOf(epoch).sign(asked);
      expect(result).toMatchObject({
        ok: false,
        reason: expect.stringMatching(/silent before epoch 2.*signer import/),
      });
    }
  }
  expect(await signerOf(2n).sign(request(1, 1n, 1, 2n))).toMatchObject({ ok: true });
  expect(database.history.records).toHaveLength(1);
});

import { decodeRlp, encodeRlp, type RlpItem } from '@heddle/primitives';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AnyEvidence, decodeEvidence, type EvidenceReport, encodeEvidence } from '../src/index.ts';
import { evidenceReport } from './arbitraries.ts';

/** One report of the kind. */
function reportOf(kind: AnyEvidence['kind']): EvidenceReport {
  const [report] = fc.sample(
    evidenceReport.filter(({ evidence }) => evidence.kind === kind),
    { numRuns: 1, seed: 1 },
  );
  if (report === undefined) throw new TypeError('samples');
  return report;
}

function fieldsOf(report: EvidenceReport): readonly RlpItem[] {
  const fields = decodeRlp(encodeEvidence(report));
  if (fields instanceof Uint8Array) throw new TypeError('fields');
  return fields;
}

function partsOf(report: EvidenceReport): readonly RlpItem[] {
  const parts = fieldsOf(report)[2];
  if (parts === undefined || parts instanceof Uint8Array) throw new TypeError('parts');
  return parts;
}

const refused = expect.objectContaining({ code: 'INVALID_ENCODING' });

test('each kind has its tag', () => {
  const kinds = [
    'doublePropose',
    'doubleVote',
    'notarizeAndFinalize',
    'nullifyAndFinalize',
    'badJustification',
    'conflictingCertificates',
    'doubleProduce',
    'doubleEndorse',
  ] as const;
  for (const [index, kind] of kinds.entries()) {
    const report = reportOf(kind);
    expect(fieldsOf(report)[0]).toEqual(Uint8Array.of(index + 1));
    expect(decodeEvidence(encodeEvidence(report))).toEqual(report);
  }
});

test('the wrong number or kind of parts is refused', () => {
  const parts = partsOf(reportOf('doublePropose'));
  const [tag, epoch] = [Uint8Array.of(1), Uint8Array.of(7)];
  expect(() => decodeEvidence(encodeRlp([tag, epoch, parts]))).not.toThrow();
  const bad: readonly RlpItem[] = [
    [tag, epoch],
    [tag, epoch, parts, parts],
    [tag, epoch, parts.slice(1)],
    [tag, epoch, [...parts, ...parts]],
    [tag, epoch, [[], []]],
    [Uint8Array.of(2), epoch, parts],
    [Uint8Array.of(5), epoch, parts],
    [Uint8Array.of(7), epoch, parts],
    [Uint8Array.of(9), epoch, parts],
    [new Uint8Array(0), epoch, parts],
    [tag, new Uint8Array(9).fill(1), parts],
  ];
  for (const item of bad) expect(() => decodeEvidence(encodeRlp(item))).toThrow(refused);
});

test('two parts of different signers accuse nobody: no evidence by form', () => {
  const mine = partsOf(reportOf('doubleEndorse'));
  const theirs = fc
    .sample(
      evidenceReport.filter(({ evidence }) => evidence.kind === 'doubleEndorse'),
      { numRuns: 9, seed: 2 },
    )
    .map(partsOf);
  for (const [other] of theirs) {
    if (other === undefined) throw new TypeError('parts');
    expect(() => decodeEvidence(encodeRlp([Uint8Array.of(8), Uint8Array.of(7), [...mine.slice(0, 1), other]]))).toThrow(
      refused,
    );
  }
});

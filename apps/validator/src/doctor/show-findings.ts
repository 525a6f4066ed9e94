import type { Finding } from './finding.ts';

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: 'ok', warning: 'look', wrong: 'WRONG' };

/** A line for each, and one that sums up. */
export function findingsText(findings: readonly Finding[]): string {
  const lines = findings.map(({ subject, state, says }) => `${MARKS[state].padEnd(7)}${subject.padEnd(16)}${says}\n`);
  const count = (state: Finding['state']): number => findings.filter((finding) => finding.state === state).length;
  const [wrong, warnings] = [count('wrong'), count('warning')];
  const sum = wrong > 0 ? `${wrong} wrong: a node does not run like that` : 'a node can run like that';
  return `${lines.join('')}${sum}${warnings > 0 ? `; ${warnings} to look at` : ''}\n`;
}

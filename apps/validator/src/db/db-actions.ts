import { type ChainInfo, inspectChain, type VerifiedChain, verifyChain } from '@heddle/storage';
import { DATA_VERSION } from '../data-dir/layout.ts';
import type { DbActions } from '../flags/db-commands.ts';
import { rowsText } from '../rows-text.ts';
import { withChain } from './hold-chain.ts';
import { DATA_PARTS, type PartSizes, partSizes } from './part-sizes.ts';
import { openProgressLine, type ProgressSurroundings } from './progress-line.ts';

export interface DbSurroundings extends ProgressSurroundings {
  readonly print: (text: string) => void;
}

/** The `db` commands. They reject with a `UserError`. */
export function dbActions(surroundings: DbSurroundings): DbActions {
  const { print } = surroundings;
  return {
    info: ({ dataDir, json }) =>
      withChain(dataDir, async ({ data }) => {
        const sizes = await partSizes(data);
        const info = await inspectChain(data);
        const facts = { dataDir, dataVersion: DATA_VERSION, ...infoJson(info), bytes: sizes };
        print(json ? `${JSON.stringify(facts)}\n` : infoText(info, sizes));
      }),
    verify: ({ dataDir, json }) =>
      withChain(dataDir, async ({ data }) => {
        const line = openProgressLine(surroundings);
        const found = await verifyChain(data, line.show).finally(line.end);
        const isSound = found.damageCount === 0;
        print(json ? `${JSON.stringify(verifiedJson(dataDir, found))}\n` : verifiedText(found));
        return isSound;
      }),
  };
}

function infoJson(info: ChainInfo): object {
  const { finalized, ...rest } = info;
  return {
    ...rest,
    format: Number(info.format),
    height: Number(info.height),
    headTimestamp: Number(info.headTimestamp),
    oldestState: Number(info.oldestState),
    finalized:
      finalized === null ? null : { ...finalized, epoch: Number(finalized.epoch), view: Number(finalized.view) },
  };
}

function verifiedJson(dataDir: string, { info, counts, damages, damageCount }: VerifiedChain): object {
  const chain = info === null ? null : infoJson(info);
  return { dataDir, isSound: damageCount === 0, chain, counts, damageCount, damages };
}

function infoText(info: ChainInfo, sizes: PartSizes): string {
  const { finalized, height, oldestState, isPruned } = info;
  const states = `of blocks ${oldestState} to ${height}${isPruned ? '' : '; what is older waits to be deleted'}`;
  return rowsText([
    ['format', `${info.format} (data version ${DATA_VERSION})`],
    ['genesis', info.genesisHash],
    ['shards', String(info.shards)],
    ['head', `block ${height}, ${info.headHash}, ${new Date(Number(info.headTimestamp) * 1_000).toISOString()}`],
    ['finalized', finalized === null ? 'nothing yet' : `view ${finalized.view} of epoch ${finalized.epoch}`],
    ['states', states],
    ['not final', `${info.unfinalBlocks} blocks`],
    ...DATA_PARTS.map((part): [string, string] => [part, bytesText(sizes[part])]),
  ]);
}

function verifiedText({ info, counts, damages, damageCount }: VerifiedChain): string {
  const lines = damages.map(({ part, what }) => `DAMAGED  ${part.padEnd(14)}${what}\n`);
  if (damageCount > damages.length) lines.push(`… and ${damageCount - damages.length} more\n`);
  if (damageCount > 0) {
    lines.push(
      'The chain is damaged. Remove the folder data/chain and start the node: it fetches the chain from the other ' +
        'validators. Leave signer and journal where they are\n',
    );
  } else if (info !== null && counts !== null) {
    const { blocks, transactions, messages, accounts, slots, nodes } = counts;
    lines.push(
      `sound: ${blocks} blocks up to ${info.height}, ${transactions} transactions, ${messages} messages, ` +
        `${accounts} accounts, ${slots} slots, ${nodes} trie nodes\n`,
    );
  }
  return lines.join('');
}

function bytesText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

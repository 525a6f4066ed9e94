import { type JournalRecord, viewOf } from '@heddle/consensus';
import type { ControlOperation } from '@heddle/types';
import type { WorldEvent } from './events.ts';

/** One line of the trace. */
export function describeEvent(event: WorldEvent): string {
  switch (event.kind) {
    case 'started':
      return `${event.machine} started at block ${event.chain.tree.root.height}`;
    case 'ended':
      return `${event.machine} ${event.how}`;
    case 'final':
      return `${event.machine} final ${event.block.height} ${event.block.hash}`;
    case 'journaled':
      return `${event.machine} journaled ${event.records.map(describeRecord).join(', ')}`;
    case 'voteSent':
      return `${event.machine} votes ${event.vote.kind} ${viewOf(event.vote)}`;
    case 'accused':
      return `${event.machine} accuses ${event.culprits.join(' ')} of ${event.proof}`;
    case 'peerBlocked':
      return `${event.machine} blocks ${event.peer}: ${event.reason}`;
    case 'misdeed':
      return `${event.machine} is a ${event.actor.name}, ${event.witness === null ? 'unseen' : `seen by ${event.witness}`}`;
    case 'sectionAsked':
      return `${event.machine} makes a section on ${event.parentHash} up to ${event.gasTarget} gas`;
    case 'submitted':
      return `user sends ${event.transaction.hash}`;
    case 'controlSubmitted': {
      const { number, operations } = event.submission;
      return `owner wants ${number}: ${operations.map(describeOperation).join(', ')}`;
    }
    case 'healed':
      return 'healed';
  }
}

function describeOperation(operation: ControlOperation): string {
  switch (operation.kind) {
    case 'mine':
      return `mine ${operation.count} from ${operation.firstTimestamp} every ${operation.interval} s`;
    case 'code':
      return `code of ${operation.address}, ${operation.code.length} bytes`;
    case 'storage':
      return `storage of ${operation.address}, ${operation.slot} to ${operation.value}`;
    case 'balance':
    case 'nonce':
      return `${operation.kind} of ${operation.address} to ${operation.value}`;
    case 'nextBaseFee':
    case 'nextPrevRandao':
    case 'gasLimit':
      return `${operation.kind} ${operation.value}`;
  }
}

function describeRecord(record: JournalRecord): string {
  switch (record.kind) {
    case 'firstProposal':
      return `proposal ${record.proposal.tuple.view} ${record.proposal.tuple.blockHash}`;
    case 'ownVote':
      return `own ${record.vote.kind} ${viewOf(record.vote)}`;
    case 'certificate':
    case 'floor':
      return `${record.kind} ${record.certificate.kind} ${viewOf(record.certificate)}`;
    case 'epochSwitch':
      return `epoch ${record.epoch} on ${record.baseHash}`;
  }
}

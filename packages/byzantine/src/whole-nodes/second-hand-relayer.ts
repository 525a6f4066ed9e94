import { decodeWireMessage, kindOfEnvelope, type WireMessage } from '@heddle/network';
import { CHUNK_STREAM } from '@heddle/node';
import type { Chunk, Endorsement } from '@heddle/types';
import type { Actor, ActorTools } from '../actor.ts';
import { spoiled } from '../forge.ts';
import { forging } from '../over-the-wire.ts';
import { sayToAll } from './seeing-proposals.ts';

/** Passes on what has to come first-hand: each check of it costs a signature, and nobody is to blame for it but the relayer. */
export const secondHandRelayer: Actor = {
  name: 'second-hand-relayer',
  description: 'relays chunks of others, genuine and forged, unasked; endorses with bad signatures and in other names',
  proofs: [],
  start: (tools) => {
    const tampering = forging('endorsement', (message) => {
      tools.misdeed(null);
      return tools.dice.shuffled([...badEndorsements(tools, message.endorsement), message]);
    });
    return {
      ...tampering,
      receive: (_from, protocol, payload) => {
        if (protocol === CHUNK_STREAM && kindOfEnvelope(payload) === 'chunk') {
          const message = decodeWireMessage(payload);
          if (message.kind === 'chunk') relay(tools, message.chunk);
        }
        return payload;
      },
    };
  },
};

function relay(tools: ActorTools, chunk: Chunk): void {
  const { producer } = chunk.header;
  if (producer === tools.index) return;
  tools.misdeed(null);
  const header = { ...chunk.header, gasUsed: chunk.header.gasUsed + 1n };
  const copies: readonly Chunk[] = [chunk, { ...chunk, signature: spoiled(chunk.signature) }, { ...chunk, header }];
  for (const copy of tools.dice.shuffled(copies)) sayToAll(tools, { kind: 'chunk', chunk: copy }, [producer]);
}

function badEndorsements({ index, validatorCount }: ActorTools, endorsement: Endorsement): readonly WireMessage[] {
  const signature = spoiled(endorsement.signature);
  const signer = (index + 1) % validatorCount;
  return [
    { ...endorsement, signature },
    { ...endorsement, signer },
    { ...endorsement, signer, signature },
  ].map((bad) => ({ kind: 'endorsement', endorsement: bad }));
}

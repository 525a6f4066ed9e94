import type { Hex } from '@heddle/primitives';
import { InvalidParamsError, MethodUnavailableError, SubscriptionNotFoundError } from '../errors.ts';
import { quantity } from '../format/quantity.ts';
import { ANY_LOG } from '../logs/criteria.ts';
import { parseUint256 } from '../parse/hex.ts';
import { parseLogCriteria } from '../parse/log-filter.ts';
import { parseBoolean, parseString } from '../parse/scalars.ts';
import type { MethodTable, RequestContext } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';
import type { Params } from '../protocol/params.ts';
import type { SubscriptionSink } from '../subscriptions/sink.ts';
import type { SubscriptionHub, Topic } from '../subscriptions/subscription-hub.ts';

/** Over WebSocket only. Nothing is pushed before the answer that tells the subscription's id. */
export function subscriptionMethods(hub: SubscriptionHub): MethodTable {
  return {
    eth_subscribe: method(2, (params, context) => {
      const sink = requireSink(context);
      const id = hub.add(sink, parseTopic(params));
      context.afterAnswer(() => {
        hub.activate(id);
      });
      return id;
    }),
    eth_unsubscribe: method(1, (params, context) => {
      const sink = requireSink(context);
      const id = params.required(0, (value): Hex => quantity(parseUint256(value)));
      if (!hub.remove(sink, id)) throw new SubscriptionNotFoundError();
      return true;
    }),
  };
}

function requireSink({ session }: RequestContext): SubscriptionSink {
  if (session.sink === null) {
    throw new MethodUnavailableError('notifications not supported: subscribe over WebSocket, on this same port');
  }
  // A request that was under way when its connection ended must not leave a subscription behind.
  if (!session.sink.isOpen) throw new MethodUnavailableError('the connection is closed');
  return session.sink;
}

function parseTopic(params: Params): Topic {
  const name = params.required(0, parseString);
  switch (name) {
    case 'newHeads':
      return { kind: 'newHeads' };
    case 'logs':
      return { kind: 'logs', criteria: params.optional(1, parseLogCriteria, ANY_LOG) };
    case 'newPendingTransactions':
      return { kind: 'newPendingTransactions', hydrated: params.optional(1, parseBoolean, false) };
    default:
      throw new InvalidParamsError(
        `no "${name.slice(0, 40)}" subscription in eth namespace, want newHeads, logs or newPendingTransactions`,
      );
  }
}

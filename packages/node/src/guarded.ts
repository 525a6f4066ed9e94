import type { Transport } from '@heddle/network';
import type { Scheduler } from '@heddle/runtime';

/** Told of what a task or handler threw. */
type Fail = (error: unknown) => void;

/**
 * A scheduler for the tasks of one validator: an exception in one ends that validator, by its name, and neither the
 * process nor the others in it. Nothing that a user or peer chooses may throw there at all.
 */
export function guardedScheduler(scheduler: Scheduler, fail: Fail): Scheduler {
  return {
    after: (delayMs, task) => scheduler.after(delayMs, guarded(task, fail)),
    soon: (task) => scheduler.soon(guarded(task, fail)),
  };
}

/** The same for what a transport calls. An answer that fails is the answering side's to judge (`Responder`). */
export function guardedTransport(transport: Transport, fail: Fail): Transport {
  return {
    self: transport.self,
    peers: () => transport.peers(),
    start: () => transport.start(),
    stop: () => transport.stop(),
    send: (to, protocol, payload) => transport.send(to, protocol, payload),
    onDirect: (protocol, handler) => transport.onDirect(protocol, guarded(handler, fail)),
    publish: (topic, payload) => transport.publish(topic, payload),
    subscribe: (topic, handler) => transport.subscribe(topic, guarded(handler, fail)),
    request: (to, protocol, payload, timeoutMs) => transport.request(to, protocol, payload, timeoutMs),
    onRequest: (protocol, handler) => transport.onRequest(protocol, handler),
    onPeerChange: (listener) => transport.onPeerChange(guarded(listener, fail)),
    block: (peer) => transport.block(peer),
    unblock: (peer) => transport.unblock(peer),
  };
}

function guarded<A extends readonly unknown[]>(run: (...args: A) => void, fail: Fail): (...args: A) => void {
  return (...args) => {
    try {
      run(...args);
    } catch (error) {
      fail(error);
    }
  };
}

import { connect, type Socket } from 'node:net';
import type { Tally } from './tally.ts';
import { loopbackAddress, type Orders, socketAddressOf } from './target.ts';

/** Far above what an address may have. */
const FROM_ONE_ADDRESS = 500;
const HALF_OPEN = 60;
/** What speaks of libp2p begins with. */
const GREETING = '\u0013/multistream/1.0.0\n';
/** Those that say nothing are closed by then: the handshake's time and some more. */
const PATIENCE_MS = 30_000;
const POLL_MS = 20;

/** 500 connections from one address, which say nothing; true if all were closed. */
export function crowd(orders: Orders, tally: Tally): Promise<boolean> {
  const from = Array.from({ length: FROM_ONE_ADDRESS }, () => loopbackAddress(99_999));
  return hold(orders, tally, '500 connections from one address', from, '');
}

/** Connections of many addresses that begin to speak and stop; true if all were closed. */
export function halfOpen(orders: Orders, tally: Tally): Promise<boolean> {
  const from = Array.from({ length: HALF_OPEN }, (_, number) => loopbackAddress(50_000 + number));
  return hold(orders, tally, 'half-open connections', from, GREETING);
}

async function hold(
  { targets: [target = ''] }: Orders,
  tally: Tally,
  what: string,
  from: readonly string[],
  says: string,
): Promise<boolean> {
  const deed = tally.of('outside', what);
  const sockets: Socket[] = from.map((localAddress) => {
    const socket = connect({ ...socketAddressOf(target), localAddress });
    socket.on('error', () => undefined);
    socket.on('close', () => (deed.ended += 1));
    socket.on('connect', () => socket.write(says));
    return socket;
  });
  deed.connections += sockets.length;
  const endMs = performance.now() + PATIENCE_MS;
  while (deed.ended < sockets.length && performance.now() < endMs)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  const isClosed = deed.ended === sockets.length;
  for (const socket of sockets) socket.destroy();
  return isClosed;
}

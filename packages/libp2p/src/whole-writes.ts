import type { ConnectionEncrypter, MessageStream } from '@libp2p/interface';

/**
 * An encrypter whose records leave in one write each. Noise hands over the length of a record and the record itself, TCP
 * writes each by itself, and with no delay on the socket each is a packet: twice the system calls, on both sides.
 */
export function withWholeWrites<C>(
  create: (components: C) => ConnectionEncrypter,
): (components: C) => ConnectionEncrypter {
  return (components) => {
    const encrypter = create(components);
    return {
      protocol: encrypter.protocol,
      secureInbound: (connection, options) => encrypter.secureInbound(joining(connection), options),
      secureOutbound: (connection, options) => encrypter.secureOutbound(joining(connection), options),
    };
  };
}

/** The connection itself, since libp2p holds on to it. */
function joining<S extends MessageStream>(connection: S): S {
  const send = connection.send.bind(connection);
  connection.send = (data) => send(data.subarray());
  return connection;
}

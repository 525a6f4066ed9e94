import { probeAddress } from '../devnet/probe-address.ts';
import { type AddressFlags, METRICS_ADDRESS_FLAGS, RPC_ADDRESS_FLAGS } from '../errors.ts';
import type { ValidatorSettings } from '../flags/validator-flags.ts';
import { checked, type Finding } from './finding.ts';

interface Listener {
  readonly subject: string;
  readonly host: string;
  readonly port: number;
  readonly flags: AddressFlags;
}

/** Whether what a node would listen on is free. */
export async function checkAddresses(values: ValidatorSettings): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { subject, host, port, flags } of listenersOf(values)) {
    const { finding } = await checked(subject, async () => {
      await probeAddress(host, port, flags);
      return { value: null, says: port === 0 ? `any free port of ${host}` : `port ${port} of ${host} is free` };
    });
    findings.push(finding);
  }
  return findings;
}

function listenersOf({
  rpcHost,
  rpcPort,
  metricsHost,
  metricsPort,
  p2pListen,
}: ValidatorSettings): readonly Listener[] {
  const rpc = { subject: 'RPC', host: rpcHost, port: rpcPort, flags: RPC_ADDRESS_FLAGS };
  const peers = p2pListen.flat().map((address) => ({
    subject: 'peers',
    ...hostAndPort(address),
    flags: { host: '--p2p-listen', port: '--p2p-listen' },
  }));
  if (metricsPort === null) return [rpc, ...peers];
  return [rpc, ...peers, { subject: 'metrics', host: metricsHost, port: metricsPort, flags: METRICS_ADDRESS_FLAGS }];
}

/** Of a multiaddress of TCP, as the flag takes it. */
function hostAndPort(address: string): { readonly host: string; readonly port: number } {
  const [, , host = '', , port = '0'] = address.split('/');
  return { host, port: Number(port) };
}

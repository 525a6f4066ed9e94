import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Who may talk to the server. */
export interface AccessRules {
  /** Web origins whose pages may call it ('*': all). A request without an Origin is not from a page. */
  readonly corsOrigins: readonly string[];
  /** Names that the Host header may have beside localhost and IP addresses ('*': all): stops DNS rebinding. */
  readonly allowedHosts: readonly string[];
}

/** null, or why the request is refused. */
export function refusal(request: IncomingMessage, rules: AccessRules): string | null {
  const { host, origin } = request.headers;
  if (host !== undefined && !isAllowedHost(host, rules.allowedHosts)) {
    return `the host ${host.slice(0, 100)} is not allowed: add it to the allowed hosts, or use localhost or the IP address`;
  }
  if (origin !== undefined && !isAllowedOrigin(origin, rules.corsOrigins) && !isSameOrigin(origin, host)) {
    return `the origin ${origin.slice(0, 100)} is not allowed: add it to the CORS origins`;
  }
  return null;
}

function isAllowedOrigin(origin: string, allowed: readonly string[]): boolean {
  return allowed.includes('*') || allowed.includes(origin.toLowerCase());
}

function isSameOrigin(origin: string, host: string | undefined): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

function isAllowedHost(host: string, allowed: readonly string[]): boolean {
  if (allowed.includes('*')) return true;
  const name = hostName(host).toLowerCase();
  return name === 'localhost' || isIP(name) !== 0 || allowed.includes(name);
}

/** Without the port and without an IPv6 address's brackets. */
function hostName(host: string): string {
  if (host.startsWith('[')) return host.slice(1, host.indexOf(']'));
  const colon = host.lastIndexOf(':');
  return colon === -1 ? host : host.slice(0, colon);
}

/** From this machine itself; a proxy on this machine speaks for somebody else. */
export function isLoopback(request: IncomingMessage): boolean {
  const { headers, socket } = request;
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) return false;
  const address = socket.remoteAddress ?? '';
  const ipv4 = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
  return address === '::1' || (isIP(ipv4) === 4 && ipv4.startsWith('127.'));
}

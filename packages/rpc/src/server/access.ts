import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * Who may talk to the server, beside this machine's own programs and pages. The Host header tells which name a browser
 * was given for this server: a name that is not ours is DNS rebinding. The Origin header tells whose page it shows.
 */
export interface AccessRules {
  /** Web origins whose pages may call it, beside those served from this machine. '*': all, but not control methods. */
  readonly corsOrigins: readonly string[];
  /** Names that the Host header may have, beside those of this machine. '*': all. */
  readonly allowedHosts: readonly string[];
  /** Control methods are answered to whoever reaches the server, even where that may be other machines. */
  readonly allowControl: boolean;
}

/** Headers that proxies add: whoever talks through one is not on this machine, though the proxy is. */
const PROXY_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/** Decides about every request by its headers, and by the address that the server listens on. */
export class Access {
  readonly #origins: ReadonlySet<string>;
  readonly #hosts: ReadonlySet<string>;
  readonly #allowControl: boolean;
  /** Nobody but this machine reaches the server. */
  #isLocal: boolean;

  constructor({ corsOrigins, allowedHosts, allowControl }: AccessRules, host: string) {
    this.#origins = new Set(corsOrigins.map((origin) => origin.toLowerCase()));
    this.#hosts = new Set([...allowedHosts, host].map((name) => name.toLowerCase()));
    this.#allowControl = allowControl;
    this.#isLocal = isLoopbackName(host.toLowerCase());
  }

  /** Tells the address that was really taken: a name may stand for any. */
  listensOn(address: string): void {
    this.#isLocal = isLoopbackName(address);
  }

  /** null, or why the request is refused. */
  refusal({ headers: { host, origin } }: IncomingMessage): string | null {
    if (host !== undefined && !this.#isOwnHost(host)) {
      const name = hostName(host).slice(0, 100);
      return `the host "${name}" is not one of this node's: use localhost, or start the node with --allow-host ${name}`;
    }
    if (origin !== undefined && !this.#mayCall(origin, host)) {
      return `pages of ${origin.slice(0, 100)} may not call this node: start it with --cors ${origin.slice(0, 100)}`;
    }
    return null;
  }

  /** null, or why the request, which is not refused as such, may not use control methods. */
  controlRefusal({ headers, socket }: IncomingMessage): string | null {
    const { host, origin } = headers;
    if (origin !== undefined && !this.#mayControl(origin, host)) {
      return `changes this network or signs for it, which pages of ${origin.slice(0, 100)} may not do: name their origin with --cors`;
    }
    if (this.#allowControl) return null;
    const isProxied = PROXY_HEADERS.some((name) => headers[name] !== undefined);
    if (this.#isLocal && !isProxied && isLoopbackName(socket.remoteAddress ?? '')) return null;
    return 'changes this network or signs for it, and other machines may reach this node: start it with --allow-control to allow that';
  }

  /** What a browser is told about who may read the answer to a request that is not refused. */
  readableBy(origin: string): string {
    return this.#origins.has('*') && !this.#origins.has(origin.toLowerCase()) ? '*' : origin;
  }

  #mayCall(origin: string, host: string | undefined): boolean {
    return this.#origins.has('*') || this.#origins.has(origin.toLowerCase()) || this.#mayControl(origin, host);
  }

  /** A page of this machine is somebody's dApp under development. One without an origin can be anybody's. */
  #mayControl(origin: string, host: string | undefined): boolean {
    if (origin === 'null') return false;
    const written = origin.toLowerCase();
    return this.#origins.has(written) || isLoopbackOrigin(written) || this.#isSameOrigin(written, host);
  }

  /** A page from this port's own name, as behind a proxy; not by a name that is only allowed because all are. */
  #isSameOrigin(origin: string, host: string | undefined): boolean {
    if (host === undefined || !this.#isNamedHost(host)) return false;
    const name = host.toLowerCase();
    return origin === `http://${name}` || origin === `https://${name}`;
  }

  #isOwnHost(host: string): boolean {
    return this.#hosts.has('*') || this.#isNamedHost(host);
  }

  /** An address can't be rebound; but one of another machine on a server that only this machine reaches is forwarded. */
  #isNamedHost(host: string): boolean {
    const name = hostName(host).toLowerCase();
    return isLoopbackName(name) || this.#hosts.has(name) || (isIP(name) !== 0 && !this.#isLocal);
  }
}

/** Without the port and without an IPv6 address's brackets. */
function hostName(host: string): string {
  if (host.startsWith('[')) return host.slice(1, host.indexOf(']'));
  const colon = host.lastIndexOf(':');
  return colon === -1 ? host : host.slice(0, colon);
}

/** Browsers and resolvers keep localhost and the names below it on this machine (RFC 6761). */
function isLoopbackName(name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  const ipv4 = name.startsWith('::ffff:') ? name.slice('::ffff:'.length) : name;
  return isIP(ipv4) === 4 && ipv4.startsWith('127.');
}

function isLoopbackOrigin(origin: string): boolean {
  const match = /^https?:\/\/([^/]+)$/.exec(origin);
  return match?.[1] !== undefined && isLoopbackName(hostName(match[1]));
}

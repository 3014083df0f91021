// Who sends a request, as far as its connection shows: asked once a request, by whichever door takes it.
import type { IncomingMessage } from 'node:http';
import { isIP, type BlockList } from 'node:net';
import type { CertificateReader } from './http/client-certificate.ts';
import { hasAddress } from './has-address.ts';
import type { Peer } from './operations/admin/credentials.ts';

export type PeerReader = (request: IncomingMessage) => Peer;

export interface PeerOptions {
  /** Undefined = clients are not asked for certificates. */
  readonly readCertificate: CertificateReader | undefined;
  /** Whose X-Forwarded-For is believed. */
  readonly trustedProxies: BlockList | undefined;
  /** Gets the address of a sender whose X-Forwarded-For is not believed. */
  readonly noteDisbelieved: (address: string) => void;
}

export function openPeerReader({ readCertificate, trustedProxies, noteDisbelieved }: PeerOptions): PeerReader {
  const isTrusted = (address: string): boolean => trustedProxies !== undefined && hasAddress(trustedProxies, address);
  const findAddress = ({ headers, socket }: IncomingMessage): string => {
    const own = plainAddress(socket.remoteAddress ?? '');
    const forwarded = headers['x-forwarded-for'];
    if (forwarded === undefined) return own;
    if (isTrusted(own)) return findClient(own, String(forwarded), isTrusted);
    noteDisbelieved(own);
    return own;
  };
  return (request) => {
    const address = findAddress(request);
    if (readCertificate === undefined) return { address };
    return { address, certificate: readCertificate(request.socket) };
  };
}

/**
 * From the right, which the nearest proxy has written, as far as trusted ones go: what stands further left anybody may have
 * sent. Something that is no address ends it.
 */
function findClient(own: string, forwarded: string, isTrusted: (address: string) => boolean): string {
  let client = own;
  for (const one of forwarded.split(',').toReversed()) {
    const address = readAddress(one);
    if (address === undefined) return client;
    client = address;
    if (!isTrusted(address)) return client;
  }
  return client;
}

/** "10.0.0.1", "10.0.0.1:1234" (IIS), "[2001:db8::1]:1234", "2001:db8::1". */
function readAddress(text: string): string | undefined {
  const [, bracketed, plain] = /^\s*(?:\[([^\]]+)\](?::\d+)?|([^\s[\]]+))\s*$/.exec(text) ?? [];
  const address = bracketed ?? plain?.replace(/^([\d.]+):\d+$/, '$1') ?? '';
  return isIP(address) === 0 ? undefined : plainAddress(address);
}

/** IPv4 as it is, also where the socket is one of IPv6. */
function plainAddress(address: string): string {
  return address.startsWith('::') && /^::ffff:(?=[\d.]+$)/i.test(address) ? address.slice('::ffff:'.length) : address;
}

// Who sends a request, as far as its connection shows: asked once a request, by whichever door takes it.
import type { IncomingMessage } from 'node:http';
import type { CertificateReader } from './http/client-certificate.ts';
import type { Peer } from './operations/admin/credentials.ts';

export type PeerReader = (request: IncomingMessage) => Peer;

/** @param readCertificate undefined = clients are not asked for certificates. */
export function openPeerReader(readCertificate: CertificateReader | undefined): PeerReader {
  return ({ socket }) => {
    const address = socket.remoteAddress ?? '';
    return readCertificate === undefined ? { address } : { address, certificate: readCertificate(socket) };
  };
}

// The network side of the service: its port with TLS, limits, who sends a request, and the log lines about all of it.
import type { Server } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'winston';
import type { Config } from './config.ts';
import { countFailedLogins, type InfobaseFailure } from './failed-logins.ts';
import { openClientCertificates } from './http/client-certificate.ts';
import { fitConnectionLimit, limitConnections, readDescriptorLimit } from './http/connection-limit.ts';
import { keepTls } from './http/keep-tls.ts';
import { openLimits, type Limits } from './http/limit-counts.ts';
import type { LoginMeter } from './http/metrics/login-meter.ts';
import { openServer, type OpenedServer } from './http/open-server.ts';
import type { LogPeriod, RunLater } from './log-period.ts';
import { refuseBeyondLimit, type Take } from './open-pages.ts';
import { openPeerReader, type PeerReader } from './peer.ts';

export interface Front {
  readonly http: Server;
  /** "https://127.0.0.1:8080" */
  readonly origin: string;
  readonly limits: Limits;
  readonly peerOf: PeerReader;
  noteFailure(failed: InfobaseFailure): void;
  /** Takes a renewed certificate now. */
  checkTls(): Promise<void>;
  /** Writes the lines that wait, and watches no file any more; the port is closed by others. */
  end(): void;
}

export interface FrontOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly logins: LoginMeter;
  readonly take: Take;
}

const runLater: RunLater = (run, ms) => void setTimeout(run, ms).unref();

/** @throws if the port or the certificate cannot be had. */
export async function openFront({ config, log, logins, take }: FrontOptions): Promise<Front> {
  const limits = openLimits((line) => log.warn('limits reached', line), runLater);
  const opened = await openServer(config, { take, refuse: refuseBeyondLimit, limits });
  const { http, tls: files } = opened;
  const tls = files && keepTls(http as HttpsServer, { ...files, readWallMs: Date.now, log });
  const noteCertificates = (line: object): void => void log.warn('client certificates refused', line);
  const certificates = openClientCertificates(noteCertificates, runLater, limits);
  const peerOf = openPeerReader({
    readCertificate: config.tls?.clientCaFile === undefined ? undefined : certificates.read,
    trustedProxies: config.trustedProxies,
    noteDisbelieved: (address) => limits.note('forwarded', address),
  });
  const failedLogins = countFailedLogins((line) => log.warn('failed logins', line), runLater);
  const connections = limitConnectionsOf(http, config, log, limits);
  return {
    http,
    origin: findOrigin(opened),
    limits,
    peerOf,
    noteFailure(failed) {
      limits.count('logins');
      if (!failed.isChecked) limits.count('loginsPutOff');
      logins.note(failed.infobase, failed.isChecked);
      failedLogins.note(failed);
    },
    checkTls: async () => tls?.check(),
    end() {
      for (const kept of [failedLogins, connections, certificates, tls, limits]) kept?.end();
    },
  };
}

function limitConnectionsOf(http: Server, { connectionLimit: asked }: Config, log: Logger, limits: Limits): LogPeriod {
  const descriptors = readDescriptorLimit();
  const limit = fitConnectionLimit(asked, descriptors);
  if (limit < asked) log.warn('few file descriptors', { descriptors, connections: limit, asked });
  return limitConnections(http, limit, (line) => log.warn('connections refused', line), runLater, limits);
}

function findOrigin({ http, tls }: OpenedServer): string {
  const { address, port } = http.address() as AddressInfo;
  const scheme = tls === undefined ? 'http' : 'https';
  return `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

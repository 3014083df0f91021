// The certificate of the service while it runs: a renewed one is taken without a restart, a wrong one is reported and the one
// in use stays. Files are looked at by time, not watched: a renewal replaces links, which a watch of the file does not see.
import type { Server } from 'node:https';
import type { SecureContextOptions, TlsOptions } from 'node:tls';
import { OneRun } from '../one-run.ts';
import { readTlsFiles, readTlsMark, warnedDays, type TlsFiles, type TlsPair } from './tls-files.ts';

export interface TlsLog {
  info(message: string, fields: object): unknown;
  warn(message: string, fields: object): unknown;
  error(message: string, fields: object): unknown;
}

export interface TlsKeeperOptions {
  readonly files: TlsFiles;
  /** In use when the keeper begins. */
  readonly pair: TlsPair;
  readonly log: TlsLog;
  /** The machine's clock in milliseconds. */
  readonly readWallMs: () => number;
  /** How often the files are looked at (default 30 s). */
  readonly pauseMs?: number;
}

export interface TlsKeeper {
  /** Looks at the files now, and takes what has changed. */
  check(): Promise<void>;
  end(): void;
}

const defaultPauseMs = 30_000;
const dayMs = 86_400_000;

export function writeTlsOptions({ cert, key, ca }: TlsPair): TlsOptions {
  return {
    ...writeContext({ cert, key, ca }),
    handshakeTimeout: 10_000,
    // Clients without a certificate go on with a password; the certificate of one that has it is checked at its call, so
    // that it reads why it was refused and does not only lose its connection.
    requestCert: ca !== undefined,
    rejectUnauthorized: false,
  };
}

function writeContext({ cert, key, ca }: Pick<TlsPair, 'cert' | 'key' | 'ca'>): SecureContextOptions {
  return { cert, key, minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) };
}

export function keepTls(server: Server, options: TlsKeeperOptions): TlsKeeper {
  const { files, log, readWallMs } = options;
  let { pair } = options;
  let mark: string | undefined;
  let warned = '';
  let isEnded = false;

  const warnOfEnd = (): void => {
    const leftDays = Math.floor((Date.parse(pair.certificate.validTo) - readWallMs()) / dayMs);
    const state = leftDays < 0 ? 'expired' : leftDays < warnedDays ? 'expires soon' : '';
    if (state === warned) return;
    warned = state;
    const fields = { file: files.certFile, validTo: pair.certificate.validTo };
    if (state === 'expired') log.error('TLS certificate expired', fields);
    else if (state !== '') log.warn('TLS certificate expires soon', fields);
  };

  const look = async (): Promise<void> => {
    const now = await readTlsMark(files);
    if (now !== mark) {
      const isFirst = mark === undefined;
      mark = now;
      const read = await readTlsFiles(files);
      if (isEnded) return;
      if (!read.ok) log.error('TLS certificate not reloaded', { mistakes: read.mistakes });
      else if (!isFirst || !isSame(read.pair, pair)) {
        pair = read.pair;
        // Connections that are open keep the old one. Sessions cannot be resumed: a client shows its certificate again.
        server.setSecureContext(writeContext(pair));
        log.info('TLS certificate reloaded', describe(files, pair));
      }
    }
    warnOfEnd();
  };
  const looks = new OneRun(look);

  log.info('TLS certificate', describe(files, pair));
  void looks.start();
  const timer = setInterval(() => void looks.start(), options.pauseMs ?? defaultPauseMs).unref();
  return {
    check: () => looks.start(),
    end() {
      isEnded = true;
      clearInterval(timer);
    },
  };
}

function isSame(one: TlsPair, other: TlsPair): boolean {
  return one.cert === other.cert && one.key === other.key && one.ca === other.ca;
}

/** X.509 names come with one part a line; an empty one is undefined. */
function flat(name: string | undefined): string {
  return (name ?? '').replaceAll('\n', ', ');
}

function describe({ certFile }: TlsFiles, { certificate }: TlsPair): Readonly<Record<string, unknown>> {
  const { subject, issuer, validTo, fingerprint256 } = certificate;
  return { file: certFile, subject: flat(subject), issuer: flat(issuer), validTo, fingerprint: fingerprint256 };
}

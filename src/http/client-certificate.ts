// The certificate that a client has shown on its connection: the name of the user that it is for, or why it is not accepted.
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { openLogPeriod, type RunLater } from '../log-period.ts';
import type { Limits } from './limit-counts.ts';
import type { ShownCertificate } from '../operations/admin/credentials.ts';

/** By what OpenSSL calls it. */
const refusals: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'срок его действия истёк',
  CERT_NOT_YET_VALID: 'срок его действия ещё не начался',
  INVALID_PURPOSE: 'он не предназначен для входа клиента',
  CERT_REVOKED: 'он отозван',
};
const strangeIssuer = 'он выдан не тем центром сертификации, который принимает сервис';
const issuerTroubles = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

export interface RefusedCertificatesLine {
  readonly seconds: number;
  /** Of connections. */
  readonly count: number;
  readonly last: RefusedCertificate;
}

interface RefusedCertificate {
  readonly address: string;
  /** OpenSSL's word. */
  readonly why: string;
}

export type CertificateReader = (socket: Socket) => ShownCertificate | undefined;

export interface ClientCertificates {
  /** Looks at a certificate once for each connection. */
  readonly read: CertificateReader;
  /** Writes what has been counted. */
  end(): void;
}

const periodMs = 60_000;

/** @param write gets one line for each minute in which certificates were refused. */
export function openClientCertificates(
  write: (line: RefusedCertificatesLine) => void,
  runLater: RunLater,
  limits: Pick<Limits, 'count'>,
): ClientCertificates {
  const known = new WeakMap<Socket, { readonly shown: ShownCertificate | undefined }>();
  let count = 0;
  let last: RefusedCertificate | undefined;
  const period = openLogPeriod(periodMs, runLater, () => {
    if (last !== undefined) write({ seconds: periodMs / 1000, count, last });
    count = 0;
  });
  const noteRefused = (refused: RefusedCertificate): void => {
    count += 1;
    limits.count('certificates');
    last = refused;
    period.begin();
  };
  return {
    read(socket) {
      let one = known.get(socket);
      if (one === undefined) {
        one = { shown: socket instanceof TLSSocket ? readShown(socket, noteRefused) : undefined };
        known.set(socket, one);
      }
      return one.shown;
    },
    end: () => period.end(),
  };
}

function readShown(
  socket: TLSSocket,
  noteRefused: (refused: RefusedCertificate) => void,
): ShownCertificate | undefined {
  const { subject } = socket.getPeerCertificate() as { readonly subject?: { readonly CN?: string | string[] } };
  // A resumed connection without a certificate counts as authorized.
  if (subject === undefined) return undefined;
  const refuse = (why: string, text: string): ShownCertificate => {
    noteRefused({ address: socket.remoteAddress ?? '', why });
    return { why: text };
  };
  if (!socket.authorized) {
    const { authorizationError } = socket as { readonly authorizationError: unknown };
    const code = String((authorizationError as { readonly code?: string } | null)?.code ?? authorizationError);
    return refuse(code, refusals[code] ?? (issuerTroubles.includes(code) ? strangeIssuer : code));
  }
  const { CN: name } = subject;
  if (typeof name !== 'string' || name === '')
    return refuse('no single CN', 'в нём нет одного имени (CN) пользователя');
  return { name };
}

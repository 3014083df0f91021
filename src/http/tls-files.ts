// The files of TLS: what they hold, checked so that a wrong one is named by its setting before anything uses it.
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';

export interface TlsFiles {
  /** The service's certificate, then those between it and its root. */
  readonly certFile: string;
  readonly keyFile: string;
  /** Who may sign the certificates of clients; undefined = clients are not asked for one. */
  readonly clientCaFile: string | undefined;
}

/** What the files hold, as Node takes it. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
  readonly ca: string | undefined;
  readonly certificate: X509Certificate;
}

export type TlsRead =
  | { readonly ok: true; readonly pair: TlsPair }
  /** "KKM_TLS_KEY: expected ..., got ...", one for each file. */
  | { readonly ok: false; readonly mistakes: readonly string[] };

/** Let's Encrypt renews 30 days before the end: less is a renewal that does not work. */
export const warnedDays = 14;

type TlsName = 'TLS_CERT' | 'TLS_KEY' | 'TLS_CLIENT_CA';

const certificates = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const expectedCertificate = 'a PEM file with the certificate';

class WrongFile extends Error {}

export async function readTlsFiles({ certFile, keyFile, clientCaFile }: TlsFiles): Promise<TlsRead> {
  const mistakes: string[] = [];
  const take = async <T>(name: TlsName, file: string, parse: (text: string) => T) => {
    try {
      const text = await readFile(file, 'latin1');
      return { text, parsed: parse(text) };
    } catch (reason) {
      mistakes.push(describe(name, file, reason));
      return undefined;
    }
  };
  const cert = await take('TLS_CERT', certFile, parseCertificates);
  const key = await take('TLS_KEY', keyFile, parseKey);
  const ca = clientCaFile === undefined ? undefined : await take('TLS_CLIENT_CA', clientCaFile, parseCertificates);
  const certificate = cert?.parsed[0];
  if (certificate === undefined || cert === undefined || key === undefined || mistakes.length > 0) {
    return { ok: false, mistakes };
  }
  // Written again: files that were put together often lack a line end between two certificates, which Node refuses.
  const pair = { cert: cert.parsed.join(''), key: key.text, ca: ca?.parsed.join(''), certificate };
  const mistake = findPairMistake(pair, key.parsed, { certFile, keyFile });
  return mistake === undefined ? { ok: true, pair } : { ok: false, mistakes: [mistake] };
}

/** Changes whenever one of the files does: a renewal replaces them, or the links that lead to them. */
export async function readTlsMark({ certFile, keyFile, clientCaFile }: TlsFiles): Promise<string> {
  const files = [certFile, keyFile, ...(clientCaFile === undefined ? [] : [clientCaFile])];
  const marks = files.map(async (file) => {
    try {
      const { dev, ino, size, mtimeMs, ctimeMs } = await stat(file);
      return [dev, ino, size, mtimeMs, ctimeMs].join(':');
    } catch (reason) {
      return (reason as NodeJS.ErrnoException).code;
    }
  });
  return (await Promise.all(marks)).join(' ');
}

function describe(name: TlsName, file: string, reason: unknown): string {
  if (reason instanceof WrongFile) return `KKM_${name}: expected ${reason.message}, got "${file}"`;
  return `KKM_${name}: expected a file that the account of the service can read, got "${file}": ${(reason as Error).message}`;
}

function parseCertificates(text: string): X509Certificate[] {
  const found = text.match(certificates) ?? [];
  if (found.length === 0) throw new WrongFile(`${expectedCertificate} (a line "-----BEGIN CERTIFICATE-----")`);
  try {
    return found.map((one) => new X509Certificate(one));
  } catch {
    throw new WrongFile(`${expectedCertificate}, undamaged`);
  }
}

function parseKey(text: string): KeyObject {
  if (!/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/.test(text)) {
    throw new WrongFile('a PEM file with the private key (a line "-----BEGIN PRIVATE KEY-----")');
  }
  if (text.includes('ENCRYPTED')) throw new WrongFile('a private key without a passphrase');
  try {
    return createPrivateKey(text);
  } catch {
    throw new WrongFile('a PEM file with the private key, undamaged');
  }
}

function findPairMistake(
  { cert, key, ca, certificate }: TlsPair,
  parsedKey: KeyObject,
  { certFile, keyFile }: Pick<TlsFiles, 'certFile' | 'keyFile'>,
): string | undefined {
  if (!certificate.checkPrivateKey(parsedKey)) {
    return `KKM_TLS_KEY: expected the key of the certificate in "${certFile}", got another key in "${keyFile}"`;
  }
  try {
    createSecureContext({ cert, key, ca });
    return undefined;
  } catch (reason) {
    return `KKM_TLS_CERT: expected a certificate and a key that TLS accepts, got "${certFile}": ${(reason as Error).message}`;
  }
}

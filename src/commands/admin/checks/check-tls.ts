// The part of `kkm doctor` that asks for the files of TLS: whether the next start and the next renewal would take them.
import { statSync } from 'node:fs';
import { readTlsFiles, warnedDays, type TlsFiles, type TlsPair } from '../../../http/tls-files.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const dayMs = 86_400_000;
const readByAll = 0o004;
const renewal = 'renew it and look at what should have done so; the service takes a renewed one by itself';

/** @param nowMs by the machine's clock. */
export async function checkTls(files: TlsFiles | undefined, nowMs: number): Promise<Finding[]> {
  if (files === undefined) return [];
  const read = await readTlsFiles(files);
  const certificates = read.ok
    ? [judgeLife(files, read.pair, nowMs)]
    : read.mistakes.map((mistake) =>
        fail('certificate', mistake, 'correct the file; a service that is up keeps what it has until it is restarted'),
      );
  return [...certificates, ...checkKeyMode(files)];
}

function judgeLife({ certFile }: TlsFiles, { certificate }: TlsPair, nowMs: number): Finding {
  const leftDays = Math.floor((Date.parse(certificate.validTo) - nowMs) / dayMs);
  const until = new Date(certificate.validTo).toISOString().slice(0, 10);
  if (Date.parse(certificate.validFrom) > nowMs) {
    const remedy = 'correct the clock of the machine, or wait';
    return fail('certificate', `${certFile} is valid from ${certificate.validFrom} on only`, remedy);
  }
  if (leftDays < 0) return fail('certificate', `${certFile} expired on ${until}: tills refuse the connection`, renewal);
  const found = `${certFile} is valid until ${until}`;
  return leftDays < warnedDays
    ? warn('certificate', `${found}, ${leftDays} days more`, renewal)
    : ok('certificate', found);
}

/** A group may be meant: that of the programs that serve with the key. */
function checkKeyMode({ keyFile }: TlsFiles): Finding[] {
  const mode = statSync(keyFile, { throwIfNoEntry: false })?.mode;
  if (mode === undefined || process.platform === 'win32') return [];
  if ((mode & readByAll) === 0) return [ok('key', `${keyFile} cannot be read by everybody`)];
  return [fail('key', `everybody on this machine can read ${keyFile}`, `chmod o= ${keyFile}, and replace the key`)];
}

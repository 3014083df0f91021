// What `kkm doctor` says of the files of TLS.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { checkTls } from '../../../src/commands/admin/checks/check-tls.ts';
import { makeCertificate, type MadeCertificate } from '../../http/testing-certificates.ts';
import { openTestingLine } from '../testing-io.ts';

let folder: string;
let pair: MadeCertificate;
let validTo: number;

beforeAll(async () => {
  pair = await makeCertificate('localhost');
  validTo = Date.parse(new X509Certificate(pair.cert).validTo);
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kkm-doctor-tls-'));
  writeFileSync(join(folder, 'cert.pem'), pair.cert);
  writeFileSync(join(folder, 'key.pem'), pair.key, { mode: 0o640 });
});
afterEach(() => rmSync(folder, { recursive: true }));

const dayMs = 86_400_000;

async function judge(nowMs: number): Promise<string[]> {
  const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem'), clientCaFile: undefined };
  const findings = await checkTls(files, nowMs);
  return findings.map(({ check, verdict, found }) => `${check} ${verdict}: ${found.replaceAll(`${folder}/`, '')}`);
}

test('without TLS nothing is said', async () => {
  expect(await checkTls(undefined, 0)).toEqual([]);
});

test('a certificate is in order until two weeks before its end', async () => {
  const fine = expect.stringMatching(/^certificate ok: cert.pem is valid until \d{4}-\d\d-\d\d$/);
  expect(await judge(validTo - 14 * dayMs)).toEqual([fine, 'key ok: key.pem cannot be read by everybody']);
  expect((await judge(validTo - 14 * dayMs + 1))[0]).toMatch(/^certificate warn: .*, 13 days more$/);
  expect((await judge(validTo))[0]).toMatch(/^certificate warn: .*, 0 days more$/);
  expect((await judge(validTo + 1))[0]).toMatch(/^certificate fail: cert.pem expired on /);
  expect((await judge(0))[0]).toMatch(/^certificate fail: cert.pem is valid from /);
});

test('a key of another certificate, a file that is gone, a key that everybody can read', async () => {
  writeFileSync(join(folder, 'key.pem'), (await makeCertificate('localhost')).key);
  chmodSync(join(folder, 'key.pem'), 0o644);
  expect(await judge(validTo - 20 * dayMs)).toEqual([
    'certificate fail: KKM_TLS_KEY: expected the key of the certificate in "cert.pem", got another key in "key.pem"',
    'key fail: everybody on this machine can read key.pem',
  ]);
  rmSync(join(folder, 'key.pem'));
  expect(await judge(validTo - 20 * dayMs)).toEqual([
    expect.stringMatching(/^certificate fail: KKM_TLS_KEY: expected a file that the account of the service can read/),
  ]);
});

test('the doctor asks for the files that the service has', async () => {
  const line = openTestingLine({ TLS_CERT: join(folder, 'cert.pem'), TLS_KEY: join(folder, 'nothing.pem') });
  const { out } = await line.run('doctor');
  await line.close();
  expect(out.join('\n')).toMatch(/fail certificate +KKM_TLS_KEY: expected a file/);
});

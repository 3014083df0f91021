// What is said of wrong files of TLS, before the service starts: the setting, the file, what was expected.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { ConfigMistakes } from '../../src/config.ts';
import { readServeConfig } from '../../src/read-serve-config.ts';
import { makeCertificate, type MadeCertificate } from './testing-certificates.ts';

let folder: string;
let pair: MadeCertificate;
let other: MadeCertificate;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kkm-tls-files-'));
  [pair, other] = await Promise.all([makeCertificate('localhost'), makeCertificate('localhost')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The mistakes of these contents; the names of the files are cut to their last part. */
async function findMistakes(contents: Readonly<Record<string, string | null>>): Promise<readonly string[]> {
  const given: Record<string, string> = { DATA_DIR: join(folder, 'data') };
  for (const [name, content] of Object.entries(contents)) {
    const file = (given[name] = join(folder, `${name}.pem`));
    rmSync(file, { force: true });
    if (content !== null) writeFileSync(file, content);
  }
  const reason: unknown = await readServeConfig(given).then(
    () => new ConfigMistakes([]),
    (thrown: unknown) => thrown,
  );
  if (!(reason instanceof ConfigMistakes)) throw reason;
  return reason.mistakes.map((mistake) => mistake.replaceAll(`${folder}/`, ''));
}

test('a pair that belongs together, with and without an authority, is right', async () => {
  expect(await findMistakes({ TLS_CERT: pair.cert, TLS_KEY: pair.key })).toEqual([]);
  expect(
    await findMistakes({ TLS_CERT: pair.cert + other.cert, TLS_KEY: pair.key, TLS_CLIENT_CA: other.cert }),
  ).toEqual([]);
});

test('a setting alone', async () => {
  expect(await findMistakes({ TLS_CERT: pair.cert })).toEqual([
    'KKM_TLS_KEY: expected the file of the key, as KKM_TLS_CERT is set',
  ]);
  expect(await findMistakes({ TLS_KEY: pair.key })).toEqual([
    'KKM_TLS_CERT: expected the file of the certificate, as KKM_TLS_KEY is set',
  ]);
  expect(await findMistakes({ TLS_CLIENT_CA: pair.cert })).toEqual([
    'KKM_TLS_CLIENT_CA: expected together with KKM_TLS_CERT and KKM_TLS_KEY',
  ]);
});

test('files that are not there are all named', async () => {
  const mistakes = await findMistakes({ TLS_CERT: null, TLS_KEY: null, TLS_CLIENT_CA: null });
  expect(mistakes.map((mistake) => /^KKM_(\w+): expected a file .*, got "\1.pem": ENOENT/.exec(mistake)?.[1])).toEqual([
    'TLS_CERT',
    'TLS_KEY',
    'TLS_CLIENT_CA',
  ]);
});

test('what is no PEM, is damaged, or is the other file', async () => {
  const damaged = pair.cert.replace(/\n.{10}/, '\nAAAAAAAAAA');
  const noKey =
    'KKM_TLS_KEY: expected a PEM file with the private key (a line "-----BEGIN PRIVATE KEY-----"), got "TLS_KEY.pem"';
  expect(await findMistakes({ TLS_CERT: 'no certificate', TLS_KEY: pair.cert })).toEqual([
    'KKM_TLS_CERT: expected a PEM file with the certificate (a line "-----BEGIN CERTIFICATE-----"), got "TLS_CERT.pem"',
    noKey,
  ]);
  expect(await findMistakes({ TLS_CERT: damaged, TLS_KEY: '-----BEGIN PRIVATE KEY-----\nAAAA\n' })).toEqual([
    'KKM_TLS_CERT: expected a PEM file with the certificate, undamaged, got "TLS_CERT.pem"',
    'KKM_TLS_KEY: expected a PEM file with the private key, undamaged, got "TLS_KEY.pem"',
  ]);
});

test('a key of another certificate, and one with a passphrase', async () => {
  expect(await findMistakes({ TLS_CERT: pair.cert, TLS_KEY: other.key })).toEqual([
    'KKM_TLS_KEY: expected the key of the certificate in "TLS_CERT.pem", got another key in "TLS_KEY.pem"',
  ]);
  const closed = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec', passphrase: 'secret' });
  expect(await findMistakes({ TLS_CERT: closed.cert, TLS_KEY: closed.private })).toEqual([
    'KKM_TLS_KEY: expected a private key without a passphrase, got "TLS_KEY.pem"',
  ]);
});

test('a key that is too short for TLS', async () => {
  const short = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 512, algorithm: 'sha256' });
  const [mistake, ...more] = await findMistakes({ TLS_CERT: short.cert, TLS_KEY: short.private });
  expect(mistake).toMatch(
    /^KKM_TLS_CERT: expected a certificate and a key that TLS accepts, got "TLS_CERT.pem": .*small/,
  );
  expect(more).toEqual([]);
});

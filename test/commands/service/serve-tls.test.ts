// The service over TLS as a process: a wrong file ends its start, SIGHUP takes a renewed certificate at once.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificate } from '../../http/testing-certificates.ts';
import { openWorkshop, stop, waitUntil, type Workshop } from './built-service.ts';

let workshop: Workshop;
let settings: { readonly TLS_CERT: string; readonly TLS_KEY: string };
beforeEach(() => {
  workshop = openWorkshop();
  settings = { TLS_CERT: join(workshop.folder, 'cert.pem'), TLS_KEY: join(workshop.folder, 'key.pem') };
});
afterEach(() => workshop.close());

async function putCertificate(): Promise<void> {
  const { cert, key } = await makeCertificate('localhost');
  writeFileSync(settings.TLS_CERT, cert);
  writeFileSync(settings.TLS_KEY, key);
}

/** The files are looked at every half a minute by themselves: that would be too late. */
const beforeNextLookMs = 20_000;

test(
  'SIGHUP takes a renewed certificate without waiting for the next look',
  async () => {
    await putCertificate();
    const service = await workshop.spawn({ settings });
    const has = (message: string): boolean => service.lines.some((line) => line.includes(`"message":"${message}"`));
    await waitUntil(() => has('ready'));
    await putCertificate();
    service.child.kill('SIGHUP');
    await waitUntil(() => has('TLS certificate reloaded'));
    await stop(service);
    expect(has('TLS certificate not reloaded')).toBe(false);
  },
  beforeNextLookMs,
);

test('a key that is not there ends the start with its name', async () => {
  await putCertificate();
  const missing = join(workshop.folder, 'no-key.pem');
  const service = await workshop.spawn({ settings: { ...settings, TLS_KEY: missing } });
  expect(await service.ended).toEqual([2, null]);
  expect(service.readErrors()).toContain(
    `  KKM_TLS_KEY: expected a file that the account of the service can read, got "${missing}": ENOENT`,
  );
});

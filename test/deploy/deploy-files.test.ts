// The files of deploy/ against the product: settings that it has, limits that agree with each other, and a Dockerfile that can
// be read. Their own programs check them by deploy/check.sh, and `npm run test:proxies` calls through them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { configTable } from '../../src/config.ts';

const files = readdirSync('deploy', { recursive: true, encoding: 'utf8', withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));
const read = (file: string): string => readFileSync(join('deploy', file), 'utf8');

test('they name settings that the product has', () => {
  const named = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bKKM_([A-Z_]+)/g)].map(([, name = '']) => [file, name] as const),
  );
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter(([, name]) => !Object.hasOwn(configTable, name))).toEqual([]);
});

/** The one number that the pattern finds. */
function numberIn(file: string, pattern: RegExp): number {
  const found = [...read(file).matchAll(pattern)].map(([, number]) => Number(number));
  expect([file, pattern.source, new Set(found).size]).toEqual([file, pattern.source, 1]);
  return found[0] ?? 0;
}

test('a proxy takes as much as the service does', () => {
  const bytes = 2 * 1024 * 1024;
  expect(configTable['BODY_LIMIT']?.fallback).toBe('2mb');
  expect(numberIn('nginx/kkm-transfer.conf', /^\tclient_max_body_size (\d+)m;/gm) * 1024 * 1024).toBe(bytes);
  expect(numberIn('apache/kkm-transfer.conf', /^\tLimitRequestBody (\d+)$/gm)).toBe(bytes);
  expect(numberIn('iis/web.config', /maxAllowedContentLength="(\d+)"/g)).toBe(bytes);
});

test('a proxy gives an idle connection up before the service does', () => {
  const [, seconds = ''] = /keepAliveTimeout: (\d+)_000/.exec(readFileSync('src/main.ts', 'utf8')) ?? [];
  const kept = Number(configTable['KEEP_ALIVE']?.fallback ?? seconds);
  expect(kept).toBeGreaterThan(0);
  for (const file of ['nginx/kkm-transfer-upstream.conf', 'docker/nginx-upstream.conf']) {
    expect(numberIn(file, /keepalive_timeout (\d+)s;/g)).toBeLessThan(kept);
  }
  expect(numberIn('apache/kkm-transfer.conf', / ttl=(\d+)/g)).toBeLessThan(kept);
});

test('the service may open a file for each connection', () => {
  const connections = Number(configTable['CONNECTIONS']?.fallback);
  expect(numberIn('systemd/kkm-transfer.service', /^LimitNOFILE=(\d+)/gm)).toBeGreaterThan(connections + 100);
  expect(numberIn('docker/docker-compose.yml', /nofile: (\d+)/g)).toBeGreaterThan(connections + 100);
});

test('the Dockerfile has no mistake, and copies what the build context lets through', () => {
  const dockerfile = read('docker/Dockerfile');
  expect(validate(dockerfile)).toEqual([]);
  const lines = readFileSync('.dockerignore', 'utf8').split('\n');
  const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) =>
    sources.split(' '),
  );
  expect(copied.toSorted()).toEqual(allowed.toSorted());
  expect(copied.filter((file) => !existsSync(file))).toEqual([]);
});

test('the image has what the package has and a service needs', () => {
  const { files: packed, bin } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly files: readonly string[];
    readonly bin: { readonly kkm: string };
  };
  const dockerfile = read('docker/Dockerfile');
  for (const needed of ['dist', 'src/console/assets', 'wsdl']) {
    expect(packed).toContain(needed);
    expect(dockerfile).toMatch(new RegExp(`^COPY .*${needed} ${needed}$`, 'm'));
  }
  expect(dockerfile).toContain(`/app/${bin.kkm} `);
  expect(dockerfile).toMatch(/^USER node$/m);
});

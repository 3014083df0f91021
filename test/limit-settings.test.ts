// Settings of the process that have a form of their own: what they take, and what is said of what they do not. And the table of
// limits in the documents against the counters.
import { ConfigMistakes, readConfig } from '../src/config.ts';
import { openLimits } from '../src/http/limit-counts.ts';
import { codeIn, readDocument } from './docs/markdown.ts';

function findMistakes(given: Readonly<Record<string, string>>): readonly string[] {
  try {
    readConfig(given);
    return [];
  } catch (reason) {
    if (!(reason instanceof ConfigMistakes)) throw reason;
    return reason.mistakes;
  }
}

test.each([
  ['daily', { isDaily: true, sizeBytes: undefined }],
  ['100mb', { isDaily: false, sizeBytes: 100 * 1024 ** 2 }],
  ['daily,1kb', { isDaily: true, sizeBytes: 1_024 }],
  ['64kb, daily', { isDaily: true, sizeBytes: 64 * 1024 }],
])('KKM_LOG_ROTATE takes %j', (text, rule) => {
  const { logRotation } = readConfig({ LOG_ROTATE: text, LOG_FILE: 'kkm.log', LOG_KEEP: '3' });
  expect(logRotation).toEqual({ ...rule, keep: 3 });
});

test('without it the service rotates nothing', () => {
  expect(readConfig({ LOG_FILE: 'kkm.log' }).logRotation).toBeUndefined();
});

const proxies = 'addresses and networks such as 127.0.0.1, 10.0.0.0/8, ::1';
const rotation = 'daily, a size such as 100mb, or both: daily,100mb';

test.each([
  ['LOG_FORMAT', 'xml', 'one of: json, text'],
  ['LOG_ROTATE', 'weekly', rotation],
  ['LOG_ROTATE', 'daily,daily', rotation],
  ['LOG_ROTATE', '1mb,2mb', rotation],
  ['LOG_ROTATE', '100', 'a size between 1kb and 256mb'],
  ['LOG_KEEP', '0', 'a whole number from 1 to 10000'],
  ['TRUSTED_PROXIES', 'proxy.example', proxies],
  ['TRUSTED_PROXIES', '10.0.0.1,', proxies],
  ['TRUSTED_PROXIES', '10.0.0.0/33', proxies],
  ['TRUSTED_PROXIES', 'fd00::/129', proxies],
  ['TRUSTED_PROXIES', '10.0.0.0/8/8', proxies],
  ['HEADERS', '10', 'a whole number from 20 to 2000'],
  ['HEADER_LIMIT', '1', 'a size between 1kb and 256mb'],
  ['HEADER_TIMEOUT', '0', 'a whole number from 1 to 3600'],
  ['REQUESTS', 'many', 'a whole number from 1 to 100000'],
])('KKM_%s=%s is refused', (name, text, expected) => {
  const given = { LOG_FILE: 'kkm.log', [name]: text };
  expect(findMistakes(given)).toEqual([`KKM_${name}: expected ${expected}, got "${text}"`]);
});

test('settings that do not go together', () => {
  expect(findMistakes({ LOG_ROTATE: 'daily' })).toEqual([
    'KKM_LOG_ROTATE: expected together with KKM_LOG_FILE, because only a file is put aside',
  ]);
  expect(findMistakes({ HEADER_TIMEOUT: '60', REQUEST_TIMEOUT: '30' })).toEqual([
    'KKM_REQUEST_TIMEOUT: expected no less than KKM_HEADER_TIMEOUT: the headers are a part of the request',
  ]);
});

const { counts } = openLimits(
  () => undefined,
  () => undefined,
);

test.each(['docs/limits.md', 'docs/limits.ru.md'])('%s has every counter, with the default of its setting', (file) => {
  const rows = readDocument(file).tables[0]?.rows ?? [];
  expect(rows.flatMap((row) => codeIn(row[4] ?? '')).toSorted()).toEqual(Object.keys(counts).toSorted());
  const { connectionLimit, requestLimit, sessionLimit, serverLimits, bodyLimitBytes } = readConfig({});
  const { headerBytes, headerCount, headerTimeoutMs, requestTimeoutMs, keepAliveMs } = serverLimits;
  const documented = rows.flatMap((row) => {
    const setting = codeIn(row[1] ?? '')[0];
    const fallback = codeIn(row[2] ?? '')[0];
    return setting === undefined || fallback === undefined ? [] : [[setting.slice('KKM_'.length), fallback] as const];
  });
  expect(Object.fromEntries(documented)).toEqual({
    CONNECTIONS: String(connectionLimit),
    REQUESTS: String(requestLimit),
    HEADER_LIMIT: `${headerBytes / 1024}kb`,
    HEADERS: String(headerCount),
    HEADER_TIMEOUT: String(headerTimeoutMs / 1000),
    REQUEST_TIMEOUT: String(requestTimeoutMs / 1000),
    KEEP_ALIVE: String(keepAliveMs / 1000),
    BODY_LIMIT: `${bodyLimitBytes / 1024 ** 2}mb`,
    SESSIONS: String(sessionLimit),
  });
});

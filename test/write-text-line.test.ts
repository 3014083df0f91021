// Log lines as text: one record a line, whatever is in it; and what a mask shows.
import { maskEnds } from '../src/mask-ends.ts';
import { logFormat } from '../src/log.ts';
import type { RequestReport } from '../src/request-report.ts';
import { writeRequestLine, writeRequestText } from '../src/write-request-line.ts';
import { writeTextLine, writeTextValue } from '../src/write-text-line.ts';

const timestamp = '2026-11-22T14:05:00.123Z';

test.each([
  ['trade', 'trade'],
  ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
  ['касса-№1', 'касса-№1'],
  ['Касса № 1', '"Касса № 1"'],
  ['', '""'],
  ['a=b', '"a=b"'],
  ['say "no"', '"say \\"no\\""'],
  ['two\nlines', '"two\\nlines"'],
  ['\u001b[2J\u009b\u2028\u202e', '"\\u001b[2J\\u{9b}\\u{2028}\\u{202e}"'],
])('the value %j is written %s', (value, text) => {
  expect(writeTextValue(value)).toBe(text);
});

test('a record is one line: time, level, message, then its fields; those that are not set are left out', () => {
  const record = {
    level: 'warn',
    message: 'failed logins',
    count: 3,
    by: [{ name: 'a b' }],
    others: undefined,
    timestamp,
  };
  expect(writeTextLine(record)).toBe(`${timestamp} warn failed logins count=3 by=[{"name":"a b"}]`);
});

test('an error is written with its stack, in one line', () => {
  const info = { level: 'error', message: 'defect', incident: '12ab', error: new Error('no\nroom') };
  const written = logFormat('text').transform(info, {}) as unknown as Record<symbol, string>;
  const line = written[Symbol.for('message')] ?? '';
  expect(line).toMatch(/^\S+Z error defect incident=12ab error=\{"name":"Error","message":"no\\nroom","stack":"/);
  expect(line).not.toContain('\n');
});

test('the line of a request has the same fields in both forms', () => {
  const report: RequestReport = {
    infobase: 'trade',
    remote: '10.0.0.1',
    status: 200,
    requestBytes: 300,
    replyBytes: 400,
    durationMs: 1.23456,
    user: 'Касса № 1',
    operation: 'GetCardInfo',
    code: 0,
    fault: 'a fault',
    cardNumber: '2900000000011',
  };
  const { level, message, ...fields } = JSON.parse(writeRequestLine(report, timestamp)) as Record<string, unknown>;
  expect([level, message]).toEqual(['info', 'request']);
  expect(writeRequestText(report, timestamp)).toBe(
    `${timestamp} info request infobase=trade remote=10.0.0.1 status=200 requestBytes=300 replyBytes=400` +
      ' user="Касса № 1" operation=GetCardInfo code=0 fault="a fault" card=29****11 ms=1.235',
  );
  const named = [...writeRequestText(report, timestamp).matchAll(/ (\w+)=/g)].map(([, name]) => name);
  expect([...named, 'timestamp']).toEqual(Object.keys(fields));
});

test.each(['', '1', '1234', '1234567', '12345678', '2900000000011', '😀😀😀😀😀😀😀😀', '9'.repeat(500)])(
  'of the secret %j nobody learns the length',
  (secret) => {
    const masked = Array.from(maskEnds(secret));
    expect(masked).toHaveLength(8);
    // Half of it, at most.
    expect(masked.filter((one) => one !== '*').length).toBeLessThanOrEqual(Array.from(secret).length / 2);
  },
);

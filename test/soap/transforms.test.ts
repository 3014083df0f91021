// How texts of the wire become values of a command, and values of an answer texts: the forms that money, counts, amounts
// and moments are taken in, and that long ones cost no more than their length.
import * as fc from 'fast-check';
import { defaultSettings } from '../../src/ledger/settings.ts';
import type { LocalDateTime } from '../../src/ledger/local-date-time.ts';
import { openTimeZone } from '../../src/ledger/time-zone.ts';
import type { Infobase } from '../../src/operations/infobase.ts';
import { chooseZonedReading } from '../../src/operations/zoned-dates.ts';
import { BadValue } from '../../src/soap/binding/bad-value.ts';
import { parseBindingFile, type BindingOptions } from '../../src/soap/binding/binding-file.ts';
import { compileReadTransform } from '../../src/soap/binding/read-transforms.ts';
import { compileWriteTransform } from '../../src/soap/binding/write-transforms.ts';
import { depth, fileSeed } from '../deep.ts';

const file = parseBindingFile(
  JSON.stringify({
    emptyMoments: ['0001-01-01T00:00:00', '0001-01-03T00:00:00', '1970-01-01T00:00:00'],
    tables: { kinds: { Sale: 'Sale', Refund: 'Return' } },
    operations: {},
  }),
);

const now = '2026-11-22T14:05:00' as LocalDateTime;

function compileRead(transform: string, options: BindingOptions = {}, isChecked = true) {
  const given = transform === 'table' ? { table: 'kinds', ...options } : options;
  return compileReadTransform({ from: ['X'], transform, options: given }, file, isChecked);
}

function readBy(transform: string, text: string | null, options: BindingOptions = {}, isChecked = true): unknown {
  const value = compileRead(transform, options, isChecked).read(text, {
    readZoned: openTimeZone('Europe/Moscow').toLocal,
    now,
  });
  return value instanceof BadValue ? 'bad' : value;
}

function writeBy(transform: string, value: unknown, options: BindingOptions = {}, isDateTime = false): string {
  const rule = { from: ['x'] as const, transform, options };
  return compileWriteTransform(rule, file, isDateTime).write(value, {}, new Map());
}

test.each([
  ['money', '0', 0],
  ['money', '-0', 0],
  ['money', '-0.00', 0],
  ['money', '0.01', 1],
  ['money', '100.5', 10_050],
  ['money', '100.500000', 10_050],
  ['money', '+007.10', 710],
  ['money', '.5', 50],
  ['money', '5.', 500],
  ['money', '9999999999999.99', 999_999_999_999_999],
  ['money', '10000000000000', 'bad'],
  ['money', '0.001', 'bad'],
  ['money', '-0.01', 'bad'],
  ['money', '1e3', 'bad'],
  ['money', null, 'bad'],
  ['optionalMoney', null, null],
  ['optionalMoney', '-1', 'bad'],
  ['amount', '1.250', '1.25'],
  ['amount', '000.10', '0.1'],
  ['amount', '-0.0', '0'],
  ['amount', '12345678901234567890.12345678901234567890', '12345678901234567890.1234567890123456789'],
  ['amount', '-1', 'bad'],
  ['amount', '', 'bad'],
  ['amount', null, 'bad'],
  ['count', '0', 0],
  ['count', '-0', 0],
  ['count', '+00012', 12],
  ['count', '999999999999999', 999_999_999_999_999],
  ['count', '1000000000000000', 'bad'],
  ['count', '-1', 'bad'],
  ['count', '1.0', 'bad'],
  ['count', null, 'bad'],
  ['optionalCount', null, null],
  ['moment', '2026-11-22T10:11:12', '2026-11-22T10:11:12'],
  ['moment', '0001-01-01T00:00:00', null],
  ['moment', null, null],
  ['moment', '2024-03-05T21:30:00Z', '2024-03-06T00:30:00'],
  ['requiredMoment', '2024-03-06T00:30:00+03:00', '2024-03-06T00:30:00'],
  ['requiredMoment', '2024-03-05T09:30:00-12:00', '2024-03-06T00:30:00'],
  // The empty date unchanged, in any zone; as Axis in Moscow writes it; as gSOAP's, moved to a zone.
  ['moment', '0001-01-01T00:00:00Z', null],
  ['moment', '0001-01-01T00:00:00+14:00', null],
  ['moment', '0001-01-03T00:00:00Z', null],
  ['moment', '0001-01-02T21:29:43Z', null],
  ['moment', '1970-01-01T00:00:00Z', null],
  ['moment', '1970-01-01T00:00:00-08:00', null],
  ['moment', '1970-01-01T03:00:00+03:00', null],
  ['moment', '1969-12-31T16:00:00-08:00', null],
  ['requiredMoment', '0001-01-01T00:00:00+14:00', 'bad'],
  // One second off is a date like any other.
  ['moment', '1970-01-01T00:00:01Z', '1970-01-01T03:00:01'],
  ['moment', '0001-01-01T01:00:00+14:00', 'bad'],
  ['moment', '9999-12-31T23:59:59Z', 'bad'],
  ['requiredMoment', '0001-01-01T00:00:00', 'bad'],
  ['requiredMoment', null, 'bad'],
  ['text', '', ''],
  ['text', ' ', ' '],
  ['optionalText', '', null],
  ['requiredText', '', 'bad'],
  ['requiredText', null, 'bad'],
  ['boolean', 'true', true],
  ['boolean', 'false', false],
  ['table', 'Refund', 'Return'],
  ['table', 'Return', 'bad'],
  ['table', 'constructor', 'bad'],
  ['table', null, 'bad'],
])('%s of %j is %j', (transform, text, expected) => {
  expect(readBy(transform, text)).toEqual(expected);
});

test('where zones are dropped the wall clock is taken as written, and the empty date is empty', () => {
  const drop = chooseZonedReading({ timeZone: openTimeZone('Europe/Moscow') } as Infobase, {
    ...defaultSettings,
    zonedDates: 'drop',
  });
  const texts = [
    '2024-03-05T21:30:00Z',
    '0001-01-03T00:00:00Z',
    '1970-01-01T03:00:00+03:00',
    '9999-12-31T23:59:59-14:00',
  ];
  expect(texts.map((text) => compileRead('moment').read(text, { readZoned: drop, now }))).toEqual([
    '2024-03-05T21:30:00',
    null,
    null,
    '9999-12-31T23:59:59',
  ]);
});

test('money of any sum comes back as it was written, with any zeros that it is given', () => {
  const kopecks = fc.integer({ min: 0, max: 999_999_999_999_999 });
  const noughts = fc.integer({ min: 0, max: 30 }).map((count) => '0'.repeat(count));
  fc.assert(
    fc.property(kopecks, noughts, noughts, (value, before, behind) => {
      const written = writeBy('money', value);
      const text = before + written + (written.includes('.') ? behind : '');
      expect(readBy('money', text)).toBe(value);
      expect(readBy('amount', text)).toBe(written);
    }),
    { numRuns: 100 * depth, seed: fileSeed },
  );
});

// Money and amounts took the square of their length once, at two million characters half an hour: the test's time-out is
// measure enough.
test.each(['money', 'optionalMoney', 'amount', 'count', 'moment', 'text', 'table'])(
  'a %s of two million characters is read in as many steps',
  (transform) => {
    const noughts = '0'.repeat(1_000_000);
    const texts = [
      `0.${noughts}1`,
      `${noughts}1`,
      `0.1${noughts}`,
      `${noughts}.${noughts}`,
      `-${noughts}1${noughts}.${noughts}1`,
    ];
    for (const text of texts) readBy(transform, text);
    expect(readBy('money', `${noughts}1.5${noughts}`)).toBe(150);
    expect(readBy('amount', `${noughts}1.5${noughts}`)).toBe('1.5');
    expect(readBy('count', `${noughts}15`)).toBe(15);
  },
);

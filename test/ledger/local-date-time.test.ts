// The civil calendar without a zone: what is a moment, and moving along it, checked against the host's own calendar in UTC.
import * as fc from 'fast-check';
import {
  addDays,
  addSeconds,
  dateOf,
  daysInMonth,
  formatForPeople,
  fromSeconds,
  isLeapYear,
  parseLocalDate,
  parseLocalDateTime,
  parseTypedDate,
  parseTypedDateTime,
  toSeconds,
  type LocalDate,
  type LocalDateTime,
} from '../../src/ledger/local-date-time.ts';
import { depth, fileSeed } from '../deep.ts';
import { expectSame } from '../expect-same.ts';

const dayMs = 86_400_000;
const inUtc = (ms: number): LocalDateTime => new Date(ms).toISOString().slice(0, 19) as LocalDateTime;
/** Years 1..9999 whole; `Date.UTC` reads years below 100 as 19xx, so they are written out. */
const firstMs = Date.parse('0001-01-01T00:00:00Z');
const lastMs = Date.parse('9999-12-31T23:59:59Z');
const anySecond = fc.integer({ min: firstMs / 1000, max: lastMs / 1000 });

test.each([
  ['2026-11-22', '2026-11-22'],
  ['22.11.2026', '2026-11-22'],
  ['29.02.2028', '2028-02-29'],
  ['29.02.2027', undefined],
  ['31.04.2026', undefined],
  ['1.2.2026', undefined],
  ['11/22/2026', undefined],
  ['22.11.26', undefined],
])('"%s" is typed for the date %s', (text, date) => {
  expect(parseTypedDate(text)).toBe(date);
});

test.each([
  ['2026-11-22', '2026-11-22T00:00:00'],
  ['22.11.2026', '2026-11-22T00:00:00'],
  ['22.11.2026 14:05', '2026-11-22T14:05:00'],
  ['22.11.2026 14:05:30', '2026-11-22T14:05:30'],
  ['2026-11-22T14:05', '2026-11-22T14:05:00'],
  ['22.11.2026 24:00', undefined],
  ['22.11.2026 4:05', undefined],
  ['22.11.2026x14:05', undefined],
])('"%s" is typed for the moment %s', (text, moment) => {
  expect(parseTypedDateTime(text)).toBe(moment);
});

describe('reading', () => {
  test.each<[text: string, moment: string]>([
    ['2026-11-22T14:05:00', '2026-11-22T14:05:00'],
    ['2026-11-22 14:05:00', '2026-11-22T14:05:00'],
    ['2026-11-22', '2026-11-22T00:00:00'],
    ['2028-02-29', '2028-02-29T00:00:00'],
    ['2000-02-29', '2000-02-29T00:00:00'],
    ['0001-01-01', '0001-01-01T00:00:00'],
    ['9999-12-31T23:59:59', '9999-12-31T23:59:59'],
  ])('%s is a moment', (text, moment) => {
    expect(parseLocalDateTime(text)).toBe(moment);
  });

  test.each([
    '',
    '2026-11-22T',
    '2026-11-22T14:05',
    '2026-11-22T14:05:00Z',
    '2026-11-22T14:05:00+03:00',
    '2026-11-22T14:05:00.000',
    '2026-11-22T24:00:00',
    '2026-11-22T14:60:00',
    '2026-11-22T14:05:60',
    '2026-11-22t14:05:00',
    '2026-02-29',
    '2100-02-29',
    '2026-04-31',
    '2026-00-10',
    '2026-13-10',
    '2026-01-00',
    '2026-01-32',
    '0000-01-01',
    '10000-01-01',
    '26-01-01',
    '2026-1-1',
    '2026-11-22T14:05:00 ',
    '2026-11-22\n',
  ])('%j is none', (text) => {
    expect(parseLocalDateTime(text)).toBeUndefined();
  });

  test('a date has no time of day', () => {
    expect(parseLocalDate('2026-11-22')).toBe('2026-11-22');
    expect(parseLocalDate('2026-11-22T00:00:00')).toBeUndefined();
    expect(dateOf('2026-11-22T23:59:59' as LocalDateTime)).toBe('2026-11-22');
  });

  test('people read it day first', () => {
    expect(formatForPeople('2026-11-02T04:05:06' as LocalDateTime)).toBe('02.11.2026 04:05:06');
  });
});

describe('leap years and month ends', () => {
  test.each<[year: number, isLeap: boolean]>([
    [1900, false],
    [2000, true],
    [2024, true],
    [2026, false],
    [2100, false],
    [2400, true],
    [4, true],
  ])('%d', (year, isLeap) => {
    expect(isLeapYear(year)).toBe(isLeap);
    expect(daysInMonth(year, 2)).toBe(isLeap ? 29 : 28);
  });

  test('every month of four centuries is as long as the host says', () => {
    for (let year = 1800; year < 2200; year += 1) {
      for (let month = 1; month <= 12; month += 1) {
        expect(daysInMonth(year, month)).toBe(new Date(Date.UTC(year, month, 0)).getUTCDate());
      }
    }
  });
});

describe('moving', () => {
  test.each<[from: string, days: number, to: string]>([
    ['2026-01-31', 1, '2026-02-01'],
    ['2026-02-28', 1, '2026-03-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2028-02-29', 1, '2028-03-01'],
    ['2028-02-29', 365, '2029-02-28'],
    ['2100-02-28', 1, '2100-03-01'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2027-01-01', -1, '2026-12-31'],
    ['2026-03-01', -1, '2026-02-28'],
    ['2026-11-22', 0, '2026-11-22'],
    ['0001-01-01', 3_652_058, '9999-12-31'],
  ])('%s %d days on is %s', (from, days, to) => {
    expect(addDays(from as LocalDate, days)).toBe(to);
    expect(addDays(to as LocalDate, -days)).toBe(from);
  });

  test.each<[from: string, seconds: number, to: string]>([
    ['2026-11-22T12:00:00', 900, '2026-11-22T12:15:00'],
    ['2026-11-22T23:59:59', 1, '2026-11-23T00:00:00'],
    ['2026-11-22T23:50:00', 900, '2026-11-23T00:05:00'],
    ['2026-12-31T23:59:59', 1, '2027-01-01T00:00:00'],
    ['2028-02-28T23:59:59', 1, '2028-02-29T00:00:00'],
    ['2027-01-01T00:00:00', -1, '2026-12-31T23:59:59'],
    ['2026-11-22T00:00:00', 86_400, '2026-11-23T00:00:00'],
    ['2026-11-22T00:00:00', 0, '2026-11-22T00:00:00'],
  ])('%s %d seconds on is %s', (from, seconds, to) => {
    expect(addSeconds(from as LocalDateTime, seconds)).toBe(to);
  });

  test.each([
    ['0001-01-01', -1],
    ['9999-12-31', 1],
  ])('%s %d days on is out of the calendar: a defect', (from, days) => {
    expect(() => addDays(from as LocalDate, days)).toThrow('common era');
  });

  test('any second of any year, as the host counts in UTC', () => {
    fc.assert(
      fc.property(anySecond, anySecond, (from, to) => {
        expectSame(addSeconds(inUtc(from * 1000), to - from), inUtc(to * 1000));
      }),
      { numRuns: 1_700 * depth, seed: fileSeed },
    );
  });

  test('any day of any year, as the host counts in UTC', () => {
    fc.assert(
      fc.property(anySecond, anySecond, (from, to) => {
        const [fromDay, toDay] = [Math.floor((from * 1000) / dayMs), Math.floor((to * 1000) / dayMs)];
        expectSame(addDays(dateOf(inUtc(fromDay * dayMs)), toDay - fromDay), dateOf(inUtc(toDay * dayMs)));
      }),
      { numRuns: 1_700 * depth, seed: fileSeed },
    );
  });

  test('whatever the host calls a second is read, and texts compare as moments', () => {
    fc.assert(
      fc.property(anySecond, anySecond, (a, b) => {
        expectSame(parseLocalDateTime(inUtc(a * 1000)), inUtc(a * 1000));
        expectSame(inUtc(a * 1000) < inUtc(b * 1000), a < b);
      }),
      { numRuns: 700 * depth, seed: fileSeed },
    );
  });
});

test('seconds since 1970 and back are those of the host in UTC', () => {
  fc.assert(
    fc.property(anySecond, (second) => {
      expectSame(toSeconds(inUtc(second * 1000)), second);
      expectSame(fromSeconds(second), inUtc(second * 1000));
    }),
    { numRuns: 100 * depth, seed: fileSeed },
  );
  expect(fromSeconds(firstMs / 1000 - 1)).toBeUndefined();
  expect(fromSeconds(lastMs / 1000 + 1)).toBeUndefined();
});

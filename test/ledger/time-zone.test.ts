// What a zone's wall clock shows at a moment: clocks set forward and back, zones that were moved, years far away; checked
// against the platform's own calendar, read field by field.
import * as fc from 'fast-check';
import { openTimeZone } from '../../src/ledger/time-zone.ts';
import { depth, fileSeed } from '../deep.ts';
import { expectSame } from '../expect-same.ts';

test.each<[zone: string, zoned: string, local: string]>([
  ['Europe/Moscow', '2024-03-05T21:30:00Z', '2024-03-06T00:30:00'],
  ['Europe/Moscow', '2024-03-06T00:30:00+03:00', '2024-03-06T00:30:00'],
  ['Europe/Moscow', '2024-03-05T10:00:00-11:30', '2024-03-06T00:30:00'],
  ['Europe/Moscow', '2024-02-28T21:00:00Z', '2024-02-29T00:00:00'],
  ['Europe/Moscow', '2025-12-31T21:00:00Z', '2026-01-01T00:00:00'],
  ['Europe/Moscow', '2026-11-22T10:11:12.999Z', '2026-11-22T13:11:12'],
  ['Europe/Moscow', '2026-11-22 10:11:12+00:00', '2026-11-22T13:11:12'],
  // Moscow has kept UTC+4 from spring 2011 to autumn 2014.
  ['Europe/Moscow', '2010-07-01T00:00:00Z', '2010-07-01T04:00:00'],
  ['Europe/Moscow', '2012-01-01T00:00:00Z', '2012-01-01T04:00:00'],
  ['Europe/Moscow', '2014-10-25T21:59:59Z', '2014-10-26T01:59:59'],
  ['Europe/Moscow', '2014-10-25T22:00:00Z', '2014-10-26T01:00:00'],
  ['Asia/Vladivostok', '2026-11-22T14:00:00Z', '2026-11-23T00:00:00'],
  ['Asia/Kathmandu', '2026-11-22T18:15:00Z', '2026-11-23T00:00:00'],
  ['America/New_York', '2026-07-01T03:59:59Z', '2026-06-30T23:59:59'],
  ['UTC', '2026-11-22T10:11:12+14:00', '2026-11-21T20:11:12'],
  // Clocks are set forward: no moment shows what lies between.
  ['Europe/Berlin', '2026-03-29T00:59:59Z', '2026-03-29T01:59:59'],
  ['Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-29T03:00:00'],
  // Clocks are set back: two moments, an hour apart, have one text.
  ['Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25T02:30:00'],
  ['Europe/Berlin', '2026-10-25T01:30:00Z', '2026-10-25T02:30:00'],
  ['Europe/Berlin', '2026-10-25T02:30:00Z', '2026-10-25T03:30:00'],
  // Half an hour, and a minute past midnight.
  ['Australia/Lord_Howe', '2026-04-04T14:59:59Z', '2026-04-05T01:59:59'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', '2026-04-05T01:30:00'],
  ['America/St_Johns', '2010-11-07T02:30:59Z', '2010-11-07T00:00:59'],
  ['America/St_Johns', '2010-11-07T02:31:00Z', '2010-11-06T23:01:00'],
  // A town's own mean time, to the second.
  ['Europe/Moscow', '0001-01-02T21:29:43Z', '0001-01-03T00:00:00'],
  ['UTC', '0001-01-01T00:00:00Z', '0001-01-01T00:00:00'],
  ['UTC', '9999-12-31T23:59:59Z', '9999-12-31T23:59:59'],
])('in %s %s is %s', (zone, zoned, local) => {
  expect(openTimeZone(zone).toLocal(zoned)).toBe(local);
});

test.each([
  '',
  'Z',
  '2026-11-22T10:11:12',
  '2026-11-22',
  '2026-11-22Z',
  '2026-11-22T10:11:12z',
  '2026-11-22T10:11:12+3:00',
  '2026-11-22T10:11:12+0300',
  '2026-11-22T10:11:12+03:60',
  '2026-11-22T10:11:12+14:01',
  '2026-11-22T10:11:12.Z',
  '2026-02-29T10:11:12Z',
  '2026-11-22T24:00:00Z',
  '0001-01-01T00:00:00+03:00',
  '9999-12-31T23:59:59-00:01',
])('%j is no moment in UTC', (text) => {
  expect(openTimeZone('UTC').toLocal(text)).toBeUndefined();
});

test('an unknown zone is refused by name', () => {
  expect(() => openTimeZone('Europe/Moskau')).toThrow(/Europe\/Moskau/);
});

const zones = [
  'UTC',
  'Europe/Moscow',
  'Europe/Kaliningrad',
  'Asia/Kamchatka',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Africa/Monrovia',
  'Asia/Gaza',
  'Pacific/Apia',
  'Antarctica/Troll',
];

/** The wall clock of a zone as the platform writes it, field by field. */
function showAt(timeZone: string, ms: number): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(ms);
  const {
    year = '',
    month,
    day,
    hour,
    minute,
    second,
  } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${year.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}`;
}

test('any moment of any zone is what the platform shows there, whatever was asked before', () => {
  // From the first year whose every wall clock is of the common era; the nearer centuries more often.
  const far = fc.integer({
    min: Date.parse('0002-01-01T00:00:00Z') / 1000,
    max: Date.parse('9999-12-30T00:00:00Z') / 1000,
  });
  const near = fc.integer({
    min: Date.parse('1880-01-01T00:00:00Z') / 1000,
    max: Date.parse('2040-01-01T00:00:00Z') / 1000,
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.oneof(near, near, far),
      fc.integer({ min: -840, max: 840 }),
      (name, second, shift) => {
        const wall = new Date((second + shift * 60) * 1000).toISOString().slice(0, 19);
        const hours = String(Math.floor(Math.abs(shift) / 60)).padStart(2, '0');
        const minutes = String(Math.abs(shift) % 60).padStart(2, '0');
        const zoned = `${wall}${shift < 0 ? '-' : '+'}${hours}:${minutes}`;
        expectSame(openTimeZone(name).toLocal(zoned), showAt(name, second * 1000));
      },
    ),
    { numRuns: 700 * depth, seed: fileSeed },
  );
});

test('every second around a change of clocks is right, in either order', () => {
  const zone = openTimeZone('America/St_Johns');
  const change = Date.parse('2010-11-07T02:31:00Z') / 1000;
  const seconds = Array.from({ length: 241 }, (_, index) => change - 120 + index);
  for (const second of [...seconds, ...seconds.toReversed()]) {
    expectSame(zone.offsetAt(second), second < change ? -9000 : -12_600);
  }
});

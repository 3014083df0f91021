// Which texts are one value by the contract's type, and that a string has one form alone.
import * as fc from 'fast-check';

import { openTimeZone } from '../../src/ledger/time-zone.ts';
import { canonicalValue } from '../../src/replay/canonical-value.ts';
import type { CanonicalElement } from '../../src/replay/canonical.ts';
import { parseXml } from '../../src/replay/canonical.ts';
import { compareTrees } from '../../src/replay/compare.ts';
import type { ElementType, ValueKind } from '../../src/replay/value-kinds.ts';
import { depth, fileSeed } from '../deep.ts';

const moscow = openTimeZone('Europe/Moscow');

test.each<[kind: ValueKind, text: string, form: string]>([
  ['decimal', '100.50', '100.5'],
  ['decimal', '100.00', '100'],
  ['decimal', '5.', '5'],
  ['decimal', '.5', '0.5'],
  ['decimal', '+5', '5'],
  ['decimal', '-5.0', '-5'],
  ['decimal', '-0.00', '0'],
  ['decimal', '0', '0'],
  ['decimal', '0.10', '0.1'],
  ['decimal', '007', '7'],
  ['decimal', '00.50', '0.5'],
  ['decimal', '12345678901234567890.1200', '12345678901234567890.12'],
  ['decimal', '.', '.'],
  ['decimal', '', ''],
  ['decimal', '-', '-'],
  ['decimal', '1.2.0', '1.2.0'],
  ['decimal', '1e2', '1e2'],
  ['decimal', ' 5.0', ' 5.0'],
  ['integer', '+12', '12'],
  ['integer', '0012', '12'],
  ['integer', '-0', '0'],
  // A client that reads an integer refuses these.
  ['integer', '12.0', '12.0'],
  ['integer', '12.', '12.'],
  ['dateTime', '2026-11-22T10:11:12.000', '2026-11-22T10:11:12'],
  ['dateTime', '2026-11-22T10:11:12.500', '2026-11-22T10:11:12.5'],
  ['dateTime', '2026-11-22T10:11:12.000Z', '2026-11-22T13:11:12'],
  ['dateTime', '2026-11-22T21:30:00.25Z', '2026-11-23T00:30:00.25'],
  ['dateTime', '2026-11-22T13:11:12+03:00', '2026-11-22T13:11:12'],
  ['dateTime', '0001-01-01T00:00:00Z', '0001-01-01T00:00:00'],
  ['dateTime', '0001-01-01T00:00:00.000+14:00', '0001-01-01T00:00:00'],
  ['dateTime', '9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'],
  ['dateTime', '2026-02-30T10:11:12Z', '2026-02-30T10:11:12Z'],
  ['dateTime', '2026-11-22', '2026-11-22'],
  ['text', '8.10', '8.10'],
  ['text', '+79001234567', '+79001234567'],
  ['text', '2026-11-22T10:11:12.000Z', '2026-11-22T10:11:12.000Z'],
])('as %s the form of "%s" is "%s"', (kind, text, form) => {
  expect(canonicalValue(text, kind, moscow)).toBe(form);
});

const line: ElementType = {
  name: 'Line',
  fields: [
    { name: 'Sum', namespace: 'u', type: { kind: 'decimal' } },
    { name: 'Count', namespace: 'u', type: { kind: 'int' } },
    { name: 'At', namespace: 'u', type: { kind: 'dateTime' } },
    { name: 'FD', namespace: 'u', type: { kind: 'string' } },
    { name: 'Loose', namespace: '', type: { kind: 'decimal' } },
  ],
};
const types = {
  namespace: 'u',
  wrappers: new Map([['Reply', { fields: [{ name: 'Line', namespace: 'u', type: line }] }]]),
};
const names =
  'xmlns="u" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

function parse(content: string): CanonicalElement {
  return parseXml(`<s:Body xmlns:s="s"><Reply ${names}>${content}</Reply></s:Body>`);
}

function compare(expected: string, actual: string): string[] {
  const { differences } = compareTrees(parse(expected), parse(actual), [], { types, timeZone: moscow });
  return differences.map(
    ({ kind, path, expected: one, actual: other }) => `${kind} ${path} ${one ?? '-'} | ${other ?? '-'}`,
  );
}

test.each<[name: string, expected: string, actual: string, found: string[]]>([
  ['a number', '<Line><Sum>8.10</Sum></Line>', '<Line><Sum>8.1</Sum></Line>', []],
  ['a count', '<Line><Count>+7</Count></Line>', '<Line><Count>07</Count></Line>', []],
  ['a moment', '<Line><At>2026-11-22T07:00:00Z</At></Line>', '<Line><At>2026-11-22T10:00:00</At></Line>', []],
  [
    'another number',
    '<Line><Sum>8.10</Sum></Line>',
    '<Line><Sum>8.01</Sum></Line>',
    ['different /s:Body/Reply/Line/Sum 8.10 | 8.01'],
  ],
  [
    'a string',
    '<Line><FD>8.10</FD></Line>',
    '<Line><FD>8.1</FD></Line>',
    ['different /s:Body/Reply/Line/FD 8.10 | 8.1'],
  ],
  [
    'a string with a plus',
    '<Line><FD>+79</FD></Line>',
    '<Line><FD>79</FD></Line>',
    ['different /s:Body/Reply/Line/FD +79 | 79'],
  ],
  ['an unqualified number', '<Line><Loose xmlns="">1.0</Loose></Line>', '<Line><Loose xmlns="">1</Loose></Line>', []],
  [
    'a number of another namespace',
    '<Line><Sum xmlns="v">1.0</Sum></Line>',
    '<Line><Sum xmlns="v">1</Sum></Line>',
    ['different /s:Body/Reply/Line/Sum 1.0 | 1'],
  ],
  [
    'a number where the contract has none',
    '<Line><Other>1.0</Other></Line>',
    '<Line><Other>1</Other></Line>',
    ['different /s:Body/Reply/Line/Other 1.0 | 1'],
  ],
  [
    'the declared xsi:type, or none',
    '<Line xsi:type="Line"><Sum xsi:type="xs:decimal">1</Sum></Line>',
    '<Line><Sum>1</Sum></Line>',
    [],
  ],
  [
    'another xsi:type than the declared',
    '<Line><Sum>1</Sum></Line>',
    '<Line><Sum xsi:type="xs:string">1</Sum></Line>',
    ['extra /s:Body/Reply/Line/Sum/@xsi:type - | {http://www.w3.org/2001/XMLSchema}string'],
  ],
  [
    'an xsi:type gone',
    '<Line xsi:type="Long"><Sum>1</Sum></Line>',
    '<Line xsi:type="Line"><Sum>1</Sum></Line>',
    ['missing /s:Body/Reply/Line/@xsi:type {u}Long | -'],
  ],
])('%s', (_, expected, actual, found) => {
  expect(compare(expected, actual)).toEqual(found);
});

const row = (sum: string, fd: string): string => `<Line><Sum>${sum}</Sum><FD>${fd}</FD></Line>`;

test('a list of numbers in other forms is laid side by side as the same list', () => {
  const expected = row('1.0', 'a') + row('2.0', 'b') + row('3.0', 'c');
  expect(compare(expected, row('1', 'a') + row('03', 'c'))).toEqual([
    'missing /s:Body/Reply/Line[2] <Line><Sum>2.0</Sum><FD>b</FD></Line> | -',
  ]);
});

test('two forms of a number are equal where it is a number, and never where it is a string', () => {
  const whole = fc.bigInt({ min: 0n, max: 10n ** 25n }).map(String);
  const fraction = fc.stringMatching(/^[0-9]{0,6}[1-9]$/);
  const zeros = fc.integer({ min: 0, max: 5 }).map((count) => '0'.repeat(count));
  fc.assert(
    fc.property(whole, fraction, zeros, zeros, fc.boolean(), (digits, rest, before, after, isNegative) => {
      const sign = isNegative ? '-' : '';
      const one = `${sign}${digits}.${rest}`;
      const other = `${isNegative ? '-' : '+'}${before}${digits}.${rest}${after}`;
      expect(compare(`<Line><Sum>${one}</Sum></Line>`, `<Line><Sum>${other}</Sum></Line>`)).toEqual([]);
      expect(compare(`<Line><FD>${one}</FD></Line>`, `<Line><FD>${other}</FD></Line>`)).toHaveLength(
        one === other ? 0 : 1,
      );
    }),
    { numRuns: 100 * depth, seed: fileSeed },
  );
});

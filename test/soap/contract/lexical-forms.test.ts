// What is a value of each simple type, and what of it is kept.
import { describeText } from '../../../src/soap/contract/describe-type.ts';
import { compileText } from '../../../src/soap/contract/facets.ts';
import { formatDecimal } from '../../../src/soap/contract/lexical-forms.ts';
import type { ScalarKind } from '../../../src/soap/contract/schema.ts';
import { runWithStop } from '../../run-with-stop.ts';

const kept: Readonly<Partial<Record<ScalarKind, readonly (readonly [sent: string, read: string])[]>>> = {
  string: [
    ['', ''],
    ['  a\n b ', '  a\n b '],
    ['1E3', '1E3'],
  ],
  decimal: [
    ['0', '0'],
    ['12345678901234567.89', '12345678901234567.89'],
    ['1.250', '1.250'],
    ['007.10', '007.10'],
    [' \r\n\t100.50 ', '100.50'],
    ['-20.5', '-20.5'],
    ['+20.5', '20.5'],
    ['-0.00', '-0.00'],
    ['.5', '0.5'],
    ['-.5', '-0.5'],
    ['+.50', '0.50'],
    ['5.', '5'],
    ['-5.', '-5'],
    [`${'9'.repeat(400)}.${'1'.repeat(400)}`, `${'9'.repeat(400)}.${'1'.repeat(400)}`],
  ],
  integer: [
    ['0', '0'],
    ['+7', '7'],
    ['-7', '-7'],
    ['007', '007'],
    [' 7 ', '7'],
    ['9007199254740993', '9007199254740993'],
  ],
  int: [
    ['2147483647', '2147483647'],
    ['-2147483648', '-2147483648'],
    ['0000000000002147483647', '0000000000002147483647'],
  ],
  long: [
    ['9223372036854775807', '9223372036854775807'],
    ['-9223372036854775808', '-9223372036854775808'],
  ],
  double: [
    ['1e-3', '1e-3'],
    ['.5E+10', '.5E+10'],
    ['INF', 'INF'],
    ['-INF', '-INF'],
    ['NaN', 'NaN'],
    [' 1. ', '1.'],
  ],
  boolean: [
    ['true', 'true'],
    ['1', 'true'],
    ['false', 'false'],
    [' 0 ', 'false'],
  ],
  dateTime: [
    ['2026-11-22T10:11:12', '2026-11-22T10:11:12'],
    ['2026-11-22T10:11:12Z', '2026-11-22T10:11:12Z'],
    ['2026-11-22T10:11:12.000Z', '2026-11-22T10:11:12Z'],
    ['2026-11-22T23:59:59.999999999', '2026-11-22T23:59:59'],
    ['2026-11-22T10:11:12+14:00', '2026-11-22T10:11:12+14:00'],
    ['2026-11-22T10:11:12.5-03:30', '2026-11-22T10:11:12-03:30'],
    [' 0001-01-01T00:00:00\n', '0001-01-01T00:00:00'],
    ['9999-12-31T23:59:59', '9999-12-31T23:59:59'],
    ['2024-02-29T00:00:00', '2024-02-29T00:00:00'],
    ['2000-02-29T00:00:00', '2000-02-29T00:00:00'],
  ],
  date: [
    ['2026-11-22', '2026-11-22'],
    ['2026-11-22Z', '2026-11-22'],
    ['2026-11-22-05:00', '2026-11-22'],
  ],
  time: [
    ['10:11:12', '10:11:12'],
    ['10:11:12.5+03:00', '10:11:12'],
  ],
  base64Binary: [
    ['', ''],
    ['0JrQsNGB0YHQsA==', '0JrQsNGB0YHQsA=='],
    [' 0JrQ\r\nsNGB\r\n0YHQsA==\r\n', '0JrQsNGB0YHQsA=='],
    ['+/+/', '+/+/'],
  ],
};

const refused: Readonly<Partial<Record<ScalarKind, readonly string[]>>> = {
  decimal: [
    '',
    ' ',
    '.',
    '+',
    '-',
    '-.',
    '1e3',
    '1E3',
    'INF',
    '-INF',
    'NaN',
    '1,5',
    '1 000',
    '1.2.3',
    '--1',
    '+-1',
    '1-',
    '0x1',
    '1\u00a0',
    '１',
    '1_0',
    'a',
  ],
  integer: ['', '1.0', '1.', '.0', '1e0', 'true', '1 2'],
  int: ['2147483648', '-2147483649', '99999999999999999999'],
  long: ['9223372036854775808', '-9223372036854775809'],
  double: ['', '+INF', 'inf', '1e', 'e1', '1e1.5', `${'1'.repeat(5000)}x`],
  boolean: ['', 'True', 'TRUE', 'yes', '2', 'on', '01'],
  dateTime: [
    '',
    '2026-11-22',
    '2026-11-22 10:11:12',
    '2026-11-22t10:11:12',
    '2026-11-22T10:11',
    '26-11-22T10:11:12',
    '2026-1-22T10:11:12',
    '2026-13-22T10:11:12',
    '2026-00-22T10:11:12',
    '2026-11-31T10:11:12',
    '2026-11-00T10:11:12',
    '2026-02-29T10:11:12',
    '1900-02-29T10:11:12',
    '2026-11-22T24:00:00',
    '2026-11-22T10:60:12',
    '2026-11-22T10:11:60',
    '0000-01-01T00:00:00',
    '-0001-01-01T00:00:00',
    '12026-11-22T10:11:12',
    '+2026-11-22T10:11:12',
    '2026-11-22T10:11:12.',
    '2026-11-22T10:11:12.Z',
    '2026-11-22T10:11:12ZZ',
    '2026-11-22T10:11:12+3:00',
    '2026-11-22T10:11:12+14:01',
    '2026-11-22T10:11:12+15:00',
    '2026-11-22T10:11:12+03:60',
    '2026-11-22T10:11:12z',
    '2026-11-22T10:11:12 Z',
    '٢٠٢٦-11-22T10:11:12',
    '2026-11-22T1a:11:12',
    '2026/11/22T10:11:12',
    '2026-11-22T10.11.12',
  ],
  date: ['2026-11-22T10:11:12', '2026-02-30', '22.11.2026'],
  time: ['24:00:00', '10:11', '1:1:1'],
  base64Binary: ['0JrQsNGB0YHQsA=', '0JrQsNGB0YHQsA', '0JrQsNGB0YHQsA==A', '-_-_', 'Ы', 'AB==', '===='],
};

describe.each(Object.entries(kept))('%s', (kind, table) => {
  const read = compileText({ kind: kind as ScalarKind });
  test.each([...table])('%j is read as %j', (sent, expected) => {
    expect(read(sent)).toBe(expected);
  });
});

describe.each(Object.entries(refused))('%s', (kind, table) => {
  const read = compileText({ kind: kind as ScalarKind });
  test.each([...table])('%j is refused', (sent) => {
    expect(read(sent)).toBeUndefined();
  });
});

test.each([
  ['100.50', '100.5'],
  ['100.00', '100'],
  ['0.00', '0'],
  ['-0.00', '0'],
  ['-0', '0'],
  ['+5', '5'],
  ['.5', '0.5'],
  ['5.', '5'],
  ['0010.010', '10.01'],
  ['000', '0'],
  ['00.5', '0.5'],
  ['-000.50', '-0.5'],
  ['100', '100'],
  ['1000000', '1000000'],
  ['12345678901234567.8900', '12345678901234567.89'],
  ['1e3', undefined],
  ['', undefined],
])('the decimal %j is written %j', (given, expected) => {
  expect(formatDecimal(given)).toBe(expected);
});

test('a restricted string is held to its length in characters and to its values', () => {
  const short = compileText({ kind: 'string', minLength: 2, maxLength: 3 });
  expect(['a', 'ab', 'абв', 'abcd', '😀😀😀', '😀😀😀😀'].map(short)).toEqual([
    undefined,
    'ab',
    'абв',
    undefined,
    '😀😀😀',
    undefined,
  ]);
  const listed = compileText({ kind: 'string', values: new Set(['Sale', 'Return']) });
  expect(['Sale', 'sale', ' Sale'].map(listed)).toEqual(['Sale', undefined, undefined]);
  expect(describeText({ kind: 'string', values: new Set(['Sale', 'Return']) })).toBe('одно из значений Sale, Return');
});

test.each(['decimal', 'double', 'dateTime', 'base64Binary', 'integer', 'long'] as const)(
  'a %s of a million characters is read in as many steps',
  (kind) => {
    const read = compileText({ kind });
    const texts = [
      '1'.repeat(1_000_000),
      `${'1'.repeat(1_000_000)}x`,
      ' '.repeat(1_000_000),
      `2026-11-22T10:11:12.${'0'.repeat(1_000_000)}x`,
    ];
    runWithStop(() => texts.forEach((text) => read(text)));
  },
);

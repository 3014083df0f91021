// Money in and out as text, its limits, and the one proportion the ledger takes.
import * as fc from 'fast-check';
import { formatRubles, maxKopecks, parseKopecks, sumLimitKopecks, takeProportion } from '../../src/ledger/money.ts';
import { depth, fileSeed } from '../deep.ts';
import { expectSame } from '../expect-same.ts';

describe('parseKopecks', () => {
  test.each<[text: string, kopecks: number]>([
    ['0', 0],
    ['1', 100],
    ['1.5', 150],
    ['1.50', 150],
    ['0.01', 1],
    ['0.1', 10],
    ['.5', 50],
    ['12.', 1200],
    ['+12.34', 1234],
    ['-12.34', -1234],
    ['-0', 0],
    ['-0.00', 0],
    ['0000000000000000012', 1200],
    ['1.2300000', 123],
    ['9999999999999.99', 999_999_999_999_999],
    ['-9999999999999.99', -999_999_999_999_999],
    // These three lose a kopeck, or gain one, through a float.
    ['1.15', 115],
    ['8.41', 841],
    ['1029.66', 102_966],
  ])('%s is %d kopecks', (text, kopecks) => {
    expect(parseKopecks(text)).toBe(kopecks);
  });

  test.each([
    ['', 'no digits'],
    ['.', 'no digits'],
    ['+', 'no digits'],
    ['-.', 'no digits'],
    ['1.005', 'a tenth of a kopeck'],
    ['1.001', 'a tenth of a kopeck'],
    ['10000000000000', '10^13 rubles'],
    ['10000000000000.00', '10^13 rubles'],
    ['12345678901234567.89', 'more than a sum may be'],
    ['1e3', 'an exponent'],
    ['1,5', 'a comma'],
    ['1 000', 'a space'],
    [' 1', 'a space'],
    ['1\n', 'a line end'],
    ['0x10', 'hexadecimal'],
    ['--1', 'two signs'],
    ['1.2.3', 'two points'],
    ['NaN', 'not a number'],
    ['INF', 'not a number'],
    ['١', 'a digit of another script'],
  ])('%j is refused: %s', (text) => {
    expect(parseKopecks(text)).toBeUndefined();
  });
});

describe('formatRubles', () => {
  test.each<[kopecks: number, text: string]>([
    [0, '0'],
    [-0, '0'],
    [1, '0.01'],
    [10, '0.1'],
    [11, '0.11'],
    [100, '1'],
    [10_050, '100.5'],
    [10_005, '100.05'],
    [-5, '-0.05'],
    [-50, '-0.5'],
    [-100, '-1'],
    [999_999_999_999_999, '9999999999999.99'],
    [maxKopecks, '90071992547409.91'],
    [-maxKopecks, '-90071992547409.91'],
  ])('%d is "%s"', (kopecks, text) => {
    expect(formatRubles(kopecks)).toBe(text);
  });

  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, maxKopecks + 1])('%d is a defect, never a text', (kopecks) => {
    expect(() => formatRubles(kopecks)).toThrow('exact integer');
  });

  test('every sum a request may bring is read back from its text', () => {
    const sums = fc.integer({ min: -sumLimitKopecks + 1, max: sumLimitKopecks - 1 });
    fc.assert(
      fc.property(sums, (kopecks) => {
        const text = formatRubles(kopecks);
        expect(text).toMatch(/^-?\d+(\.\d{1,2})?$/);
        expectSame(parseKopecks(text), kopecks);
      }),
      { numRuns: 700 * depth, seed: fileSeed },
    );
  });
});

describe('takeProportion', () => {
  test.each<[total: number, part: number, whole: number, taken: number, why: string]>([
    [3333, 33_333, 100_000, 1111, '1110.9889 goes up'],
    [101, 10_000, 20_000, 51, 'half a kopeck goes up'],
    [1, 1, 2, 1, 'half a kopeck goes up'],
    [1, 49, 100, 0, 'less than half goes down'],
    [20_000, 20_000, 80_000, 5_000, 'exact'],
    [500, 50_000, 50_000, 500, 'the whole is the whole'],
    [0, 5, 10, 0, 'of nothing, nothing'],
    [500, 0, 10, 0, 'no part, nothing'],
    [4_999_999_999_999, 1, 99_999_999_999_999, 0, '0.04999 of a kopeck'],
    [4_999_999_999_999, 99_999_999_999_998, 99_999_999_999_999, 4_999_999_999_999, 'all but 0.05 of a kopeck'],
    [999_999_999_999_999, 500_000_000_000_000, 999_999_999_999_999, 500_000_000_000_000, 'the product has 30 digits'],
    [999_999_999_999_999, 1, 2, 500_000_000_000_000, 'half a kopeck of the largest sum'],
  ])('%d x %d / %d = %d: %s', (total, part, whole, taken) => {
    expect(takeProportion(total, part, whole)).toBe(taken);
  });

  test.each([
    [-1, 1, 1],
    [1, -1, 1],
    [1, 1, 0],
    [1, 1, -1],
  ])('%d x %d / %d is a defect', (total, part, whole) => {
    expect(() => takeProportion(total, part, whole)).toThrow('non-negative');
  });

  test('equals exact integer arithmetic for any sums', () => {
    const sum = fc.integer({ min: 0, max: sumLimitKopecks - 1 });
    fc.assert(
      fc.property(sum, sum, fc.integer({ min: 1, max: sumLimitKopecks - 1 }), (total, a, b) => {
        const [part, whole] = a <= b ? [a, b] : [b, a];
        if (whole === 0) return;
        const doubled = 2n * BigInt(total) * BigInt(part) + BigInt(whole);
        expectSame(BigInt(takeProportion(total, part, whole)), doubled / (2n * BigInt(whole)));
      }),
      { numRuns: 1_700 * depth, seed: fileSeed },
    );
  });
});

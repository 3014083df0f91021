// Money is an integer count of kopecks everywhere inside; rubles with a point exist only as exact text at the edges.
// decimal.js is used only where a proportion is taken, with enough digits for any product of two sums.
import assert from 'node:assert';
import { Decimal } from 'decimal.js';

/** An integer count of kopecks, |x| <= maxKopecks. */
export type Kopecks = number;

/** The largest register balance: every integer up to it is exact in JavaScript, SQLite and PostgreSQL alike. */
export const maxKopecks: Kopecks = Number.MAX_SAFE_INTEGER;

/** One sum of a request stays below 10^13 rubles (contract), so that products and a few additions stay exact. */
export const sumLimitKopecks: Kopecks = 1_000_000_000_000_000;

const Exact = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_UP });

/**
 * Reads a decimal text ("12", "12.5", "-0.05", "+1.") as kopecks.
 * @returns the kopecks, or undefined if the text is not a decimal, has more than two significant
 * decimals, or reaches 10^13 rubles.
 */
export function parseKopecks(rubles: string): Kopecks | undefined {
  const plain = parsePlain(rubles);
  if (plain !== undefined) return plain;
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(rubles);
  if (match === null) return undefined;
  const whole = (match[2] ?? '').replace(/^0+(?=\d)/, '');
  // Cut by a loop: the time of a pattern for zeros at the end grows with the square of their number.
  const digits = match[3] ?? '';
  let end = digits.length;
  while (end > 0 && digits[end - 1] === '0') end -= 1;
  const fraction = digits.slice(0, end);
  if (whole === '' && (match[3] ?? '') === '') return undefined;
  if (whole.length > 13 || fraction.length > 2) return undefined;
  const kopecks = Number((whole === '' ? '0' : whole) + fraction.padEnd(2, '0'));
  return match[1] === '-' && kopecks !== 0 ? -kopecks : kopecks;
}

/** "1234", "1234.5" or "1234.50", as nearly all sums are written, without a pattern; undefined for any other text. */
function parsePlain(text: string): Kopecks | undefined {
  const { length } = text;
  let rubles = 0;
  let at = 0;
  for (; at < length && at < 13; at += 1) {
    const digit = digitAt(text, at);
    if (digit > 9) break;
    rubles = rubles * 10 + digit;
  }
  if (at === 0) return undefined;
  if (at === length) return rubles * 100;
  const places = length - at - 1;
  if (text.charCodeAt(at) !== 0x2e || places < 1 || places > 2) return undefined;
  const tenths = digitAt(text, at + 1);
  const hundredths = places === 2 ? digitAt(text, at + 2) : 0;
  return tenths > 9 || hundredths > 9 ? undefined : rubles * 100 + tenths * 10 + hundredths;
}

/** More than 9 for what is no digit. */
function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - 0x30;
  return digit < 0 ? 10 : digit;
}

/** Rubles as the shortest plain decimal: 10050 -> "100.5", 0 -> "0", -5 -> "-0.05". */
export function formatRubles(kopecks: Kopecks): string {
  assert(Number.isSafeInteger(kopecks), 'kopecks are an exact integer');
  const sign = kopecks < 0 ? '-' : '';
  const absolute = Math.abs(kopecks);
  const fraction = absolute % 100;
  const whole = (absolute - fraction) / 100;
  if (fraction === 0) return `${sign}${whole}`;
  if (fraction % 10 === 0) return `${sign}${whole}.${fraction / 10}`;
  return `${sign}${whole}.${fraction < 10 ? '0' : ''}${fraction}`;
}

/** "1234.50": always two decimals. */
export function formatSum(kopecks: Kopecks): string {
  const [rubles = '', fraction = ''] = formatRubles(kopecks).split('.');
  return `${rubles}.${fraction.padEnd(2, '0')}`;
}

/** The same of a sum over many cards, which outgrows what a number keeps exactly. */
export function formatTotalSum(kopecks: bigint): string {
  const absolute = kopecks < 0n ? -kopecks : kopecks;
  return `${kopecks < 0n ? '-' : ''}${absolute / 100n}.${String(absolute % 100n).padStart(2, '0')}`;
}

/**
 * total x part / whole, rounded half up to a kopeck: the odd half kopeck goes to the larger share taken back.
 * All three are non-negative, whole is above zero.
 */
export function takeProportion(total: Kopecks, part: Kopecks, whole: Kopecks): Kopecks {
  assert(total >= 0 && part >= 0 && whole > 0, 'a proportion is taken of non-negative sums');
  if (total === 0 || part === 0) return 0;
  return new Exact(total).times(part).div(whole).toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber();
}

// A range of numbers of cards or certificates, as an operator asks for it: prefix, first, last and width.
import { cardNumberLimit } from '../../ledger/card.ts';

/** In text: numbers may be longer than exact numbers are. */
export interface NumberRangeRequest {
  readonly prefix: string;
  readonly from: string;
  readonly to: string;
  /**
   * Digits of the number after the prefix, padded with zeros: prefix 29, from 1, width 11 make
   * 2900000000001, the thirteen digits of an EAN-13 code. Undefined = as many as `to` has.
   */
  readonly width: string | undefined;
}

export interface NumberRange {
  readonly ok: true;
  readonly count: number;
  readonly numberAt: (index: number) => string;
}

export type RangeMistake = { readonly ok: false; readonly field: keyof NumberRangeRequest; readonly why: string };

/** More at once is a slip of the keyboard. */
export const rangeLimit = 10_000_000;

export function readNumberRange(request: NumberRangeRequest): NumberRange | RangeMistake {
  const { prefix, from, to, width = String(to.length) } = request;
  if (/[\p{Cc}\p{Cs}\uFFFD]/u.test(prefix) || prefix !== prefix.trimStart()) {
    return refuse('prefix', 'a prefix begins with no blank and has no control characters');
  }
  for (const field of ['from', 'to'] as const) {
    if (!/^\d{1,50}$/.test(request[field])) return refuse(field, `expected a whole number, got "${request[field]}"`);
  }
  if (!/^\d{1,2}$/.test(width) || Number(width) < 1) return refuse('width', `expected 1 to ${cardNumberLimit} digits`);
  const digits = Number(width);
  const length = Array.from(prefix).length + digits;
  if (length > cardNumberLimit) {
    return refuse('width', `a number has ${cardNumberLimit} characters at most, with the prefix these have ${length}`);
  }
  const [first, last] = [BigInt(from), BigInt(to)];
  if (first > last) return refuse('from', `${from} is above ${to}`);
  if (String(last).length > digits) return refuse('width', `${to} has more than ${digits} digits`);
  const count = last - first + 1n;
  if (count > rangeLimit) return refuse('to', `${count} numbers at once; ${rangeLimit} at most`);
  const numberAt = (index: number): string => prefix + String(first + BigInt(index)).padStart(digits, '0');
  return { ok: true, count: Number(count), numberAt };
}

function refuse(field: keyof NumberRangeRequest, why: string): RangeMistake {
  return { ok: false, field, why };
}

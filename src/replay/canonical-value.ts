// One text for all forms of a value: numbers and moments have several forms, a string has one.
import type { TimeZone } from '../ledger/time-zone.ts';
import type { ValueKind } from './value-kinds.ts';

const numberForm = /^([+-]?)(\d*)(?:\.(\d*))?$/;
const dateTimeForm = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/;
const emptyDate = '0001-01-01T00:00:00';

/** Digits never become a JS number, so that two long sums never become equal. */
function findNumber(text: string, kind: 'integer' | 'decimal'): string | null {
  const found = numberForm.exec(text);
  if (found === null) return null;
  const [, sign = '', written = '', fraction] = found;
  // To a client that reads an integer, "12.0" is not one.
  if ((kind === 'integer' && fraction !== undefined) || (written === '' && (fraction ?? '') === '')) return null;
  const whole = written.replace(/^0+(?=\d)/, '');
  const digits = `${whole === '' ? '0' : whole}${formatFraction(fraction)}`;
  return sign === '-' && digits !== '0' ? `-${digits}` : digits;
}

/** Without the zeros at its end; '' if nothing is left. */
function formatFraction(fraction = ''): string {
  let end = fraction.length;
  while (end > 0 && fraction[end - 1] === '0') end--;
  return end > 0 ? `.${fraction.slice(0, end)}` : '';
}

/** A moment with a zone is shown on the infobase's wall clock; the empty date is empty in any zone. */
function findMoment(text: string, timeZone: TimeZone): string | null {
  const found = dateTimeForm.exec(text);
  if (found === null) return null;
  const [, wall = '', fraction, zone = ''] = found;
  if (zone === '' || wall === emptyDate) return wall + formatFraction(fraction);
  const local = timeZone.toLocal(wall + zone);
  return local === undefined ? null : local + formatFraction(fraction);
}

/**
 * 100.50 = 100.5, +5 = 5 and 007 = 7 if the contract has a number; 10:00:00.000 = 10:00:00, and 07:00:00Z in Moscow, if it
 * has a moment. Any other text stays as it is.
 */
export function canonicalValue(text: string, kind: ValueKind, timeZone: TimeZone): string {
  switch (kind) {
    case 'text':
      return text;
    case 'integer':
    case 'decimal':
      return findNumber(text, kind) ?? text;
    case 'dateTime':
      return findMoment(text, timeZone) ?? text;
  }
}

// The lexical forms of the schema's simple types. A value stays the exact text that was sent: a sum never passes
// through a float, nor a date through a host's time zone.
import { isBlank } from './characters.ts';
import type { ScalarKind } from './schema.ts';

/** The value's text, or undefined if the text is not of the type. */
export type ReadText = (text: string) => string | undefined;

const zero = 0x30;

function isDigit(code: number): boolean {
  return code >= zero && code <= 0x39;
}

/** Without the blanks around it: the result of the schema's whiteSpace="collapse" for types that have none inside. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return end - start === text.length ? text : text.slice(start, end);
}

function skipDigits(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

/** Every digit is kept as sent; only a plus is removed, and a bare dot gets a zero or is removed. */
export function readDecimal(given: string): string | undefined {
  const text = trimBlanks(given);
  const sign = text.charCodeAt(0);
  const start = sign === 0x2d || sign === 0x2b ? 1 : 0;
  const dot = skipDigits(text, start);
  if (dot === text.length) return dot === start ? undefined : dropPlus(text, sign);
  if (text.charCodeAt(dot) !== 0x2e) return undefined;
  const end = skipDigits(text, dot + 1);
  if (end !== text.length || end - start < 2) return undefined;
  if (dot > start && end > dot + 1) return dropPlus(text, sign);
  const whole = dot === start ? '0' : text.slice(start, dot);
  return (sign === 0x2d ? '-' : '') + whole + (end === dot + 1 ? '' : text.slice(dot));
}

function dropPlus(text: string, sign: number): string {
  return sign === 0x2b ? text.slice(1) : text;
}

export function readInteger(given: string): string | undefined {
  const text = readDecimal(given);
  return text === undefined || text.includes('.') || given.includes('.') ? undefined : text;
}

/** `most` and `least` are without a sign. */
function readIntegerWithin(least: string, most: string): ReadText {
  return (given) => {
    const text = readInteger(given);
    if (text === undefined) return undefined;
    const negative = text.charCodeAt(0) === 0x2d;
    let start = negative ? 1 : 0;
    while (start < text.length - 1 && text.charCodeAt(start) === zero) start += 1;
    const digits = text.slice(start);
    const limit = negative ? least : most;
    const fits = digits.length === limit.length ? digits <= limit : digits.length < limit.length;
    return fits ? text : undefined;
  };
}

export function readBoolean(given: string): string | undefined {
  const text = trimBlanks(given);
  if (text === 'true' || text === '1') return 'true';
  return text === 'false' || text === '0' ? 'false' : undefined;
}

const doubleForm = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|-?INF|NaN)$/;

function readDouble(given: string): string | undefined {
  const text = trimBlanks(given);
  return doubleForm.test(text) ? text : undefined;
}

/** The number that the two digits at `at` make, 99 when they are not digits; no field of a date reaches 99. */
function readPair(text: string, at: number): number {
  const tens = text.charCodeAt(at) - zero;
  const units = text.charCodeAt(at + 1) - zero;
  return tens >= 0 && tens <= 9 && units >= 0 && units <= 9 ? tens * 10 + units : 99;
}

function countDays(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Whether the first ten characters are a day of the calendar, from 0001 to 9999 as in 1C. */
function startsWithDate(text: string): boolean {
  if (text.charCodeAt(4) !== 0x2d || text.charCodeAt(7) !== 0x2d || skipDigits(text, 0) !== 4) return false;
  const year = readPair(text, 0) * 100 + readPair(text, 2);
  const month = readPair(text, 5);
  const day = readPair(text, 8);
  return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= countDays(year, month);
}

/** Whether hours, minutes and seconds are at `at`; the schema's 24:00:00 is not accepted, for 1C does not know it. */
function hasTime(text: string, at: number): boolean {
  if (text.charCodeAt(at + 2) !== 0x3a || text.charCodeAt(at + 5) !== 0x3a) return false;
  return readPair(text, at) < 24 && readPair(text, at + 3) < 60 && readPair(text, at + 6) < 60;
}

function skipFraction(text: string, at: number): number {
  if (text.charCodeAt(at) !== 0x2e) return at;
  const end = skipDigits(text, at + 1);
  return end === at + 1 ? -1 : end;
}

/** Whether the rest is empty or a zone designator. */
function endsWithZone(text: string, at: number): boolean {
  if (at === text.length) return true;
  const code = text.charCodeAt(at);
  if (code === 0x5a) return at + 1 === text.length;
  if ((code !== 0x2b && code !== 0x2d) || at + 6 !== text.length || text.charCodeAt(at + 3) !== 0x3a) return false;
  const minutes = readPair(text, at + 1) * 60 + readPair(text, at + 4);
  return readPair(text, at + 4) < 60 && minutes <= 14 * 60;
}

/**
 * The wall clock and the zone as sent; the binding's transforms convert it to the zone of the infobase. A fraction of a
 * second is dropped: 1C's dates have none.
 */
export function readDateTime(given: string): string | undefined {
  const text = trimBlanks(given);
  if (text.charCodeAt(10) !== 0x54 || !startsWithDate(text) || !hasTime(text, 11)) return undefined;
  if (text.length === 19) return text;
  const end = skipFraction(text, 19);
  return end !== -1 && endsWithZone(text, end) ? text.slice(0, 19) + text.slice(end) : undefined;
}

/** A day is the same in any zone: without a time there is nothing to convert. */
function readDate(given: string): string | undefined {
  const text = trimBlanks(given);
  return startsWithDate(text) && endsWithZone(text, 10) ? text.slice(0, 10) : undefined;
}

function readTime(given: string): string | undefined {
  const text = trimBlanks(given);
  if (!hasTime(text, 0)) return undefined;
  const end = skipFraction(text, 8);
  return end !== -1 && endsWithZone(text, end) ? text.slice(0, 8) : undefined;
}

/** Without the line breaks that MIME encoders add. */
function readBase64(given: string): string | undefined {
  const text = given.replace(/[ \t\r\n]+/g, '');
  return Buffer.from(text, 'base64').toString('base64') === text ? text : undefined;
}

/** Upper case is the canonical form. */
function readHex(given: string): string | undefined {
  const text = trimBlanks(given);
  return hexForm.test(text) ? text.toUpperCase() : undefined;
}

function readForm(form: RegExp): ReadText {
  return (given) => {
    const text = trimBlanks(given);
    return form.test(text) ? text : undefined;
  };
}

const hexForm = /^(?:[0-9a-fA-F]{2})*$/;
const zoneForm = '(?:Z|[+-](?:0\\d|1[0-3]):[0-5]\\d|[+-]14:00)?';
const monthForm = '(?:0[1-9]|1[0-2])';
const dayForm = '(?:0[1-9]|[12]\\d|3[01])';
const yearForm = '-?(?:[1-9]\\d{4,}|\\d{4})';
// A short month has no day 31, and February no day 30.
const monthDayForm = '(?!02-3|0[469]-31|11-31)';

/** Of the built-in types that are not lists or unions; a QName is expanded to "{namespace}name" before it is read. */
export const builtInReaders: Readonly<Record<Exclude<ScalarKind, 'list' | 'union'>, ReadText>> = {
  string: (text) => text,
  boolean: readBoolean,
  integer: readInteger,
  int: readIntegerWithin('2147483648', '2147483647'),
  long: readIntegerWithin('9223372036854775808', '9223372036854775807'),
  decimal: readDecimal,
  double: readDouble,
  dateTime: readDateTime,
  date: readDate,
  time: readTime,
  base64Binary: readBase64,
  hexBinary: readHex,
  duration: readForm(/^-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/),
  gYearMonth: readForm(new RegExp(`^${yearForm}-${monthForm}${zoneForm}$`)),
  gYear: readForm(new RegExp(`^${yearForm}${zoneForm}$`)),
  gMonthDay: readForm(new RegExp(`^--${monthDayForm}${monthForm}-${dayForm}${zoneForm}$`)),
  gDay: readForm(new RegExp(`^---${dayForm}${zoneForm}$`)),
  gMonth: readForm(new RegExp(`^--${monthForm}${zoneForm}$`)),
  QName: readForm(/^(?:\{[^{}]+\})?[\p{L}_][\p{L}\p{M}\p{N}._\u00b7-]*$/u),
};

/** A decimal as 1C writes it: no plus, no needless zeros, no minus before zero; undefined if it is not a decimal. */
export function formatDecimal(given: string): string | undefined {
  const text = readDecimal(given);
  if (text === undefined) return undefined;
  const negative = text.charCodeAt(0) === 0x2d;
  let start = negative ? 1 : 0;
  let end = text.length;
  if (text.includes('.')) {
    while (text.charCodeAt(end - 1) === zero) end -= 1;
    if (text.charCodeAt(end - 1) === 0x2e) end -= 1;
  }
  while (start < end - 1 && text.charCodeAt(start) === zero && text.charCodeAt(start + 1) !== 0x2e) start += 1;
  const digits = text.slice(start, end);
  return negative && digits !== '0' ? `-${digits}` : digits;
}

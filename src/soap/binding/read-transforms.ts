// How texts of the wire become one value of a command; binding.json names these.
import { receiptKinds } from '../../ledger/receipt.ts';
import { dateOf, parseLocalDateTime, startOf, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { parseKopecks, sumLimitKopecks } from '../../ledger/money.ts';
import { openTimeZone } from '../../ledger/time-zone.ts';
import type { ReadContext } from './read-context.ts';
import { formatDecimal, readDateTime } from '../contract/lexical-forms.ts';
import { BadValue } from './bad-value.ts';
import type { BindingFile } from './binding-file.ts';
import type { ValueKind } from './command-fields.ts';
import { compileDateForm } from './date-form.ts';
import { findTable, refuseOptions, type Rule } from './rule.ts';

/** `context` reads a date that names a zone, as the infobase's setting says; null is a value that was not sent. */
export type ReadText = (text: string | null, context: ReadContext) => unknown;

export interface ReadTransform {
  /** What kinds of values it makes. */
  readonly makes: readonly ValueKind[];
  /** Whether a value that was not sent stays without a value; the others refuse it as a wrong one. */
  readonly passesMissing: boolean;
  readonly read: ReadText;
  /** Reads a date and its time of day from two places. */
  readonly readPair?: (date: string | null, time: string | null, context: ReadContext) => unknown;
}

/** `isChecked` says that the schema's own type has checked the form of a date. */
type MakeTransform = (options: Rule['options'], file: BindingFile, isChecked: boolean) => ReadTransform;

const money = 'неотрицательная сумма меньше 10000000000000 не более чем с двумя знаками после точки';
const hundredths = 'неотрицательная сумма в копейках, целое число меньше 1000000000000000';
const count = 'целое число от 0 до 999999999999999';

/** "9999999999999.99" with its sign: a text that is longer in its shortest form is not a sum. */
const longestSum = 17;

function readMoney(text: string | null): unknown {
  // First the shortest form, which takes one pass: the time of a search for zeros grows with the square of their number.
  const shortest = text === null ? undefined : formatDecimal(text);
  const kopecks = shortest === undefined || shortest.length > longestSum ? undefined : parseKopecks(shortest);
  return kopecks === undefined || kopecks < 0 || kopecks >= sumLimitKopecks ? new BadValue(money) : kopecks;
}

function readHundredths(text: string | null): unknown {
  const shortest = text === null ? undefined : formatDecimal(text);
  const isWhole = shortest !== undefined && shortest.length < longestSum && /^\d+$/.test(shortest);
  const kopecks = isWhole ? Number(shortest) : sumLimitKopecks;
  return kopecks >= sumLimitKopecks ? new BadValue(hundredths) : kopecks;
}

function readCount(text: string | null): unknown {
  if (text === null || !/^[+-]?\d+$/.test(text)) return new BadValue(count);
  const digits = text.replace(/^[+-]?0*(?=\d)/, '');
  const isNegative = text.startsWith('-') && digits !== '0';
  return isNegative || digits.length > 15 ? new BadValue(count) : Number(digits);
}

/** A non-negative decimal in its shortest form: quantities and prices may have more digits than money. */
function readAmount(text: string | null): unknown {
  const shortest = text === null ? undefined : formatDecimal(text);
  return shortest === undefined || shortest.startsWith('-') ? new BadValue('неотрицательное число') : shortest;
}

/** 1C writes a number as text with a comma and with a space that does not break between thousands. */
function withPoint(
  read: (text: string | null) => unknown,
  { point }: Rule['options'],
): (text: string | null) => unknown {
  if (point !== ',') return read;
  return (text) => read(text === null ? null : text.replace(/[ \u00A0\u202F]/g, '').replace(',', '.'));
}

const utc = openTimeZone('UTC');
const wallLength = '0001-01-01T00:00:00'.length;
const dateLength = '0001-01-01'.length;
const timeLength = '00:00:00'.length;

/**
 * A date in the infobase's wall clock; null for none. The empty date is empty in any zone in which a client writes it:
 * unchanged, or converted to the client's own zone, or to UTC.
 */
function readMoment(text: string | null, empty: ReadonlySet<string>, context: ReadContext): unknown {
  if (text === null || empty.has(text)) return null;
  if (text.length <= wallLength) return text;
  const isEmpty = (at: LocalDateTime | undefined): boolean => at !== undefined && empty.has(at);
  const local = context.readZoned(text);
  if (empty.has(text.slice(0, wallLength)) || isEmpty(utc.toLocal(text)) || isEmpty(local)) return null;
  return local ?? new BadValue('дата и время, в часовом поясе базы — с 0001 по 9999 год');
}

type ReadForm = (text: string) => string | BadValue;

/** To the text of the schema's dateTime. */
function compileForm(form: string | undefined, isChecked: boolean): ReadForm {
  if (form === undefined) return isChecked ? padDate : readWire;
  const { read } = compileDateForm(form);
  const refusal = new BadValue(`дата вида ${form}`);
  return (text) => {
    const at = read(text);
    return at === undefined || parseLocalDateTime(at) === undefined ? refusal : at;
  };
}

function padDate(text: string): string {
  return text.length === dateLength ? `${text}T00:00:00` : text;
}

function readWire(text: string): string | BadValue {
  return readDateTime(padDate(text)) ?? new BadValue('дата и время вида 2026-11-22T14:05:00');
}

/**
 * "2026-11-22" or "2026-11-22T00:00:00" with "14:05:00" or "0001-01-01T14:05:00": 1C has both in one type. A zone is left
 * out: half a moment cannot be converted.
 */
function joinPair(date: string, time: string): string {
  const start = time.charAt(dateLength) === 'T' ? dateLength + 1 : 0;
  return `${date.slice(0, dateLength)}T${time.slice(start, start + timeLength)}`;
}

function compileMoment(readForm: ReadForm, file: BindingFile, isRequired: boolean): ReadText {
  const empty = new Set(file.emptyMoments);
  return (given, context) => {
    const text = given === null || given === '' ? null : readForm(given);
    const at = text instanceof BadValue ? text : readMoment(text, empty, context);
    return at === null && isRequired ? new BadValue('дата и время') : at;
  };
}

function makeMoment(
  { form }: Rule['options'],
  file: BindingFile,
  isChecked: boolean,
  isRequired: boolean,
): ReadTransform {
  const readJoined = compileMoment(compileForm(form, false), file, isRequired);
  const join = form === undefined ? joinPair : (date: string, time: string) => `${date} ${time}`;
  return {
    makes: ['moment'],
    passesMissing: !isRequired,
    read: compileMoment(compileForm(form, isChecked), file, isRequired),
    readPair: (date, time, context) => {
      const isDay = date === null || date === '' || time === null || time === '';
      return readJoined(isDay ? date : join(date, time), context);
    },
  };
}

const midnight = 'T00:00:00';

/** The last second of a day that is given without a time, for the end of a period: 1C's own periods include it. */
function makeEndOfDay(options: Rule['options'], file: BindingFile, isChecked: boolean): ReadTransform {
  const made = makeMoment(options, file, isChecked, false);
  const read: ReadText = (text, context) => {
    const at = made.read(text, context);
    return typeof at === 'string' && at.endsWith(midnight) ? `${at.slice(0, dateLength)}T23:59:59` : at;
  };
  return { makes: ['moment'], passesMissing: true, read };
}

/** Words that 1C, tables and XML Schema write for true and false. */
const trueWords: ReadonlySet<string> = new Set(['true', '1', 'истина', 'да']);
const falseWords: ReadonlySet<string> = new Set(['false', '0', 'ложь', 'нет']);

function makeFlag({ words }: Rule['options']): ReadTransform {
  const [yes, no] = words ?? ['true', 'false'];
  const expected = new BadValue(`${yes} или ${no}`);
  const readWord = (text: string): unknown => {
    if (words !== undefined) return text === yes ? true : text === no ? false : expected;
    const word = text.toLowerCase();
    return trueWords.has(word) ? true : falseWords.has(word) ? false : expected;
  };
  // What was not sent counts as false, as an empty value of 1C's type does.
  return {
    makes: ['flag'],
    passesMissing: false,
    read: (text) => text === 'true' || (text !== null && readWord(text)),
  };
}

function makeTable(options: Rule['options'], file: BindingFile, passesMissing: boolean): ReadTransform {
  const table = findTable(file, options.table);
  const several = Object.entries(table).find(([, own]) => Array.isArray(own));
  if (several !== undefined) throw new Error(`table ${options.table}: "${several[0]}" stands for several values`);
  const values = Object.values(table);
  const areKinds = values.every((value) => (receiptKinds as readonly unknown[]).includes(value));
  const refusal = new BadValue(`одно из значений: ${Object.keys(table).join(', ')}`);
  return {
    makes: areKinds ? ['receiptKind', 'text'] : ['text'],
    passesMissing,
    read: (text) => {
      if (passesMissing && (text === null || text === '')) return null;
      return text !== null && Object.hasOwn(table, text) ? table[text] : refusal;
    },
  };
}

function plain(makes: readonly ValueKind[], passesMissing: boolean, read: ReadText): MakeTransform {
  return () => ({ makes, passesMissing, read });
}

function numeric(
  makes: readonly ValueKind[],
  passesMissing: boolean,
  read: (text: string | null) => unknown,
): MakeTransform {
  return (options) => {
    const readOne = withPoint(read, options);
    if (!passesMissing) return { makes, passesMissing, read: readOne };
    return { makes, passesMissing, read: (text) => (text === null || text === '' ? null : readOne(text)) };
  };
}

function sum(passesMissing: boolean): MakeTransform {
  return (options, file) => {
    const read = options.unit === 'hundredths' ? readHundredths : readMoney;
    return numeric(['money'], passesMissing, read)(options, file, true);
  };
}

const transforms: Readonly<Record<string, MakeTransform>> = {
  text: plain(['text'], true, (text) => text),
  optionalText: plain(['text'], true, (text) => (text === '' ? null : text)),
  requiredText: plain(['text'], false, (text) =>
    text === null || text === '' ? new BadValue('непустой текст') : text,
  ),
  boolean: makeFlag,
  count: numeric(['count'], false, readCount),
  optionalCount: numeric(['count'], true, readCount),
  money: sum(false),
  optionalMoney: sum(true),
  amount: numeric(['amount'], false, readAmount),
  moment: (options, file, isChecked) => makeMoment(options, file, isChecked, false),
  requiredMoment: (options, file, isChecked) => makeMoment(options, file, isChecked, true),
  endOfDay: (options, file, isChecked) => makeEndOfDay(options, file, isChecked),
  today: () => ({ makes: ['moment'], passesMissing: false, read: (_text, { now }) => startOf(dateOf(now)) }),
  table: (options, file) => makeTable(options, file, false),
  optionalTable: (options, file) => makeTable(options, file, true),
};

export const readTransformNames: readonly string[] = Object.keys(transforms);

const numberOptions = ['point', 'part', 'none'];
const textOptions = ['part', 'none'];

const optionsOf: Readonly<Record<string, readonly string[]>> = {
  boolean: ['words', ...textOptions],
  count: textOptions,
  optionalCount: textOptions,
  money: ['unit', ...numberOptions],
  optionalMoney: ['unit', ...numberOptions],
  amount: numberOptions,
  moment: ['form', ...textOptions],
  requiredMoment: ['form', ...textOptions],
  endOfDay: ['form', ...textOptions],
  today: [],
  table: ['table', ...textOptions],
  optionalTable: ['table', ...textOptions],
};

/** @throws Error if there is no such transform, or its options are wrong. */
export function compileReadTransform(rule: Rule, file: BindingFile, isChecked: boolean): ReadTransform {
  const { transform, options } = rule;
  const make = Object.hasOwn(transforms, transform) ? transforms[transform] : undefined;
  if (make === undefined) throw new Error(`there is no transform ${transform} of requests`);
  refuseOptions(rule, optionsOf[transform] ?? textOptions);
  return withNone(withPart(make(options, file, isChecked), options), options);
}

/** A value that was not sent is read as if this had been. */
function withNone(made: ReadTransform, { none }: Rule['options']): ReadTransform {
  if (none === undefined) return made;
  const read: ReadText = (text, context) => made.read(text === null || text === '' ? none : text, context);
  return { ...made, passesMissing: false, read };
}

/** Of a text without the part nothing is read. */
function withPart(made: ReadTransform, { part }: Rule['options']): ReadTransform {
  if (part === undefined) return made;
  const pattern = compilePart(part);
  const find = (text: string | null): string | null =>
    text === null || text.length > longestParted ? null : (pattern.exec(text)?.[1] ?? null);
  return { ...made, read: (text, context) => made.read(find(text), context) };
}

/** The pattern is the operator's; a text for which it would take long is not the number of a receipt. */
const longestParted = 1_000;

function compilePart(part: string): RegExp {
  try {
    const pattern = new RegExp(part, 'u');
    const groups = new RegExp(`${part}|`, 'u').exec('')!.length - 1;
    if (groups === 1) return pattern;
    throw new Error(`it has ${groups}`);
  } catch (reason) {
    throw new Error(`part "${part}": expected a pattern with one group: ${(reason as Error).message}`, {
      cause: reason,
    });
  }
}

// How one value of the wire becomes one value of a command and back; binding.json names these. A value that a command
// cannot take is a result 11 of the service, not a fault, for it fits the schema.
import type { LocalDateTime } from '../ledger/local-date-time.ts';
import { parseKopecks, formatRubles, sumLimitKopecks } from '../ledger/money.ts';
import { describeCertificateObstacle } from '../ledger/certificate-obstacle.ts';
import { describeResult, type ResultCode, type Trouble } from '../ledger/result.ts';
import { openTimeZone } from '../ledger/time-zone.ts';
import type { CertificateRefusal } from '../operations/certificates/handle-certificate-call.ts';
import type { ReadZoned } from '../operations/zoned-dates.ts';
import { formatDecimal } from './contract/lexical-forms.ts';

/** A value that could not be read; `path` has the command's names. */
export class BadValue {
  readonly expected: string;
  readonly path: string;

  constructor(expected: string, path = '') {
    this.expected = expected;
    this.path = path;
  }

  within(name: string): BadValue {
    const isIndex = this.path.startsWith('[');
    return new BadValue(this.expected, this.path === '' ? name : `${name}${isIndex ? '' : '.'}${this.path}`);
  }
}

/** `readZoned` reads a date that names a zone, as the infobase's setting says. */
type ReadTransform = (text: string | null, readZoned: ReadZoned) => unknown;

export interface ReadOptions {
  /** Texts by which clients say "no date". */
  readonly emptyMoments: readonly string[];
  readonly receiptKinds: Readonly<Record<string, string>>;
}

const money = 'неотрицательная сумма меньше 10000000000000 не более чем с двумя знаками после точки';
const count = 'целое число от 0 до 999999999999999';

/** "9999999999999.99" with its sign: a text that is longer in its shortest form is not a sum. */
const longestSum = 17;

function readMoney(text: string | null): unknown {
  // First the shortest form, which takes one pass: the time of a search for zeros grows with the square of their number.
  const shortest = text === null ? undefined : formatDecimal(text);
  const kopecks = shortest === undefined || shortest.length > longestSum ? undefined : parseKopecks(shortest);
  return kopecks === undefined || kopecks < 0 || kopecks >= sumLimitKopecks ? new BadValue(money) : kopecks;
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

const utc = openTimeZone('UTC');
const wallLength = '0001-01-01T00:00:00'.length;

/**
 * A date in the infobase's wall clock; null for none. The empty date is empty in any zone in which a client writes it:
 * unchanged, or converted to the client's own zone, or to UTC.
 */
function readMoment(text: string | null, empty: ReadonlySet<string>, readZoned: ReadZoned): unknown {
  if (text === null || empty.has(text)) return null;
  if (text.length <= wallLength) return text;
  const isEmpty = (at: LocalDateTime | undefined): boolean => at !== undefined && empty.has(at);
  const local = readZoned(text);
  if (empty.has(text.slice(0, wallLength)) || isEmpty(utc.toLocal(text)) || isEmpty(local)) return null;
  return local ?? new BadValue('дата и время, в часовом поясе базы — с 0001 по 9999 год');
}

/** The transforms of requests by the names that binding.json uses; null is a value that was not sent, or sent as nil. */
export function readTransforms(options: ReadOptions): Readonly<Record<string, ReadTransform>> {
  const empty = new Set(options.emptyMoments);
  const kinds = options.receiptKinds;
  return {
    text: (text) => text,
    optionalText: (text) => (text === '' ? null : text),
    requiredText: (text) => (text === null || text === '' ? new BadValue('непустой текст') : text),
    boolean: (text) => text === 'true',
    count: readCount,
    optionalCount: (text) => (text === null ? null : readCount(text)),
    money: readMoney,
    optionalMoney: (text) => (text === null ? null : readMoney(text)),
    amount: readAmount,
    moment: (text, readZoned) => readMoment(text, empty, readZoned),
    requiredMoment: (text, readZoned) => readMoment(text, empty, readZoned) ?? new BadValue('дата и время'),
    receiptKind: (text) =>
      text !== null && Object.hasOwn(kinds, text)
        ? kinds[text]
        : new BadValue(`одно из значений: ${Object.keys(kinds).join(', ')}`),
  };
}

/** An operation's answer, field by field. */
export type Answer = Readonly<Record<string, unknown>>;
/** The wire's names of a command's fields. */
export type Naming = ReadonlyMap<string, string>;

type WriteTransform = (value: unknown, answer: Answer, naming: Naming) => string;

/** The transforms of replies by the names that binding.json uses; null never reaches them. */
export const writeTransforms: Readonly<Record<string, WriteTransform>> = {
  text: (value) => value as string,
  moment: (value) => value as string,
  boolean: (value) => (value === true ? 'true' : 'false'),
  integer: (value) => String(value),
  money: (value) => formatRubles(value as number),
  // Hundredths of a percent and kopecks of a ruble are written alike.
  hundredths: (value) => formatRubles(value as number),
  resultText: (value, answer, naming) => {
    const refusal = answer.refusal as CertificateRefusal | undefined;
    if (refusal !== undefined) return describeCertificateObstacle(refusal.obstacle, refusal.act);
    return describeInWireWords(value as ResultCode, answer.trouble as Trouble | undefined, naming);
  },
};

/** The sentence of a result code, with the wire's name of the wrong field. */
export function describeInWireWords(code: ResultCode, trouble: Trouble | undefined, naming: Naming): string {
  return describeResult(
    code,
    trouble === undefined ? undefined : { ...trouble, field: nameField(trouble.field, naming) },
  );
}

/** "lines[2].sumKopecks" as the wire has it: "Line[2]/Sum". */
export function nameField(path: string, naming: Naming): string {
  return path.replace(/[A-Za-z]\w*/g, (name) => naming.get(name) ?? name).replaceAll('.', '/');
}

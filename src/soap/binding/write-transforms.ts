// How one value of an answer becomes text of the wire; binding.json names these. A value that is missing never reaches them.
import { describeCertificateObstacle } from '../../ledger/certificate-obstacle.ts';
import { formatRubles, formatSum } from '../../ledger/money.ts';
import { describeResult, resultCodes, type ResultCode, type Trouble } from '../../ledger/result.ts';
import type { CertificateRefusal } from '../../operations/certificates/handle-certificate-call.ts';
import type { BindingFile } from './binding-file.ts';
import { ownWords, type ValueKind, type WordKind } from './command-fields.ts';
import { compileDateForm } from './date-form.ts';
import { findTable, listWords, refuseOptions, type Rule } from './rule.ts';

/** An operation's answer, field by field. */
export type Answer = Readonly<Record<string, unknown>>;
/** The wire's names of a command's fields. */
export type Naming = ReadonlyMap<string, FieldNames>;

export interface FieldNames {
  /** '' of fields that stand beside those outside them. */
  readonly place: string;
  /** Of a nested value. */
  readonly inside?: Naming;
}

export type WriteText = (value: unknown, answer: Answer, naming: Naming) => string;

export interface WriteTransform {
  readonly takes: readonly ValueKind[];
  readonly write: WriteText;
}

/** `isDateTime`: the element is a dateTime, in which 1C also keeps a date alone or a time of day alone. */
type MakeTransform = (options: Rule['options'], file: BindingFile, isDateTime: boolean) => WriteTransform;

/** A repeated call's code is the first call's; a receipt from before billing is recorded, so its till has nothing to do. */
const codesOfDone: readonly number[] = [resultCodes.done, resultCodes.beforeBilling];
const dateLength = '0001-01-01'.length;
const digitsOfSums = 2;

function plain(takes: readonly ValueKind[], write: WriteText): MakeTransform {
  return () => ({ takes, write });
}

function makeMoment({ form }: Rule['options']): WriteTransform {
  return { takes: ['moment'], write: form === undefined ? (value) => value as string : writeForm(form) };
}

function writeForm(form: string): WriteText {
  const { write } = compileDateForm(form);
  return (value) => write(value as string);
}

function makeDate({ form }: Rule['options'], _file: BindingFile, isDateTime: boolean): WriteTransform {
  const rest = isDateTime ? 'T00:00:00' : '';
  return {
    takes: ['moment'],
    write: form === undefined ? (value) => (value as string).slice(0, dateLength) + rest : writeForm(form),
  };
}

function makeTime({ form }: Rule['options'], _file: BindingFile, isDateTime: boolean): WriteTransform {
  const date = isDateTime ? '0001-01-01T' : '';
  return {
    takes: ['moment'],
    write: form === undefined ? (value) => date + (value as string).slice(dateLength + 1) : writeForm(form),
  };
}

function makeFlag({ words = ['true', 'false'] }: Rule['options']): WriteTransform {
  const [yes, no] = words;
  return { takes: ['flag'], write: (value) => (value === true ? yes : no) };
}

/** Hundredths of a percent and kopecks of a ruble are written alike. */
function makeSum(takes: readonly ValueKind[]): MakeTransform {
  return ({ unit, point = '.', digits }) => {
    if (unit === 'hundredths') return { takes, write: (value) => String(value) };
    if (digits !== undefined && digits !== digitsOfSums)
      throw new Error(`digits: expected ${digitsOfSums}, got ${digits}`);
    const format = digits === undefined ? formatRubles : formatSum;
    return { takes, write: (value) => withPoint(format(value as number), point) };
  };
}

function withPoint(text: string, point: '.' | ','): string {
  return point === '.' ? text : text.replace('.', point);
}

const wordKinds = Object.keys(ownWords) as readonly WordKind[];
const anyKind: readonly ValueKind[] = ['text', 'code', 'count', 'flag', ...wordKinds];

/** In a table a wire's word stands before our own; "*" is the word for all that the table leaves out. */
function makeTable(options: Rule['options'], file: BindingFile): WriteTransform {
  const table = findTable(file, options.table);
  // Of several words for one value the first is written.
  const words = new Map(
    listWords(table)
      .map(([word, own]) => [String(own), word] as const)
      .toReversed(),
  );
  const rest = words.get('*');
  const { repeated } = options;
  return {
    takes: repeated === undefined ? anyKind : ['code'],
    write: (value, answer) => {
      if (repeated !== undefined && answer.duplicate === true) return repeated;
      const word = words.get(String(value)) ?? rest;
      if (word === undefined) throw new Error(`table ${options.table} has no word for ${String(value)}`);
      return word;
    },
  };
}

function makeDone({ words = ['true', 'false'], done }: Rule['options']): WriteTransform {
  const codes = done ?? codesOfDone;
  return { takes: ['code'], write: (value) => (codes.includes(value as number) ? words[0] : words[1]) };
}

const transforms: Readonly<Record<string, MakeTransform>> = {
  text: plain(['text', 'amount', ...wordKinds], (value) => value as string),
  moment: makeMoment,
  date: makeDate,
  time: makeTime,
  boolean: makeFlag,
  integer: plain(['count', 'code'], (value) => String(value)),
  money: makeSum(['money']),
  hundredths: makeSum(['percent', 'money']),
  table: makeTable,
  isDone: makeDone,
  resultText: plain(['code'], (value, answer, naming) => describeAnswer(value as ResultCode, answer, naming)),
};

export const writeTransformNames: readonly string[] = Object.keys(transforms);

/** Of every rule of one value in a reply. */
const usualOptions = ['none', 'when'];

const optionsOf: Readonly<Record<string, readonly string[]>> = {
  moment: ['form'],
  date: ['form'],
  time: ['form'],
  boolean: ['words'],
  money: ['unit', 'point', 'digits'],
  hundredths: ['unit', 'point', 'digits'],
  table: ['table', 'repeated'],
  isDone: ['words', 'done'],
};

/** @throws Error if there is no such transform, or its options are wrong. */
export function compileWriteTransform(rule: Rule, file: BindingFile, isDateTime: boolean): WriteTransform {
  const { transform, options } = rule;
  const make = Object.hasOwn(transforms, transform) ? transforms[transform] : undefined;
  if (make === undefined) throw new Error(`there is no transform ${transform} of replies`);
  refuseOptions(rule, [...(optionsOf[transform] ?? []), ...usualOptions]);
  return make(options, file, isDateTime);
}

/** The Russian sentence of an answer's code, with the wire's names of the fields that it speaks of. */
export function describeAnswer(code: ResultCode, answer: Answer, naming: Naming): string {
  const refusal = answer.refusal as CertificateRefusal | undefined;
  if (refusal !== undefined) return describeCertificateObstacle(refusal.obstacle, refusal.act);
  return describeInWireWords(code, answer.trouble as Trouble | undefined, naming);
}

/** The sentence of a result code, with the wire's name of the wrong field. */
export function describeInWireWords(code: ResultCode, trouble: Trouble | undefined, naming: Naming): string {
  return describeResult(
    code,
    trouble === undefined ? undefined : { ...trouble, field: nameField(trouble.field, naming) },
  );
}

/** "lines[2].sumKopecks" as the wire has it: "Line[2]/Sum". A name that the wire does not have stays as it is. */
export function nameField(path: string, naming: Naming): string {
  const places: string[] = [];
  let names: Naming | undefined = naming;
  for (const step of path.split('.')) {
    const bracket = step.indexOf('[');
    const [field, index] = bracket === -1 ? [step, ''] : [step.slice(0, bracket), step.slice(bracket)];
    const known: FieldNames | undefined = names?.get(field);
    const place = (known?.place ?? field) + index;
    if (place !== '') places.push(place);
    names = known?.inside;
  }
  return places.join('/');
}

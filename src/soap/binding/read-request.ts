// A shape of requests compiled: the tree of a request becomes the command's own fields, each checked against the kind that
// the command expects of it.
import { parseLocalDateTime } from '../../ledger/local-date-time.ts';
import type { Checked, Parts } from '../../operations/checked.ts';
import { isComplex, type ComplexType } from '../contract/schema.ts';
import type { WireTree, WireValue } from '../contract/wire-tree.ts';
import { BadValue } from './bad-value.ts';
import type { BindingFile, ShapeText } from './binding-file.ts';
import {
  isNested,
  ownWords,
  splitKind,
  type FieldKind,
  type Fields,
  type Nested,
  type ValueKind,
  type WordKind,
} from './command-fields.ts';
import { compileHasValue, type HasValue } from './has-value.ts';
import { at, gather } from './mistakes.ts';
import { findPlace, type Place } from './place.ts';
import type { ReadContext } from './read-context.ts';
import { compileReadTransform } from './read-transforms.ts';
import { findShape, findTable, readRule, refuseOptions, type Rule } from './rule.ts';
import { refuseUnreadable } from './type-fit.ts';

/** @param context when and where the call is read. */
export type ToCommand = (tree: WireTree, context: ReadContext) => Checked<Readonly<Record<string, unknown>>>;
type ReadValue = (tree: WireTree, context: ReadContext) => unknown;

/**
 * @param fields what the command takes.
 * @throws Error naming the field and what does not fit it.
 */
export function compileRequestShape(file: BindingFile, type: ComplexType, shape: ShapeText, fields: Fields): ToCommand {
  // In the order of the shape: of several wrong values the first is reported.
  const names = [...new Set([...Object.keys(shape), ...Object.keys(fields)])];
  const compile = (name: string) => () => {
    if (!Object.hasOwn(fields, name)) {
      throw new Error(`the command has no field ${name}: it takes ${Object.keys(fields).join(', ') || 'none'}`);
    }
    return { name, read: at(name, () => compileField(file, type, shape[name], fields[name]!)) };
  };
  const readers = gather(names.map(compile));
  return (tree, context) => {
    const value: Record<string, unknown> = {};
    let bad: BadValue | undefined;
    for (const { name, read } of readers) {
      const got = read(tree, context);
      if (got instanceof BadValue) bad ??= got.within(name);
      else value[name] = got;
    }
    if (bad === undefined) return { ok: true, value };
    return { ok: false, trouble: { field: bad.path, expected: bad.expected }, partial: value };
  };
}

function compileField(
  file: BindingFile,
  type: ComplexType,
  text: ShapeText[string] | undefined,
  kind: FieldKind | Nested,
): ReadValue {
  if (text === undefined) return compileMissing(kind);
  const rule = readRule(text);
  if (isNested(kind)) return compileNested(file, type, rule, kind);
  return rule.transform === 'constant' ? compileConstant(rule, kind) : compileScalar(file, type, rule, kind);
}

/** A field that the wire does not have. */
function compileMissing(kind: FieldKind | Nested): ReadValue {
  if (isNested(kind)) {
    if (kind.nested === 'one?') return () => null;
    if (kind.nested === 'list?') return () => [];
  } else if (splitKind(kind).mayBeMissing) return () => null;
  throw new Error('the command needs it: give its place, or a constant');
}

const constants: Readonly<Record<ValueKind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string' && value !== '',
  amount: (value) => typeof value === 'string' && /^\d+(\.\d+)?$/.test(value),
  moment: (value) => typeof value === 'string' && value.length === 19 && parseLocalDateTime(value) !== undefined,
  receiptKind: isWordOf('receiptKind'),
  cardStatus: isWordOf('cardStatus'),
  certificateState: isWordOf('certificateState'),
  stage: isWordOf('stage'),
  documentKind: isWordOf('documentKind'),
  flag: (value) => typeof value === 'boolean',
  count: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  money: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  percent: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  code: (value) => Number.isSafeInteger(value),
};

function isWordOf(kind: WordKind): (value: unknown) => boolean {
  return (value) => (ownWords[kind] as readonly unknown[]).includes(value);
}

function describeConstant(kind: ValueKind): string {
  switch (kind) {
    case 'text':
      return 'a text';
    case 'amount':
      return 'a text such as "1.5"';
    case 'moment':
      return 'a text such as "2026-11-22T00:00:00", or the transform today';
    case 'flag':
      return '{ "value": true } or { "value": false }';
    case 'money':
      return 'kopecks: { "value": 0 }';
    case 'count':
    case 'percent':
    case 'code':
      return 'a number: { "value": 0 }';
    case 'receiptKind':
    case 'cardStatus':
    case 'certificateState':
    case 'stage':
    case 'documentKind':
      return `one of ${ownWords[kind].join(', ')}`;
  }
}

function compileConstant(rule: Rule, kind: FieldKind): ReadValue {
  refuseOptions(rule, ['value']);
  const { value } = rule.options;
  const { kind: wanted, mayBeMissing } = splitKind(kind);
  const fits = value === null ? mayBeMissing : value !== undefined && constants[wanted](value);
  if (!fits)
    throw new Error(
      `the constant ${JSON.stringify(value)} is not of kind ${kind}: expected ${describeConstant(wanted)}`,
    );
  return () => value;
}

function compileScalar(file: BindingFile, type: ComplexType, rule: Rule, kind: FieldKind): ReadValue {
  const [path, time] = rule.from;
  const place = rule.transform === 'today' ? nowhere : findScalar(type, path);
  const { makes, passesMissing, read, readPair } = compileReadTransform(rule, file, isDated(place));
  const { kind: wanted, mayBeMissing } = splitKind(kind);
  if (!makes.includes(wanted)) throw new Error(`transform ${rule.transform} makes ${makes[0]}, expected ${wanted}`);
  if (!mayBeMissing && passesMissing && place.mayBeMissing) {
    throw new Error(`${path} may be missing in a request, but the command needs it: use a transform that requires it`);
  }
  const words = rule.options.table === undefined ? undefined : Object.keys(findTable(file, rule.options.table));
  if (time === undefined) {
    refuseUnreadable(place.type, path, rule.transform, read, words);
    const { read: find } = place;
    return (tree, context) => read(find(tree) as string | null, context);
  }
  if (readPair === undefined) throw new Error(`transform ${rule.transform} takes one place`);
  const timePlace = findScalar(type, time);
  return (tree, context) => readPair(place.read(tree) as string | null, timePlace.read(tree) as string | null, context);
}

/** Of a transform that reads nothing. */
const nowhere: Place = { path: '', type: { kind: 'string' }, mayBeMissing: true, isList: false, read: () => null };

function findScalar(type: ComplexType, path: string): Place {
  const place = findPlace(type, path);
  if (isComplex(place.type)) throw new Error(`${path || 'the request'} has elements of its own and is not one value`);
  if (place.isList) throw new Error(`${path} is a list`);
  return place;
}

function isDated({ type }: Place): boolean {
  return 'kind' in type && (type.kind === 'dateTime' || type.kind === 'date');
}

function compileNested(file: BindingFile, type: ComplexType, rule: Rule, { nested, fields }: Nested): ReadValue {
  const wanted = nested === 'one?' ? 'shape' : nested === 'checkedList' ? 'checkedList' : 'list';
  if (rule.transform !== wanted) throw new Error(`expected transform ${wanted}, got ${rule.transform}`);
  refuseOptions(rule, ['shape']);
  const place = findPlace(type, rule.from[0]);
  if (!isComplex(place.type)) throw new Error(`${place.path} has no elements of its own`);
  if (place.isList !== (wanted !== 'shape'))
    throw new Error(`${place.path} is ${place.isList ? 'a list' : 'not a list'}`);
  const read = compileRequestShape(file, place.type, findShape(file.requests, rule.options.shape), fields);
  if (place.path === '') return compileScattered(findScattered(file, type, rule), read);
  switch (wanted) {
    case 'shape':
      return compileOne(place, read);
    case 'list':
      return compileList(place, read);
    case 'checkedList':
      return compileParts(place, read);
  }
}

function findScattered(file: BindingFile, type: ComplexType, rule: Rule): readonly HasValue[] {
  const rules = Object.values(findShape(file.requests, rule.options.shape)).map(readRule);
  return rules.map((own) => compileHasValue(file, type, own));
}

/** Values that stand among those outside them: there is none where all of them are empty. */
function compileScattered(values: readonly HasValue[], read: ToCommand): ReadValue {
  return (tree, context) => {
    return values.some((hasValue) => hasValue(tree, context)) ? open(read(tree, context)) : null;
  };
}

function compileOne({ read: find }: Place, read: ToCommand): ReadValue {
  return (tree, context) => {
    const value = find(tree);
    return value === null ? null : open(read(value as WireTree, context));
  };
}

function open(checked: ReturnType<ToCommand>): unknown {
  return checked.ok ? checked.value : new BadValue(checked.trouble.expected, checked.trouble.field);
}

/** Each item is read when it is taken: ten thousand receipts at once would hold up every till. */
function compileParts({ read: find }: Place, read: ToCommand): ReadValue {
  return (tree, context): Parts<ReturnType<ToCommand>> => {
    // An item sent as nil does not count.
    const items = ((find(tree) ?? []) as readonly WireValue[]).filter((item) => item !== null);
    return {
      length: items.length,
      slice: (from, to) => items.slice(from, to).map((item) => read(item as WireTree, context)),
    };
  };
}

function compileList({ read: find }: Place, read: ToCommand): ReadValue {
  return (tree, context) => {
    // An item sent as nil does not count; the rest keep the numbers that the sender gave them.
    const items = (find(tree) ?? []) as readonly WireValue[];
    const values = items.map((item) => (item === null ? null : open(read(item as WireTree, context))));
    const wrong = values.findIndex((value) => value instanceof BadValue);
    return wrong === -1
      ? values.filter((value) => value !== null)
      : (values[wrong] as BadValue).within(`[${wrong + 1}]`);
  };
}

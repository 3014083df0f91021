// A shape of requests compiled: the tree of a request becomes the command's own fields, each checked against the kind that
// the command expects of it.
import type { Checked } from '../../operations/checked.ts';
import type { ReadZoned } from '../../operations/zoned-dates.ts';
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
import { compileReadTransform } from './read-transforms.ts';
import { findShape, findTable, readRule, type Rule } from './rule.ts';
import { refuseUnreadable } from './type-fit.ts';

/** `readZoned` reads a date that names a zone, as the infobase's setting says. */
export type ToCommand = (tree: WireTree, readZoned: ReadZoned) => Checked<Readonly<Record<string, unknown>>>;
type ReadValue = (tree: WireTree, readZoned: ReadZoned) => unknown;

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
  return (tree, readZoned) => {
    const value: Record<string, unknown> = {};
    let bad: BadValue | undefined;
    for (const { name, read } of readers) {
      const got = read(tree, readZoned);
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
  moment: () => false,
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

function compileConstant({ options: { value } }: Rule, kind: FieldKind): ReadValue {
  const { kind: wanted, mayBeMissing } = splitKind(kind);
  const fits = value === null ? mayBeMissing : value !== undefined && constants[wanted](value);
  if (!fits) throw new Error(`the constant ${JSON.stringify(value)} is not of kind ${kind}`);
  return () => value;
}

function compileScalar(file: BindingFile, type: ComplexType, rule: Rule, kind: FieldKind): ReadValue {
  const [path, time] = rule.from;
  const place = findScalar(type, path);
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
    return (tree, readZoned) => read(find(tree) as string | null, readZoned);
  }
  if (readPair === undefined) throw new Error(`transform ${rule.transform} takes one place`);
  const timePlace = findScalar(type, time);
  return (tree, readZoned) =>
    readPair(place.read(tree) as string | null, timePlace.read(tree) as string | null, readZoned);
}

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
  const place = findPlace(type, rule.from[0]);
  if (!isComplex(place.type)) throw new Error(`${place.path} has no elements of its own`);
  if (place.isList !== (wanted !== 'shape'))
    throw new Error(`${place.path} is ${place.isList ? 'a list' : 'not a list'}`);
  const read = compileRequestShape(file, place.type, findShape(file.requests, rule.options.shape), fields);
  if (place.path === '') return compileScattered(findScattered(file, type, rule), read);
  return wanted === 'shape' ? compileOne(place, read) : compileList(place, read, wanted === 'checkedList');
}

function findScattered(file: BindingFile, type: ComplexType, rule: Rule): readonly HasValue[] {
  const rules = Object.values(findShape(file.requests, rule.options.shape)).map(readRule);
  return rules.map((own) => compileHasValue(file, type, own));
}

/** Values that stand among those outside them: there is none where all of them are empty. */
function compileScattered(values: readonly HasValue[], read: ToCommand): ReadValue {
  return (tree, readZoned) => {
    return values.some((hasValue) => hasValue(tree, readZoned)) ? open(read(tree, readZoned)) : null;
  };
}

function compileOne({ read: find }: Place, read: ToCommand): ReadValue {
  return (tree, readZoned) => {
    const value = find(tree);
    return value === null ? null : open(read(value as WireTree, readZoned));
  };
}

function open(checked: ReturnType<ToCommand>): unknown {
  return checked.ok ? checked.value : new BadValue(checked.trouble.expected, checked.trouble.field);
}

function compileList({ read: find }: Place, read: ToCommand, isChecked: boolean): ReadValue {
  return (tree, readZoned) => {
    // An item sent as nil does not count; the rest keep the numbers that the sender gave them.
    const items = (find(tree) ?? []) as readonly WireValue[];
    const values = items.map((item) => {
      if (item === null) return null;
      const checked = read(item as WireTree, readZoned);
      return isChecked ? checked : open(checked);
    });
    const wrong = isChecked ? -1 : values.findIndex((value) => value instanceof BadValue);
    return wrong === -1
      ? values.filter((value) => value !== null)
      : (values[wrong] as BadValue).within(`[${wrong + 1}]`);
  };
}

// A shape of replies compiled: a command's answer becomes the tree of a reply.
import { resultCodes } from '../../ledger/result.ts';
import { isAny, isComplex, type ComplexType } from '../contract/schema.ts';
import { escapeText } from '../contract/text-escape.ts';
import type { WireTree, WireValue } from '../contract/wire-tree.ts';
import type { BindingFile, ShapeText } from './binding-file.ts';
import {
  isNested,
  isWordKind,
  ownWords,
  splitKind,
  type FieldKind,
  type Fields,
  type Nested,
  type ValueKind,
} from './command-fields.ts';
import { at, gather } from './mistakes.ts';
import { describeKey, findPlace, type Place } from './place.ts';
import { findShape, findTable, listWords, readRule, refuseOptions, type Rule } from './rule.ts';
import { refuseText, refuseUnwritable } from './type-fit.ts';
import { compileWriteTransform, type Answer, type Naming } from './write-transforms.ts';

/** null where the schema needs a value that the answer does not have, and the whole may be left out. */
type WriteStructure = (answer: Answer) => WireTree | null;

/** An answer with the command's own fields beside it: "sent.cardNumber". */
export const sentPrefix = 'sent.';

type WriteValue = (answer: Answer) => WireValue;

export interface ReplyContext {
  readonly file: BindingFile;
  readonly naming: Naming;
  readonly itemNaming: Naming;
  /** Whether what is compiled may be left out as a whole. */
  readonly isOptional?: boolean;
}

/** One element of a reply with its rule, or the elements inside it with theirs. */
interface Branch {
  readonly rules: Map<string, ShapeText[string]>;
}

/**
 * @param shape from places in the tree to values of the answer: "return", "Card/Number", "@Code".
 * @param fields what the command answers.
 * @throws Error naming the element and what does not fit it.
 */
export function compileReplyShape(
  context: ReplyContext,
  type: ComplexType,
  shape: ShapeText,
  fields: Fields,
): WriteStructure {
  const branches = groupByElement(shape);
  const compile =
    ([key, { rules }]: [string, Branch]) =>
    () => {
      const own = rules.get('');
      const write = at(key, () =>
        own === undefined
          ? compileInside(context, findPlace(type, key), Object.fromEntries(rules), fields)
          : compileElement(context, findPlace(type, key), readRule(own), fields),
      );
      return { key, write };
    };
  const checks = listGaps(type, branches).map((gap) => (): never => {
    throw new Error(gap);
  });
  const elements = gather([...checks, ...[...branches].map(compile)]);
  const needed = context.isOptional === true ? listNeeded(type) : [];
  return (answer) => {
    const tree: Record<string, WireValue> = {};
    for (const { key, write } of elements) tree[key] = write(answer);
    return needed.some((key) => tree[key] === null) ? null : tree;
  };
}

function listNeeded({ fields, attributes }: ComplexType): readonly string[] {
  return [
    ...fields.filter(({ optional, nillable }) => !optional && !nillable).map(({ name }) => name),
    ...attributes.filter(({ use }) => use === 'required').map(({ name }) => `@${name}`),
  ];
}

function groupByElement(shape: ShapeText): ReadonlyMap<string, Branch> {
  const branches = new Map<string, Branch>();
  for (const [path, rule] of Object.entries(shape)) {
    const slash = path.indexOf('/');
    const [key, rest] = slash === -1 ? [path, ''] : [path.slice(0, slash), path.slice(slash + 1)];
    const branch = branches.get(key) ?? { rules: new Map<string, ShapeText[string]>() };
    branches.set(key, branch);
    branch.rules.set(rest, rule);
    if (branch.rules.size > 1 && branch.rules.has(''))
      throw new Error(`${key} has a rule of its own and rules inside it`);
  }
  return branches;
}

/** What the schema requires must have a rule: a till would be the first to find that it is not there. */
function listGaps(type: ComplexType, branches: ReadonlyMap<string, Branch>): readonly string[] {
  const missing = listNeeded(type).filter((key) => !branches.has(key));
  const hasNoText = type.text !== undefined && !branches.has('#text');
  return [
    ...missing.map((key) => `${type.name}: ${describeKey(key)} has no rule`),
    ...(hasNoText ? [`${type.name}: its text has no rule`] : []),
  ];
}

/** An element whose own elements have the rules: without any value it is left out where the schema lets it be. */
function compileInside(context: ReplyContext, place: Place, shape: ShapeText, fields: Fields): WriteValue {
  if (!isComplex(place.type)) throw new Error('it has no elements of its own');
  if (place.isList) throw new Error('it is a list: give it the transform list');
  const write = compileReplyShape({ ...context, isOptional: isLeftOut(context, place) }, place.type, shape, fields);
  if (!place.mayBeMissing) return write;
  return (answer) => {
    const tree = write(answer);
    return tree === null || Object.values(tree).every((value) => value === null) ? null : tree;
  };
}

/** Without a value that it needs, a structure is left out, or the one around it. */
function isLeftOut(context: ReplyContext, place: Place): boolean {
  return place.mayBeMissing || context.isOptional === true;
}

function compileElement(context: ReplyContext, place: Place, rule: Rule, fields: Fields): WriteValue {
  const { when, none = null } = rule.options;
  const write = compileRule(context, place, rule, fields);
  if (when === undefined) return write;
  if (!Object.hasOwn(fields, 'code')) throw new Error('"when" needs an answer with a code');
  const isNone = place.isList ? [] : none;
  if (isNone === null && !isLeftOut(context, place)) {
    throw new Error(
      '"when" leaves it without a value, and the schema requires one: say by "none" what is written then',
    );
  }
  if (none !== null) refuseText(place.type, none, '"none"');
  return (answer) => (when.includes(answer.code as number) ? write(answer) : isNone);
}

function compileRule(context: ReplyContext, place: Place, rule: Rule, fields: Fields): WriteValue {
  switch (rule.transform) {
    case 'shape':
    case 'list':
      return compileNested(context, place, rule, fields);
    case 'constant':
      return intoList(place, compileConstant(place, rule));
    default:
      return intoList(place, compileScalar(context, place, rule, fields));
  }
}

/** One value for a list is its one item. */
function intoList({ isList }: Place, write: WriteValue): WriteValue {
  if (!isList) return write;
  return (answer) => {
    const value = write(answer);
    return value === null ? [] : [value];
  };
}

function compileNested(context: ReplyContext, place: Place, rule: Rule, fields: Fields): WriteValue {
  const [from] = rule.from;
  if (!isComplex(place.type)) throw new Error('it has no elements of its own');
  const isList = rule.transform === 'list';
  if (place.isList !== isList) throw new Error(isList ? 'it is not a list' : 'it is a list');
  const shape = findShape(context.file.replies, rule.options.shape);
  if (!isList) {
    if (from !== '') throw new Error(`the answer has nothing nested under ${from}`);
    refuseOptions(rule, ['shape', 'when']);
    return compileReplyShape({ ...context, isOptional: isLeftOut(context, place) }, place.type, shape, fields);
  }
  refuseOptions(rule, ['shape', 'when', 'only']);
  const nested = findAnswer(fields, from);
  if (!isNested(nested)) throw new Error(`${from} of the answer is not a list`);
  const inside = { ...context, naming: context.itemNaming, isOptional: false };
  const write = compileReplyShape(inside, place.type, shape, nested.fields);
  const { only } = rule.options;
  if (only === undefined) return (answer) => (answer[from] as readonly Answer[]).map(write);
  if (!Object.hasOwn(nested.fields, 'code')) throw new Error('"only" needs items with a code');
  return (answer) => (answer[from] as readonly Answer[]).filter(({ code }) => only.includes(code as number)).map(write);
}

function findAnswer(fields: Fields, name: string): FieldKind | Nested {
  const found = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (found === undefined) {
    throw new Error(`the answer has no value ${name}: it has ${Object.keys(fields).join(', ')}`);
  }
  return found;
}

function compileConstant(place: Place, rule: Rule): WriteValue {
  refuseStructure(place);
  refuseOptions(rule, ['value', 'when', 'none']);
  const { value } = rule.options;
  if (typeof value !== 'string') throw new Error('a constant of a reply is a text');
  refuseText(place.type, value, 'the constant');
  return () => value;
}

function refuseStructure({ type }: Place): void {
  if (isComplex(type)) throw new Error('it has elements of its own and is not one value');
}

function compileScalar(context: ReplyContext, place: Place, rule: Rule, fields: Fields): WriteValue {
  const { file, naming } = context;
  refuseStructure(place);
  const [from] = rule.from;
  const found = findAnswer(fields, from);
  if (isNested(found)) throw new Error(`${from} of the answer is a list`);
  const { kind, mayBeMissing } = splitKind(found);
  const isDateTime = 'kind' in place.type && place.type.kind === 'dateTime';
  const { takes, write } = compileWriteTransform(rule, file, isDateTime);
  if (!takes.includes(kind)) throw new Error(`transform ${rule.transform} takes ${takes[0]}, and ${from} is ${kind}`);
  if (rule.transform === 'table') refuseGapsOfTable(file, rule, kind);
  const { none = null } = rule.options;
  if (mayBeMissing && none === null && !place.isList && !isLeftOut(context, place)) {
    throw new Error(`${from} may have no value, and the schema requires one: say by "none" what is written then`);
  }
  refuseUnwritable(place.type, rule.transform, kind, write);
  if (rule.transform === 'table') {
    for (const word of Object.keys(findTable(file, rule.options.table))) refuseText(place.type, word, 'the table');
  }
  if (mayBeMissing && none !== null) refuseText(place.type, none, '"none"');
  const finish = compileFinish(place.type);
  return (answer) => {
    const value = answer[from];
    const text = value === null || value === undefined ? none : write(value, answer, naming);
    return text === null || finish === undefined ? text : finish(text);
  };
}

/**
 * A text that is longer than the schema lets it be is cut: refused by the writer, it would end with a defect a call that has
 * changed the ledger.
 */
function compileFinish(type: Place['type']): ((text: string) => string) | undefined {
  if (isAny(type)) return escapeText;
  const most = 'maxLength' in type && type.kind === 'string' && type.values === undefined ? type.maxLength : undefined;
  return most === undefined
    ? undefined
    : (text) => (text.length <= most ? text : Array.from(text).slice(0, most).join(''));
}

/** A value without a word in the table would end a call with a defect after it has changed the ledger. */
function refuseGapsOfTable(file: BindingFile, { options }: Rule, kind: ValueKind): void {
  const own = new Set(listWords(findTable(file, options.table)).map(([, value]) => String(value)));
  const missing = own.has('*') ? undefined : listValues(kind).find((value) => !own.has(value));
  if (missing !== undefined) throw new Error(`table ${options.table} has no word for ${kind} ${missing}, nor "*"`);
}

/** All values of a kind; of one that has no end, a value that no table has. */
function listValues(kind: ValueKind): readonly string[] {
  if (kind === 'code') return Object.values(resultCodes).map(String);
  if (kind === 'flag') return ['true', 'false'];
  return isWordKind(kind) ? ownWords[kind] : ['of another value'];
}

// A request's shape, drafted: each field of the command gets the place whose name, type and recorded values suit it best.
import { isNested, splitKind, type Fields, type Nested } from '../binding/command-fields.ts';
import { isAny, type ComplexType } from '../contract/schema.ts';
import {
  isInside,
  listDraftPlaces,
  type Places,
  type Samples,
  type ScalarPlace,
  type StructurePlace,
} from './draft-places.ts';
import { draftRequestRule, type WantedField } from './draft-request-rule.ts';
import { matchAll, matchOwnTexts, type Pair } from './match.ts';
import { fieldWords, reserveIdWords, usualConstants } from './phrases.ts';
import { round, type DraftedRule, type DraftedSide } from './proposal.ts';
import { areCardNumbers, readDateSamples } from './read-samples.ts';
import { scoreName } from './score-name.ts';
import { addAbout, factorOfName } from './things.ts';
import { factorOf } from './type-factors.ts';

export interface RequestContext {
  readonly samples: Samples;
  readonly subject: ReadonlySet<string>;
  /** Meanings of the operation's name, for what stands in no structure. */
  readonly about: ReadonlySet<string>;
  /** Inside a value that may be missing as a whole. */
  readonly isOptional: boolean;
  /** Fields of the command whose texts are kept as they came. */
  readonly exact: readonly string[];
  /** Structures that may be lists though their example has them once. */
  readonly flexible: ReadonlySet<ComplexType>;
}

/**
 * @param prefix of the samples: the path from the wrapper's element to this type.
 */
export function draftRequest(
  type: ComplexType,
  name: string,
  fields: Fields,
  prefix: string,
  context: RequestContext,
): DraftedSide {
  const places = listDraftPlaces(type, prefix, context.samples);
  const nested = draftNestedFields(fields, places, prefix, context);
  const taken = nested.map(({ place }) => place.path);
  const free = places.scalars.filter(({ path, isList }) => !isList && !taken.some((outer) => isInside(path, outer)));
  const wanted = Object.entries(fields).flatMap(([field, kind]): WantedField[] =>
    isNested(kind)
      ? []
      : [{ field, ...splitKind(kind), isExact: context.exact.includes(field), isOfOptional: context.isOptional }],
  );
  const pairs = matchAll(wanted, free, (one, place) => scorePlace(one, place, context));
  pairs.push(...matchOnlyOnes(wanted, free, pairs), ...matchOwnTexts(wanted, free, pairs));
  const times = findTimes(pairs, free);
  const rules = new Map<string, DraftedRule>(nested.map(({ rule }) => [rule.key, rule]));
  for (const { wanted: one, place, score, phrase } of pairs) {
    rules.set(one.field, draftRequestRule(one, place, times.get(place), score, phrase));
  }
  addConstants(wanted, rules);
  const used = new Set([...pairs.map(({ place }) => place.path), ...[...times.values()].map(({ path }) => path)]);
  const left = free.filter(({ path }) => !used.has(path));
  for (const { rule, paths } of draftScattered(fields, rules, left, context)) {
    rules.set(rule.key, rule);
    for (const path of paths) used.add(path);
  }
  const needed = Object.entries(fields).filter(([, kind]) => isNeeded(kind));
  const without = Object.keys(fields).filter((field) => !rules.has(field));
  return {
    shape: { name, rules: Object.keys(fields).flatMap((field) => rules.get(field) ?? []) },
    missing: [
      ...without.filter((field) => needed.some(([own]) => own === field)),
      ...nested.flatMap(({ missing }) => missing),
    ],
    unplacedFields: without.filter((field) => !needed.some(([own]) => own === field)),
    unplacedPlaces: [
      ...places.scalars
        .filter(({ path }) => !used.has(path) && !taken.some((outer) => isInside(path, outer)))
        .map(({ path }) => path),
      ...places.structures.filter((one) => one.isList && !taken.includes(one.path)).map(({ path }) => path),
      ...nested.flatMap(({ unplaced }) => unplaced),
    ],
  };
}

function isNeeded(kind: Fields[string]): boolean {
  return isNested(kind) ? !kind.nested.endsWith('?') : !splitKind(kind).mayBeMissing;
}

const cardLike = 0.7;
const formLike = 0.55;

function scorePlace(
  one: WantedField,
  place: ScalarPlace,
  { subject, about }: RequestContext,
): { score: number; phrase: string } {
  const ofReserve = one.field === 'operationId' && subject.has('reserve') ? reserveIdWords : [];
  const words = [...(fieldWords[one.field] ?? []), ...ofReserve];
  const { score, phrase } = scoreName(place.name, words, { around: addAbout(place, about), subject });
  const factor = factorOf(place.type, one.kind) * factorOfName(place.name, one.kind, words);
  if (one.field === 'cardNumber' && areCardNumbers(place.samples))
    return { score: Math.max(score, cardLike) * factor, phrase };
  // A time of day alone is a part of a moment, not one.
  if (one.kind === 'moment' && isTimeAlone(place)) return { score: 0, phrase };
  const isDate = one.kind === 'moment' && !isAny(place.type) && place.type.kind === 'string' && isDateLike(place);
  return { score: (isDate ? Math.max(score, formLike) : score) * factor, phrase };
}

function isDateLike({ samples }: ScalarPlace): boolean {
  const read = readDateSamples(samples);
  return typeof read === 'object' || read === 'wire';
}

function isTimeAlone({ name, type }: ScalarPlace): boolean {
  if (!isAny(type) && type.kind === 'time') return true;
  return name.has('time') && !name.has('date');
}

const onlyOne = 0.5;

/** A needed moment or flag without a place, where one place of just that type is left: most likely it. */
function matchOnlyOnes(
  wanted: readonly WantedField[],
  free: readonly ScalarPlace[],
  pairs: readonly Pair<WantedField, ScalarPlace>[],
): Pair<WantedField, ScalarPlace>[] {
  const kinds = { moment: 'dateTime', flag: 'boolean' } as const;
  return (['moment', 'flag'] as const).flatMap((kind) => {
    const fields = wanted.filter(
      (one) => one.kind === kind && !one.mayBeMissing && !pairs.some((pair) => pair.wanted === one),
    );
    const left = free.filter(
      (place) =>
        !isAny(place.type) &&
        place.type.kind === kinds[kind] &&
        !pairs.some((pair) => pair.place === place) &&
        // A flag whose name says something else is another one, though it be the only one.
        (kind !== 'flag' || [...place.name].every((meaning) => meaning.startsWith('?'))),
    );
    const [field] = fields;
    const [place] = left;
    if (field === undefined || place === undefined || fields.length > 1 || left.length > 1) return [];
    return [{ wanted: field, place, score: onlyOne, phrase: `the only ${kinds[kind]} left` }];
  });
}

/** For dates that have their time of day in a place beside them. */
function findTimes(
  pairs: readonly Pair<WantedField, ScalarPlace>[],
  free: readonly ScalarPlace[],
): ReadonlyMap<ScalarPlace, ScalarPlace> {
  const times = new Map<ScalarPlace, ScalarPlace>();
  for (const { wanted, place } of pairs) {
    if (wanted.kind !== 'moment' || place.name.has('time')) continue;
    const rest = [...place.name].filter((meaning) => meaning !== 'date');
    const left = free.filter(
      (one) => isTimeAlone(one) && !pairs.some((pair) => pair.place === one) && ![...times.values()].includes(one),
    );
    const own =
      left.find((one) => rest.every((meaning) => one.name.has(meaning))) ?? (left.length === 1 ? left[0] : undefined);
    if (own !== undefined) times.set(place, own);
  }
  return times;
}

const ofConstant = 0.5;

function addConstants(wanted: readonly WantedField[], rules: Map<string, DraftedRule>): void {
  for (const { field, mayBeMissing } of wanted) {
    const usual = Object.hasOwn(usualConstants, field) ? usualConstants[field] : undefined;
    if (usual === undefined || mayBeMissing || rules.has(field)) continue;
    const options = { value: usual.value };
    rules.set(field, {
      key: field,
      from: '',
      transform: 'constant',
      options,
      confidence: ofConstant,
      reason: usual.why,
    });
  }
}

/** Meanings by which the parts of a nested value are marked where they stand among the others: «КассаПродажи». */
const marks = ['original', 'sale'];
const ofScattered = 0.9;

/** A nested value without a structure of its own. */
function draftScattered(
  fields: Fields,
  rules: ReadonlyMap<string, DraftedRule>,
  left: readonly ScalarPlace[],
  context: RequestContext,
): { readonly rule: DraftedRule; readonly paths: readonly string[] }[] {
  return Object.entries(fields).flatMap(([key, kind]) => {
    if (!isNested(kind) || kind.nested !== 'one?' || rules.has(key)) return [];
    const marked = left.filter(({ name }) => marks.some((mark) => name.has(mark)));
    const places = marked.map((place) => ({ ...place, name: withoutMarks(place.name) }));
    const inner = Object.entries(kind.fields).flatMap(([field, own]): WantedField[] =>
      isNested(own) ? [] : [{ field, ...splitKind(own), isExact: false, isOfOptional: true }],
    );
    const subject = new Set([...context.subject, 'receipt', ...marks]);
    const pairs = matchAll(inner, places, (one, place) => scorePlace(one, place, { ...context, subject }));
    if (inner.some((one) => !one.mayBeMissing && !pairs.some(({ wanted }) => wanted === one))) return [];
    const times = findTimes(pairs, places);
    const drafted = pairs.map(({ wanted, place, score, phrase }) =>
      draftRequestRule(wanted, place, times.get(place), score, phrase),
    );
    const confidence = round(Math.min(...pairs.map(({ score }) => score)) * ofScattered);
    const reason = 'its fields stand among the others, marked as those of the sale';
    const shape = { name: key, rules: drafted };
    const rule: DraftedRule = { key, from: '', transform: 'shape', inside: shape, confidence, reason };
    return [{ rule, paths: [...pairs.map(({ place }) => place.path), ...[...times.values()].map(({ path }) => path)] }];
  });
}

/** «ЧекПродажи» among the fields of a receipt is its number. */
function withoutMarks(name: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...name].filter((meaning) => !marks.includes(meaning)));
}

interface DraftedNested {
  readonly rule: DraftedRule;
  readonly place: StructurePlace;
  readonly missing: readonly string[];
  readonly unplaced: readonly string[];
}

const ofName = 0.5;
const leastFit = 0.5;

function draftNestedFields(fields: Fields, places: Places, prefix: string, context: RequestContext): DraftedNested[] {
  const wanted = Object.entries(fields).flatMap(([field, kind]) => (isNested(kind) ? [{ field, kind }] : []));
  const drafts = new Map<string, DraftedSide>();
  const draftAt = (field: string, kind: Nested, place: StructurePlace): DraftedSide => {
    const key = `${field} ${place.path}`;
    const words = fieldWords[field]?.[0] ?? field;
    const known = drafts.get(key);
    if (known !== undefined) return known;
    const subject = new Set([...context.subject, ...place.name, ...words.split(' ')]);
    const isOptional = kind.nested === 'one?';
    const inner = { ...context, subject, about: new Set<string>(), isOptional };
    const draft = draftRequest(place.type, place.type.name, kind.fields, `${prefix}/${place.path}`, inner);
    drafts.set(key, draft);
    return draft;
  };
  const pairs = matchAll(wanted, places.structures, ({ field, kind }, place) => {
    if (!suits(place, kind, context)) return { score: 0, phrase: '' };
    const { score, phrase } = scoreName(place.name, fieldWords[field] ?? [], {
      around: place.around,
      subject: context.subject,
    });
    const fit = fitOf(draftAt(field, kind, place), kind.fields);
    return { score: fit < leastFit ? 0 : ofName * score + (1 - ofName) * fit, phrase };
  });
  return pairs.flatMap(({ wanted: { field, kind }, place, score, phrase }) => {
    const draft = draftAt(field, kind, place);
    // What the command can do without is left out rather than half read.
    if (draft.missing.length > 0 && kind.nested.endsWith('?')) return [];
    const missing = draft.missing.map((inner) => `${field}/${inner}`);
    const transform = kind.nested === 'one?' ? 'shape' : kind.nested === 'checkedList' ? 'checkedList' : 'list';
    const reason = `its name is that of "${phrase}", and its elements are those of ${field}`;
    const base = { key: field, from: place.path, transform, inside: draft.shape, confidence: round(score), reason };
    const rule: DraftedRule = transform === 'shape' || place.isList ? base : { ...base, repeats: true };
    return [{ rule, place, missing, unplaced: draft.unplacedPlaces.map((path) => `${place.path}/${path}`) }];
  });
}

function suits({ isList, type }: StructurePlace, { nested }: Nested, { flexible }: RequestContext): boolean {
  return nested === 'one?' ? !isList : isList || flexible.has(type);
}

/** How much of what is needed is there: from 0 to 1. */
export function fitOf({ shape, missing }: DraftedSide, fields: Fields): number {
  const needed = Object.entries(fields).filter(([, kind]) => isNeeded(kind));
  if (needed.length === 0) return shape.rules.length > 0 ? 1 : 0.5;
  const found = shape.rules.filter(({ key }) => needed.some(([field]) => field === key));
  return found.reduce((sum, rule) => sum + rule.confidence, 0) / (found.length + missing.length);
}

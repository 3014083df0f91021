// A reply's shape, drafted: each element gets the value of the answer whose name and type suit it best.
import { isNested, splitKind, type FieldKind, type Fields, type Nested } from '../binding/command-fields.ts';
import { isAny, type ComplexType } from '../contract/schema.ts';
import {
  isInside,
  listDraftPlaces,
  type Places,
  type Samples,
  type ScalarPlace,
  type StructurePlace,
} from './draft-places.ts';
import { draftReplyRule, type WantedAnswer } from './draft-reply-rule.ts';
import { matchAll, matchOwnTexts, type Pair } from './match.ts';
import { answerWords, isDoneWords, reserveIdWords, resultTextWords } from './phrases.ts';
import { round, type DraftedRule, type DraftedSide } from './proposal.ts';
import { scoreName } from './score-name.ts';
import { addAbout, factorOfName } from './things.ts';
import { factorOf } from './type-factors.ts';

export interface ReplyContext {
  readonly samples: Samples;
  readonly subject: ReadonlySet<string>;
  /** Meanings of the operation's name, for what stands in no structure. */
  readonly about: ReadonlySet<string>;
  /** Structures that may be lists though their example has them once. */
  readonly flexible: ReadonlySet<ComplexType>;
}

/** @param prefix of the samples: the path from the wrapper's element to this type. */
export function draftReply(
  type: ComplexType,
  name: string,
  fields: Fields,
  prefix: string,
  context: ReplyContext,
): DraftedSide {
  const places = listDraftPlaces(type, prefix, context.samples);
  const lists = draftLists(fields, places, prefix, context);
  const taken = lists.map(({ place }) => place.path);
  const free = places.scalars.filter(({ path, isList }) => !isList && !taken.some((outer) => isInside(path, outer)));
  const wanted = Object.entries(fields).flatMap(([field, kind]) => (isNested(kind) ? [] : listWanted(field, kind)));
  const pairs = matchAll(wanted, free, (one, place) => scorePlace(one, place, context));
  pairs.push(
    ...matchOwnTexts(
      wanted.filter(({ part }) => part === 'whole'),
      free,
      pairs,
    ),
  );
  const apart = new Set(pairs.filter(({ wanted: { part } }) => part === 'time').map(({ wanted: { from } }) => from));
  const rules = new Map<string, DraftedRule>(lists.map(({ rule }) => [rule.key, rule]));
  for (const { wanted: one, place, score, phrase } of pairs) {
    const rule = draftReplyRule(one, place, apart.has(one.from), score, phrase);
    const rest = wanted.filter(({ from }) => !pairs.some((pair) => pair.wanted.from === from));
    const rival = rest.find((other) => scorePlace(other, place, context).score >= score - margin);
    rules.set(place.path, rival === undefined ? rule : doubtRule(rule, rival));
  }
  const openLists = places.structures.filter((one) => one.isList && !taken.includes(one.path));
  const open = [...places.scalars.filter(({ path }) => !taken.some((outer) => isInside(path, outer))), ...openLists];
  const without = open.filter(({ path }) => !rules.has(path));
  const written = new Set([...rules.values()].map(({ from }) => from));
  // What stands in a structure that may be missing is required where something of the structure is written.
  const isWritten = (outer: string): boolean => [...rules.keys()].some((path) => isInside(path, outer));
  const isRequired = (place: ScalarPlace | StructurePlace): boolean =>
    !place.isOptional && place.optionalOuters.every(isWritten);
  const order = [...places.scalars, ...places.structures].map(({ path }) => path);
  return {
    shape: { name, rules: order.flatMap((path) => rules.get(path) ?? []) },
    missing: [...without.filter(isRequired).map(({ path }) => path), ...lists.flatMap(({ missing }) => missing)],
    unplacedFields: Object.keys(fields).filter((field) => !written.has(field)),
    unplacedPlaces: [
      ...without.filter((place) => !isRequired(place)).map(({ path }) => path),
      ...lists.flatMap(({ unplaced }) => unplaced),
    ],
  };
}

/** Two values that are nearer to each other than this cannot be told apart. */
const margin = 0.03;
const notApart = 0.55;

function doubtRule(rule: DraftedRule, { from }: WantedAnswer): DraftedRule {
  return {
    ...rule,
    confidence: Math.min(rule.confidence, notApart),
    reason: `${rule.reason}; ${from} fits as well`,
  };
}

function listWanted(from: string, field: FieldKind): WantedAnswer[] {
  const { kind, mayBeMissing } = splitKind(field);
  const words = answerWords[from] ?? [];
  const whole: WantedAnswer = { from, part: 'whole', kind, mayBeMissing, words };
  if (kind === 'code') {
    return [
      whole,
      { ...whole, part: 'text', kind: 'text', words: resultTextWords },
      { ...whole, part: 'done', kind: 'flag', words: isDoneWords },
    ];
  }
  if (kind !== 'moment') return [whole];
  const ofTime = words.map((phrase) => phrase.replace('date', 'time')).filter((phrase) => phrase.includes('time'));
  return [whole, { ...whole, part: 'time', words: ofTime }];
}

function scorePlace(
  wanted: WantedAnswer,
  place: ScalarPlace,
  { subject, about }: ReplyContext,
): { score: number; phrase: string } {
  const words =
    wanted.from === 'operationId' && subject.has('reserve') ? [...wanted.words, ...reserveIdWords] : wanted.words;
  const { score, phrase } = scoreName(place.name, words, { around: addAbout(place, about), subject });
  const isTime = isTimeAlone(place);
  if (wanted.part === 'time') return { score: isTime ? score : 0, phrase };
  if (wanted.kind === 'moment' && !isAny(place.type) && place.type.kind === 'time') return { score: 0, phrase };
  if (wanted.kind === 'moment' && isTime && wanted.words.every((one) => !one.includes('time')))
    return { score: 0, phrase };
  return { score: score * factorOf(place.type, wanted.kind) * factorOfName(place.name, wanted.kind, words), phrase };
}

function isTimeAlone({ name, type }: ScalarPlace): boolean {
  return (!isAny(type) && type.kind === 'time') || (name.has('time') && !name.has('date'));
}

interface DraftedList {
  readonly rule: DraftedRule;
  readonly place: StructurePlace;
  readonly missing: readonly string[];
  readonly unplaced: readonly string[];
}

const ofName = 0.5;
const leastFit = 0.4;

function draftLists(fields: Fields, places: Places, prefix: string, context: ReplyContext): DraftedList[] {
  const wanted = Object.entries(fields).flatMap(([field, kind]) => (isNested(kind) ? [{ field, kind }] : []));
  const drafts = new Map<string, DraftedSide>();
  const draftAt = (field: string, kind: Nested, place: StructurePlace): DraftedSide => {
    const key = `${field} ${place.path}`;
    const known = drafts.get(key);
    if (known !== undefined) return known;
    const subject = new Set([...context.subject, ...place.name, ...(answerWords[field]?.[0] ?? field).split(' ')]);
    const draft = draftReply(place.type, place.type.name, kind.fields, `${prefix}/${place.path}`, {
      ...context,
      subject,
      about: new Set<string>(),
    });
    drafts.set(key, draft);
    return draft;
  };
  const lists = places.structures.filter(({ isList, type }) => isList || context.flexible.has(type));
  const pairs = matchAll(wanted, lists, ({ field, kind }, place) => {
    const { score, phrase } = scoreName(place.name, answerWords[field] ?? [], {
      around: place.around,
      subject: context.subject,
    });
    const fit = fitOf(draftAt(field, kind, place), kind.fields);
    return { score: fit < leastFit ? 0 : ofName * score + (1 - ofName) * fit, phrase };
  });
  pairs.push(...matchOnlyList(wanted, lists, pairs, ({ field, kind }, place) => draftAt(field, kind, place)));
  return pairs.flatMap(({ wanted: { field, kind }, place, score, phrase }) => {
    const draft = draftAt(field, kind, place);
    const reason =
      phrase === onlyList ? onlyList : `its name is that of "${phrase}", and its elements are those of ${field}`;
    const base = {
      key: place.path,
      from: field,
      transform: 'list',
      inside: draft.shape,
      confidence: round(score),
      reason,
    };
    const rule: DraftedRule = place.isList ? base : { ...base, repeats: true };
    const inside = (path: string): string => `${place.path}/${path}`;
    return [{ rule, place, missing: draft.missing.map(inside), unplaced: draft.unplacedPlaces.map(inside) }];
  });
}

const onlyList = 'the only list of the reply, and some of its elements are known';
const ofOnlyList = 0.5;
const leastElements = 2;

/** A row may have much that the service does not answer, and be the one that is meant all the same. */
function matchOnlyList<W>(
  wanted: readonly W[],
  lists: readonly StructurePlace[],
  pairs: readonly Pair<W, StructurePlace>[],
  draftAt: (one: W, place: StructurePlace) => DraftedSide,
): Pair<W, StructurePlace>[] {
  const [one, another] = wanted;
  const [place, other] = lists;
  if (pairs.length > 0 || one === undefined || place?.isList !== true) return [];
  if (another !== undefined || other !== undefined) return [];
  if (draftAt(one, place).shape.rules.length < leastElements) return [];
  return [{ wanted: one, place, score: ofOnlyList, phrase: onlyList }];
}

/** How much of the elements has a value, and how much of the answer is written: from 0 to 1. */
export function fitOf({ shape: { rules }, missing, unplacedPlaces }: DraftedSide, fields: Fields): number {
  const elements = rules.length + missing.length + unplacedPlaces.length / 2;
  const needed = Object.entries(fields).filter(([, kind]) => isNested(kind) || !splitKind(kind).mayBeMissing);
  if (elements === 0 || needed.length === 0) return 0;
  const written = needed.filter(([field]) => rules.some(({ from }) => from === field));
  const ofElements = rules.reduce((sum, { confidence }) => sum + confidence, 0) / elements;
  return (ofElements + written.length / needed.length) / 2;
}

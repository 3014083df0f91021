// Whether a transform fits the schema's type of its place, found by trying it on values of the type: a rule that could never
// read a value, or would write one that the schema does not allow, is refused before a till finds it.
import { compileText } from '../contract/facets.ts';
import { isAny, isComplex, type ScalarKind, type ScalarType } from '../contract/schema.ts';
import { BadValue } from './bad-value.ts';
import { isWordKind, ownWords, type ValueKind } from './command-fields.ts';
import type { PlaceType } from './place.ts';
import { trialContext } from './read-context.ts';
import type { ReadText } from './read-transforms.ts';
import type { WriteText } from './write-transforms.ts';

/** Values of each kind that some rule reads. Kinds that are left out hold texts of any form. */
const samplesOfKinds: Readonly<Partial<Record<ScalarKind, readonly string[]>>> = {
  boolean: ['true', 'false', '1', '0'],
  integer: ['1', '0'],
  int: ['1', '0'],
  long: ['1', '0'],
  decimal: ['1', '1.5'],
  double: ['1', '1.5'],
  dateTime: ['2026-11-22T14:05:00'],
  date: ['2026-11-22'],
  time: ['14:05:00'],
};

/** @throws Error if no value of the type can be read. `words` are those of a table. */
export function refuseUnreadable(
  type: PlaceType,
  path: string,
  transform: string,
  read: ReadText,
  words?: readonly string[],
): void {
  if (isComplex(type) || isAny(type)) return;
  const own = words ?? [...(type.values ?? samplesOfKinds[type.kind] ?? [])];
  if (own.length === 0) return;
  const check = compileText(type);
  const canCome = own.filter((text) => words === undefined || check(text) !== undefined);
  if (canCome.some((text) => !(read(text, trialContext) instanceof BadValue))) return;
  const what = words === undefined ? `transform ${transform} cannot read it` : `no word of its table is a ${type.kind}`;
  throw new Error(`${path} is of type ${type.kind} (such as "${own[0]}"): ${what}`);
}

const samplesOfAnswers: Readonly<Record<ValueKind, readonly unknown[]>> = {
  text: ['текст'],
  flag: [true, false],
  count: [12],
  money: [12345],
  percent: [525],
  amount: ['1.5'],
  moment: ['2026-11-22T14:05:00'],
  code: [0, 11],
  ...ownWords,
};

/** Transforms whose texts are all known, so that a list of values or a length can be compared with them. */
const closed: ReadonlySet<string> = new Set(['boolean', 'isDone', 'integer', 'money', 'hundredths']);

/** @throws Error if what the transform writes is not of the type. */
export function refuseUnwritable(type: PlaceType, transform: string, kind: ValueKind, write: WriteText): void {
  if (isComplex(type) || isAny(type) || transform === 'table') return;
  if (type.kind === 'string' && !closed.has(transform) && !isWordKind(kind)) return;
  for (const value of samplesOfAnswers[kind]) {
    refuseText(type, write(value, { code: 0 }, new Map()), `transform ${transform}`);
  }
}

/** @throws Error if a text that binding.json itself gives is not of the type. */
export function refuseText(type: PlaceType, text: string, what: string): void {
  if (isComplex(type) || isAny(type) || compileText(type)(text) !== undefined) return;
  throw new Error(`it is of type ${describe(type)}, and ${what} would write "${text}"`);
}

function describe({ kind, values }: ScalarType): string {
  return values === undefined ? kind : `${kind}, one of ${[...values].join(', ')}`;
}

// One line of a reply's shape: the transform that writes a value of the answer to a place.
import type { BindingOptions } from '../binding/binding-file.ts';
import type { ValueKind } from '../binding/command-fields.ts';
import { resultCodes } from '../../ledger/result.ts';
import { isAny, type ScalarKind } from '../contract/schema.ts';
import type { ScalarPlace } from './draft-places.ts';
import { round, type DraftedRule } from './proposal.ts';
import { readDateSamples, readFlagSamples, readSumSamples } from './read-samples.ts';
import { chooseWords } from './choose-words.ts';
import { isWholeKind, sumTypeOf } from './type-factors.ts';

export interface WantedAnswer {
  readonly from: string;
  /** What of the value: itself, a code's sentence, whether the code is done, a moment's time of day. */
  readonly part: 'whole' | 'text' | 'done' | 'time';
  readonly kind: ValueKind;
  readonly mayBeMissing: boolean;
  readonly words: readonly string[];
}

interface Transformed {
  readonly transform: string;
  readonly options?: BindingOptions;
  readonly table?: Readonly<Record<string, string | number>>;
  readonly factor: number;
  readonly why?: string;
}

const guess = 0.55;
const doubt = 0.85;
const nearlySure = 0.9;

/** @param isApart whether the moment's time of day has a place of its own. */
export function draftReplyRule(
  wanted: WantedAnswer,
  place: ScalarPlace,
  isApart: boolean,
  score: number,
  phrase: string,
): DraftedRule {
  const { transform, options = {}, table, factor, why } = chooseTransform(wanted, place, isApart);
  const none = wanted.mayBeMissing && !place.isOptional ? findNone(place) : undefined;
  const whyNone = none === undefined ? [] : [`the schema wants a value where there is none: "${none}"`];
  const all = none === undefined ? options : { ...options, none };
  return {
    key: place.path,
    from: wanted.from,
    transform,
    ...(Object.keys(all).length === 0 ? {} : { options: all }),
    ...(table === undefined ? {} : { table }),
    confidence: round(score * factor * (none === undefined ? 1 : nearlySure)),
    reason: [`the name is that of "${phrase}"`, ...(why === undefined ? [] : [why]), ...whyNone].join('; '),
  };
}

const noneOfKinds: Readonly<Partial<Record<ScalarKind, string>>> = {
  dateTime: '0001-01-01T00:00:00',
  date: '0001-01-01',
  time: '00:00:00',
  decimal: '0',
  double: '0',
  integer: '0',
  int: '0',
  long: '0',
};

/** What 1C has where there is nothing. */
function findNone({ type }: ScalarPlace): string {
  return (isAny(type) ? undefined : noneOfKinds[type.kind]) ?? '';
}

function chooseTransform(wanted: WantedAnswer, place: ScalarPlace, isApart: boolean): Transformed {
  if (wanted.part === 'text') return { transform: 'resultText', factor: 1 };
  if (wanted.part === 'done') return { transform: 'isDone', ...chooseFlagWords(place) };
  if (wanted.part === 'time') return { transform: 'time', ...chooseForm(place, 'HH:mm:ss') };
  switch (wanted.kind) {
    case 'text':
    case 'amount':
      return chooseText(place);
    case 'receiptKind':
    case 'cardStatus':
    case 'certificateState':
    case 'stage':
    case 'documentKind':
      return chooseWords(wanted.kind, place);
    case 'count':
      return { transform: 'integer', factor: 1 };
    case 'code':
      return chooseCode(place);
    case 'flag':
      return { transform: 'boolean', ...chooseFlagWords(place) };
    case 'percent':
      return isWholeKind(place.type)
        ? {
            transform: 'hundredths',
            options: { unit: 'hundredths' },
            factor: guess,
            why: 'a whole number: hundredths of a percent',
          }
        : { transform: 'hundredths', factor: 1 };
    case 'money': {
      const { options, why, isSure } = readSumSamples(place.samples, sumTypeOf(place.type));
      return { transform: 'money', options, factor: isSure ? 1 : guess, why };
    }
    case 'moment':
      return chooseMoment(place, isApart);
  }
}

function chooseText({ name }: ScalarPlace): Transformed {
  if (!name.has('surname')) return { transform: 'text', factor: 1 };
  return { transform: 'text', factor: guess, why: 'a part of a name: the whole name is written there' };
}

function isString({ type }: ScalarPlace): boolean {
  return isAny(type) || type.kind === 'string';
}

function chooseMoment(place: ScalarPlace, isApart: boolean): Transformed {
  const isDate = !isAny(place.type) && place.type.kind === 'date';
  if (isApart) return { transform: 'date', ...chooseForm(place, 'YYYY-MM-DD') };
  if (isDate) return { transform: 'date', factor: 1 };
  const chosen = chooseForm(place, undefined);
  const isDateForm = chosen.options?.form !== undefined && !chosen.options.form.includes('HH');
  return { transform: isDateForm ? 'date' : 'moment', ...chosen };
}

function chooseForm(place: ScalarPlace, usual: string | undefined): Omit<Transformed, 'transform'> {
  if (!isString(place)) return { factor: 1 };
  const read = readDateSamples(place.samples);
  if (typeof read === 'object') return { options: { form: read.form }, factor: 1, why: `recorded as ${read.form}` };
  if (read === 'wire') return { factor: 1, why: 'recorded as XML Schema writes dates' };
  const options = usual === undefined ? {} : { options: { form: usual } };
  return { ...options, factor: guess, why: 'a string without a recording: the form of the date is assumed' };
}

function chooseFlagWords(place: ScalarPlace): Omit<Transformed, 'transform'> {
  if (!isString(place)) {
    const isNumber = isWholeKind(place.type);
    return isNumber ? { options: { words: ['1', '0'] }, factor: doubt, why: 'a whole number: 1 and 0' } : { factor: 1 };
  }
  const words = readFlagSamples(place.samples);
  if (place.samples.length === 0 || words === 'unknown')
    return { factor: guess, why: 'words of the flag are not recorded' };
  const first = place.samples[0]!;
  const pairs = [
    ['Истина', 'Ложь'],
    ['истина', 'ложь'],
    ['Да', 'Нет'],
    ['да', 'нет'],
    ['1', '0'],
    ['true', 'false'],
  ] as const;
  const pair = words.words ?? pairs.find((own) => own.some((word) => word === first));
  return pair === undefined ? { factor: guess } : { options: { words: [...pair] as [string, string] }, factor: 1 };
}

/** Another base has codes of its own, and nothing in a WSDL says so: only codes that were recorded, all known here, speak. */
function trustCodes(codes: readonly string[]): Pick<Transformed, 'factor' | 'why'> {
  if (codes.length === 0)
    return { factor: guess, why: 'no code is recorded: if the base has codes of its own, give a table' };
  if (codes.every((code) => Object.values<number>(resultCodes).includes(Number(code)))) {
    return codes.some((code) => Number(code) !== resultCodes.done)
      ? { factor: 1 }
      : { factor: doubt, why: 'only the code 0 is recorded' };
  }
  return { factor: guess, why: 'codes are recorded that are not known here: give a table' };
}

const doneWords = /^(?:0|ok|ок|успешно|успех|done|success|выполнено)$/i;

function chooseCode(place: ScalarPlace): Transformed {
  if (!isString(place)) return { transform: 'integer', ...trustCodes(place.samples) };
  const words = [...new Set([...(isAny(place.type) ? [] : (place.type.values ?? [])), ...place.samples])];
  if (words.every((word) => /^\d+$/.test(word))) {
    const { factor, why } = trustCodes(words);
    return {
      transform: 'integer',
      factor,
      why: ['a code written as text', ...(why === undefined ? [] : [why])].join('; '),
    };
  }
  // One word of letters is a code's; a longer text may be a person's, and is not repeated.
  const codes = words.filter((word) => /^[\p{L}_]{1,40}$/u.test(word));
  const done = codes.find((word) => doneWords.test(word)) ?? 'OK';
  const rest = codes.find((word) => !doneWords.test(word)) ?? 'ERROR';
  const table = { [done]: 0, [rest]: '*' };
  return {
    transform: 'table',
    table,
    factor: guess,
    why: `codes are words: "${rest}" stands for every refusal until each has its own`,
  };
}

// One line of a request's shape: the transform that reads a field of the command from a place.
import type { BindingOptions } from '../binding/binding-file.ts';
import type { ValueKind } from '../binding/command-fields.ts';
import { isAny } from '../contract/schema.ts';
import type { ScalarPlace } from './draft-places.ts';
import { readName } from './name-words.ts';
import { round, type DraftedRule } from './proposal.ts';
import { areCardNumbers, readDateSamples, readFlagSamples, readSumSamples } from './read-samples.ts';
import { sumTypeOf } from './type-factors.ts';

export interface WantedField {
  readonly field: string;
  readonly kind: ValueKind;
  readonly mayBeMissing: boolean;
  /** Of a value that may be missing as a whole: then its fields come empty, and nobody is refused. */
  readonly isOfOptional: boolean;
  /** A text that is kept as it came. */
  readonly isExact: boolean;
}

/** `factor` is how sure the transform is; the place has its own sureness. */
interface Transformed {
  readonly transform: string;
  readonly options?: BindingOptions;
  readonly table?: Readonly<Record<string, string>>;
  readonly factor: number;
  readonly why?: string;
}

const guess = 0.55;
const doubt = 0.85;

/** @param time the place of the time of day, if the date's place has none. */
export function draftRequestRule(
  wanted: WantedField,
  place: ScalarPlace,
  time: ScalarPlace | undefined,
  score: number,
  phrase: string,
): DraftedRule {
  const transformed = chooseTransform(wanted, place, time);
  const { transform, options, table, factor, why } = transformed;
  const isNeeded = !wanted.mayBeMissing && !wanted.isOfOptional;
  const isRefused = isNeeded && [place, ...(time === undefined ? [] : [time])].some((one) => one.cameEmpty);
  const reasons = [
    `the name is that of "${phrase}"`,
    ...describeSamples(wanted, place),
    ...(why === undefined ? [] : [why]),
    ...(isRefused
      ? ['recorded without a value too: the till is then refused, say by "none" what is taken for it']
      : []),
  ];
  return {
    key: wanted.field,
    from: time === undefined ? place.path : [place.path, time.path],
    transform,
    ...(options === undefined || Object.keys(options).length === 0 ? {} : { options }),
    ...(table === undefined ? {} : { table }),
    confidence: round(score * factor * (isRefused ? guess : 1)),
    reason: reasons.join('; '),
  };
}

function describeSamples({ field }: WantedField, { samples }: ScalarPlace): string[] {
  if (field !== 'cardNumber' || samples.length === 0) return [];
  return [
    areCardNumbers(samples)
      ? 'recorded values look like card numbers'
      : 'recorded values do not look like card numbers',
  ];
}

function chooseTransform(wanted: WantedField, place: ScalarPlace, time: ScalarPlace | undefined): Transformed {
  const { kind, mayBeMissing } = wanted;
  switch (kind) {
    case 'text':
      return chooseText(wanted, place);
    case 'count':
    case 'code':
      return { transform: mayBeMissing ? 'optionalCount' : 'count', factor: 1 };
    case 'money':
    case 'percent':
      return chooseSum(place, mayBeMissing ? 'optionalMoney' : 'money');
    case 'amount': {
      const { options, why, isSure } = readSumSamples(
        place.samples,
        sumTypeOf(place.type) === 'string' ? 'string' : 'decimal',
      );
      return { transform: 'amount', options, factor: isSure ? 1 : guess, why };
    }
    case 'moment':
      return chooseMoment(place, time, mayBeMissing ? 'moment' : 'requiredMoment');
    case 'flag':
      return chooseFlag(place);
    case 'receiptKind':
      return chooseReceiptKind(place);
    case 'cardStatus':
    case 'certificateState':
    case 'stage':
    case 'documentKind':
      return { transform: 'text', factor: guess, why: 'no command takes a word of this kind yet' };
  }
}

function chooseText({ field, mayBeMissing, isExact }: WantedField, place: ScalarPlace): Transformed {
  const isStrange = field === 'cardNumber' && place.samples.length > 0 && !areCardNumbers(place.samples);
  const factor = isStrange ? doubt : 1;
  // Where the place may be missing a needed text must be required of the till.
  if (!mayBeMissing) return { transform: isExact && !place.mayBeMissing ? 'text' : 'requiredText', factor };
  return { transform: isExact ? 'text' : 'optionalText', factor };
}

function chooseSum(place: ScalarPlace, transform: string): Transformed {
  const { options, why, isSure } = readSumSamples(place.samples, sumTypeOf(place.type));
  return { transform, options, factor: isSure ? 1 : guess, why };
}

function chooseMoment(place: ScalarPlace, time: ScalarPlace | undefined, transform: string): Transformed {
  const kind = isAny(place.type) ? 'string' : place.type.kind;
  if (kind !== 'string') {
    if (time !== undefined) return { transform, factor: 1, why: 'date and time apart' };
    return kind === 'date'
      ? { transform, factor: doubt, why: 'a date without a time of day' }
      : { transform, factor: 1 };
  }
  const date = readDateSamples(place.samples);
  const hours = time === undefined ? undefined : time.samples;
  if (date === 'wire') return { transform, factor: 1, why: 'recorded as XML Schema writes dates' };
  if (date === 'none')
    return { transform, factor: guess, why: 'a string without a recording: the form of the date is assumed' };
  if (date === 'unknown')
    return { transform, factor: guess, why: 'recorded in a form that is not known: give its "form"' };
  if (hours === undefined)
    return { transform, options: { form: date.form }, factor: 1, why: `recorded as ${date.form}` };
  const isShort = hours.length > 0 && hours.every((text) => /^\d{2}:\d{2}$/.test(text));
  const form = `${date.form} ${isShort ? 'HH:mm' : 'HH:mm:ss'}`;
  return { transform, options: { form }, factor: 1, why: `date and time apart, recorded as ${form}` };
}

function chooseFlag({ type, samples }: ScalarPlace): Transformed {
  if (!isAny(type) && type.kind === 'boolean') return { transform: 'boolean', factor: 1 };
  const words = readFlagSamples(samples);
  if (words === 'unknown')
    return { transform: 'boolean', factor: guess, why: 'recorded in words that are not known: give its "words"' };
  const isSeen = samples.length > 0;
  return {
    transform: 'boolean',
    options: words,
    factor: isSeen ? 1 : doubt,
    ...(isSeen ? {} : { why: 'not a boolean, and not recorded' }),
  };
}

const saleWords = new Set(['sale', 'receipt']);
const returnWords = new Set(['refund', 'result']);

/** What a word of the wire means: "Продажа" is a sale; 1 and 2 are what a fiscal drive says of them. */
function readReceiptKind(word: string): 'Sale' | 'Return' | undefined {
  if (/^(?:1|приход|in)$/i.test(word)) return 'Sale';
  if (/^(?:2|возврат прихода|out)$/i.test(word)) return 'Return';
  const meanings = [...readName(word)];
  // «Возврат продажи» and "SaleReturn" are returns.
  if (meanings.some((meaning) => returnWords.has(meaning))) return 'Return';
  return meanings.some((meaning) => saleWords.has(meaning)) ? 'Sale' : undefined;
}

function chooseReceiptKind({ path, type, samples, alike }: ScalarPlace): Transformed {
  if (!isAny(type) && type.kind === 'boolean') {
    return {
      transform: 'table',
      table: { true: 'Return', false: 'Sale' },
      factor: guess,
      why: 'a boolean: true is taken for a return',
    };
  }
  const listed = isAny(type) ? undefined : type.values;
  const words = [...new Set([...(listed ?? []), ...samples, ...alike])].toSorted();
  const table = Object.fromEntries(
    words.flatMap((word) => {
      const kind = readReceiptKind(word);
      return kind === undefined ? [] : [[word, kind] as const];
    }),
  );
  const has = (kind: string): boolean => Object.values<string>(table).includes(kind);
  if (has('Sale') && has('Return')) {
    return {
      transform: 'table',
      table,
      factor: 1,
      why: listed === undefined ? 'both words are recorded' : 'the schema lists the words',
    };
  }
  const usual: Readonly<Record<string, string>> =
    /[А-Яа-яЁё]/.test(path) || Object.keys(table).some((word) => /[А-Яа-яЁё]/.test(word))
      ? { Продажа: 'Sale', Возврат: 'Return' }
      : { Sale: 'Sale', Return: 'Return' };
  const rest = Object.fromEntries(Object.entries(usual).filter(([, kind]) => !has(kind)));
  return {
    transform: 'table',
    table: { ...table, ...rest },
    factor: guess,
    why: `assumed, not recorded: ${Object.keys(rest).join(', ')}`,
  };
}

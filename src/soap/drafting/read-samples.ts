// What recorded values say of their place: the form of a date, the words of a flag, kopecks or rubles, a comma. The values
// themselves are never repeated: they may be people's cards.
import type { BindingOptions } from '../binding/binding-file.ts';

const dateForms: readonly (readonly [RegExp, string])[] = [
  [/^\d{2}\.\d{2}\.\d{4} \d{2}:\d{2}:\d{2}$/, 'DD.MM.YYYY HH:mm:ss'],
  [/^\d{2}\.\d{2}\.\d{4} \d{2}:\d{2}$/, 'DD.MM.YYYY HH:mm'],
  [/^\d{2}\.\d{2}\.\d{4}$/, 'DD.MM.YYYY'],
  [/^\d{14}$/, 'YYYYMMDDHHmmss'],
  [/^\d{8}$/, 'YYYYMMDD'],
  [/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/, 'YYYY-MM-DD HH:mm:ss'],
  [/^\d{2}\/\d{2}\/\d{4} \d{2}:\d{2}:\d{2}$/, 'DD/MM/YYYY HH:mm:ss'],
  [/^\d{2}\/\d{2}\/\d{4}$/, 'DD/MM/YYYY'],
];
const wireMoment = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}.*)?$/;

export type DateSamples = 'none' | 'wire' | 'unknown' | { readonly form: string };

export function readDateSamples(samples: readonly string[]): DateSamples {
  if (samples.length === 0) return 'none';
  if (samples.every((text) => wireMoment.test(text))) return 'wire';
  const found = dateForms.find(([pattern]) => samples.every((text) => pattern.test(text)));
  return found === undefined ? 'unknown' : { form: found[1] };
}

/** 29... is how the numbers of discount cards begin in the trade; others are as long. */
export function areCardNumbers(samples: readonly string[]): boolean {
  return samples.length > 0 && samples.every((text) => /^\d{8,19}$/.test(text));
}

const flagWords: readonly (readonly [yes: string, no: string])[] = [
  ['Y', 'N'],
  ['T', 'F'],
  ['Yes', 'No'],
  ['yes', 'no'],
  ['YES', 'NO'],
  ['Д', 'Н'],
  ['+', '-'],
];
const usualFlags = /^(?:true|false|1|0|истина|ложь|да|нет)$/i;

/** The option of a flag's words; 'unknown' if the values are words that nobody has said the meaning of. */
export function readFlagSamples(samples: readonly string[]): BindingOptions | 'unknown' {
  if (samples.every((text) => usualFlags.test(text))) return {};
  const words = flagWords.find((pair) => samples.every((text) => pair.includes(text)));
  return words === undefined ? 'unknown' : { words: [...words] };
}

const leastOfKopecks = 1000;

export type SumType = 'whole' | 'decimal' | 'string';

/** How sums are written: the options, and why. */
export function readSumSamples(
  samples: readonly string[],
  type: SumType,
): { readonly options: BindingOptions; readonly why: string; readonly isSure: boolean } {
  if (type === 'string' && samples.length === 0) {
    return {
      options: { point: ',' },
      why: 'a string without a recording: a comma is assumed, as 1C writes',
      isSure: false,
    };
  }
  if (samples.some((text) => /^-?[\d \u00A0\u202F]+,\d+$/.test(text))) {
    return { options: { point: ',' }, why: 'recorded with a comma', isSure: true };
  }
  if (samples.some((text) => text.includes('.'))) return { options: {}, why: 'recorded with a point', isSure: true };
  if (type === 'decimal') return { options: {}, why: 'a decimal', isSure: true };
  const isLarge = samples.length > 0 && samples.every((text) => Number(text) === 0 || Number(text) >= leastOfKopecks);
  return isLarge
    ? { options: { unit: 'hundredths' }, why: 'whole numbers, all large: kopecks', isSure: true }
    : { options: { unit: 'hundredths' }, why: 'a whole number: kopecks are assumed', isSure: false };
}

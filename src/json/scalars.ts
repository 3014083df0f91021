// The scalar values of bodies, addresses and queries. One schema validates a value, types it and describes it in openapi.json;
// the text of a schema's error is what is said to be expected instead.
import { z } from 'zod';
import { parsePercent } from '../ledger/discount.ts';
import { parseLocalDate, parseLocalDateTime, type LocalDate, type LocalDateTime } from '../ledger/local-date-time.ts';
import { formatSum, parseKopecks, sumLimitKopecks, type Kopecks } from '../ledger/money.ts';
import { rowFormats } from '../tables/write-rows.ts';
import { isTooLong, textLimits, type LimitedText } from '../ledger/text-limits.ts';

const aSum =
  'текст с неотрицательной суммой меньше 10000000000000 не более чем с двумя знаками после точки, например "123.45"';
const aCount = 'целое число от 0 до 999999999999999';
const aMoment = 'дата и время без часового пояса вида 2026-11-22T14:05:00';
const aDate = 'дата вида 2026-11-22';

/** A text that may be absent or null, and then is null. */
export function nullable<S extends z.ZodType>(schema: S) {
  return schema.nullable().default(null as never);
}

/** A text that may be empty. */
export function boundedText(limit: LimitedText) {
  return z
    .string({ error: 'текст' })
    .refine((value) => !isTooLong(value, limit), { error: `не более ${textLimits[limit]} знаков` })
    .meta({ maxLength: textLimits[limit] });
}

/** @param limit whose bound the text has. */
export function requiredText(limit: LimitedText) {
  return z
    .string({ error: 'непустой текст' })
    .min(1, { error: 'непустой текст' })
    .refine((value) => !isTooLong(value, limit), { error: `не более ${textLimits[limit]} знаков` })
    .meta({ maxLength: textLimits[limit] });
}

export function optionalText(limit: LimitedText) {
  return nullable(boundedText(limit));
}

/** '' means that there is none, as in SOAP. */
export function optionalKey(limit: LimitedText) {
  return nullable(boundedText(limit)).transform((value) => (value === '' ? null : value));
}

/** Rubles as exact text to kopecks. */
export const sum = z
  .string({ error: aSum })
  .regex(/^\d{1,13}(\.\d{1,2})?$/, { error: aSum })
  .transform((text): Kopecks => parseKopecks(text) as Kopecks)
  .refine((kopecks) => kopecks < sumLimitKopecks, { error: aSum })
  .meta({ description: 'Рубли точным текстом', examples: ['123.45'] });

/** A quantity or a price: its digits are kept, without zeros that mean nothing. */
export const amount = z
  .string({ error: 'текст с неотрицательным числом, например "1.5"' })
  .regex(/^\d{1,20}(\.\d{1,9})?$/, { error: 'текст с неотрицательным числом, например "1.5"' })
  .transform((text) => {
    const [whole = '', fraction = ''] = text.split('.');
    const rest = fraction.replace(/0+$/, '');
    return `${whole.replace(/^0+(?=\d)/, '')}${rest === '' ? '' : `.${rest}`}`;
  });

/** A code or a name whose form the operation judges. */
export const notEmpty = z.string({ error: 'непустой текст' }).min(1, { error: 'непустой текст' });

const aPercent = 'текст с процентом от 0 до 100 не более чем с двумя знаками после точки, например "7.5"';

/** A percent to hundredths of it. */
export const percent = z
  .string({ error: aPercent })
  .regex(/^\d{1,3}(\.\d{1,2})?$/, { error: aPercent })
  .refine((text) => parsePercent(text) !== undefined, { error: aPercent })
  .transform((text) => parsePercent(text) as number)
  .meta({ examples: ['7.5'] });

export const count = z.int({ error: aCount }).min(0, { error: aCount }).max(999_999_999_999_999, { error: aCount });

export const moment = z
  .string({ error: aMoment })
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/, { error: aMoment })
  .refine((text) => parseLocalDateTime(text) !== undefined, { error: aMoment })
  .transform((text) => text as LocalDateTime)
  .meta({ description: 'Время часов базы, без часового пояса', examples: ['2026-11-22T14:05:00'] });

export const date = z
  .string({ error: aDate })
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: aDate })
  .refine((text) => parseLocalDate(text) !== undefined, { error: aDate })
  .transform((text) => text as LocalDate)
  .meta({ examples: ['2026-11-22'] });

/** A whole number in a query, where everything is text. */
export function countText(least: number, greatest: number) {
  const expected = `целое число от ${least} до ${greatest}`;
  return z
    .string({ error: expected })
    .regex(/^\d{1,9}$/, { error: expected })
    .transform(Number)
    .refine((value) => value >= least && value <= greatest, { error: expected });
}

const anId = 'номер: целое число от 1';

/** The number of a record, in an address or a query. */
export const idText = z
  .string({ error: anId })
  .regex(/^[1-9]\d{0,14}$/, { error: anId })
  .transform(Number);

/** true or false in a query, where everything is text; false where it is left out. */
export const flagText = z
  .enum(['true', 'false'], { error: 'true или false' })
  .default('false')
  .transform((text) => text === 'true');

export function oneOf<const V extends readonly [string, ...string[]]>(values: V) {
  return z.enum(values, { error: `одно из значений: ${values.join(', ')}` });
}

/** Of a long list; without it, what the client accepts. */
export const listFormat = oneOf(['json', ...rowFormats])
  .default('json')
  .meta({ description: 'Вместо заголовка Accept' });

export const truth = z.boolean({ error: 'true или false' });

// What replies have: plain forms, for they are written by us and only described here.

export const sumOut = z
  .string()
  .regex(/^-?\d+\.\d{2}$/)
  .meta({ description: 'Рубли точным текстом', examples: ['123.45'] });
export const percentOut = z
  .string()
  .regex(/^\d{1,3}\.\d{2}$/)
  .meta({ examples: ['5.00'] });
export const momentOut = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/)
  .meta({ description: 'Время часов базы, без часового пояса', examples: ['2026-11-22T14:05:00'] });
export const dateOut = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** Hundredths of a percent are written as kopecks are. */
export const formatPercent = formatSum;

// SQL over the three measures, which stand in three columns of the same names in every table of sums and movements.
import type { Knex } from 'knex';
import { measureNames, type MeasureName } from '../ledger/account.ts';

/** What `write` gives for each measure, one after another. */
export function eachMeasure(write: (measure: MeasureName) => string, separator = ', '): string {
  return measureNames.map(write).join(separator);
}

/** A condition on at least one of the measures. */
export function anyMeasure(condition: (measure: MeasureName) => string): string {
  return eachMeasure(condition, ' or ');
}

/** "bonus, accumulation, receipts" */
export const measures = measuresOf();

/** "b.bonus, b.accumulation, b.receipts" for the table b. */
export function measuresOf(table = ''): string {
  return eachMeasure((measure) => (table === '' ? measure : `${table}.${measure}`));
}

/** Sums that PostgreSQL gives as whole numbers too; named as the measures where an outer query uses them by name. */
export const measureSums = eachMeasure(sumOf);
export const namedMeasureSums = eachMeasure((measure) => `${sumOf(measure)} as ${measure}`);

function sumOf(measure: MeasureName): string {
  return `cast(sum(${measure}) as bigint)`;
}

/** After "on conflict ... do update set": adds what was to be inserted to the sums that the table has. */
export function addExcluded(table: string): string {
  return eachMeasure((measure) => `${measure} = ${table}.${measure} + excluded.${measure}`);
}

/** The same for Knex's `merge`. */
export function mergeExcluded(knex: Knex, table: string): Record<MeasureName, Knex.Raw> {
  const add = (measure: MeasureName): Knex.Raw => knex.raw(`${table}.${measure} + excluded.${measure}`);
  return { bonus: add('bonus'), accumulation: add('accumulation'), receipts: add('receipts') };
}

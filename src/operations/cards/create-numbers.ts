// Makes what a range of numbers names, cards or certificates, a few thousand a transaction; what is there already is left
// alone. Broken off between two turns it leaves a part of the range; run again it makes the rest.
import type { Trx } from '../../db/db.ts';
import type { Infobase } from '../infobase.ts';
import type { NumberRange } from './read-number-range.ts';
import { writeOrRehearse } from '../rehearse.ts';

export interface CreatedNumbers {
  readonly ok: true;
  readonly first: string;
  readonly last: string;
  readonly created: number;
  /** Numbers there were already. */
  readonly skipped: number;
}

export interface CreateNumbersOptions {
  readonly isDryRun?: boolean;
  /** Awaited between the transactions, with how many are done so far. */
  readonly afterTurn?: (done: number, all: number) => Promise<void>;
}

/** @returns whether the number was free. */
type MakeNew = (trx: Trx, number: string) => Promise<boolean>;

/**
 * Written in one transaction: about 10 ms, so that the calls of tills to a service on the same database wait no longer
 * than that.
 */
const numbersPerTurn = 2_000;

/** @param insert makes the one of a number. */
export async function createNumbers(
  infobase: Infobase,
  { count, numberAt }: NumberRange,
  insert: MakeNew,
  { isDryRun = false, afterTurn }: CreateNumbersOptions,
): Promise<CreatedNumbers> {
  const makeTurn = async (trx: Trx, from: number, end: number): Promise<number> => {
    let created = 0;
    for (let index = from; index < end; index += 1) if (await insert(trx, numberAt(index))) created += 1;
    return created;
  };
  let created = 0;
  for (let from = 0; from < count; from += numbersPerTurn) {
    const end = Math.min(from + numbersPerTurn, count);
    // No two numbers of a range are one, so a turn that is undone is answered as it would be in the whole run.
    created += await writeOrRehearse(infobase, isDryRun, (trx) => makeTurn(trx, from, end));
    await afterTurn?.(end, count);
  }
  return { ok: true, first: numberAt(0), last: numberAt(count - 1), created, skipped: count - created };
}

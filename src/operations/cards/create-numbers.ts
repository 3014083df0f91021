// Makes what a range of numbers names, cards or certificates, a few thousand a transaction; what is there already is left
// alone. Broken off between two turns it leaves a part of the range; run again it makes the rest.
import type { Trx } from '../../db/db.ts';
import { recordChange } from '../admin/record-change.ts';
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

export interface NumberMaker {
  readonly subject: 'cards' | 'certificates';
  /** What all of them are given, for the log of changes. */
  readonly fields: object;
  /** Makes the one of a number. @returns whether the number was free. */
  readonly insert: (trx: Trx, number: string) => Promise<boolean>;
}

/**
 * Written in one transaction: about 10 ms, so that the calls of tills to a service on the same database wait no longer
 * than that.
 */
const numbersPerTurn = 2_000;

export async function createNumbers(
  infobase: Infobase,
  { count, numberAt }: NumberRange,
  { subject, fields, insert }: NumberMaker,
  { isDryRun = false, afterTurn }: CreateNumbersOptions,
): Promise<CreatedNumbers> {
  const [first, last] = [numberAt(0), numberAt(count - 1)];
  let isNoted = false;
  /** One row for all turns, with the first that makes any: how many numbers are free is known only at the end. */
  const note = async (trx: Trx): Promise<void> => {
    const key = first === last ? first : `${first} - ${last}`;
    await recordChange(trx, infobase, { subject, key, after: { ...fields, numbers: count } });
    isNoted = true;
  };
  const makeTurn = async (trx: Trx, from: number, end: number): Promise<number> => {
    let created = 0;
    for (let index = from; index < end; index += 1) if (await insert(trx, numberAt(index))) created += 1;
    if (created > 0 && !isNoted) await note(trx);
    return created;
  };
  let created = 0;
  for (let from = 0; from < count; from += numbersPerTurn) {
    const end = Math.min(from + numbersPerTurn, count);
    // No two numbers of a range are one, so a turn that is undone is answered as it would be in the whole run.
    created += await writeOrRehearse(infobase, isDryRun, (trx) => makeTurn(trx, from, end));
    await afterTurn?.(end, count);
  }
  return { ok: true, first, last, created, skipped: count - created };
}

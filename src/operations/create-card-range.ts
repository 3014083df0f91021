// «Групповой ввод дисконтных карт»: makes the cards of a range of numbers; the numbers there are already are left alone.
import { findCard } from '../db/card.ts';
import { insertCardIfNew } from '../db/card-catalog.ts';
import { findCardKind } from '../db/card-kind.ts';
import type { Infobase } from './infobase.ts';
import { readNumberRange, type NumberRange, type NumberRangeRequest } from './read-number-range.ts';

export interface CardRangeRequest extends NumberRangeRequest {
  readonly kindCode: string;
}

export type CreateCardRangeOutcome =
  | {
      readonly ok: true;
      readonly first: string;
      readonly last: string;
      readonly created: number;
      /** Numbers there were already. */
      readonly skipped: number;
    }
  | { readonly ok: false; readonly field: keyof CardRangeRequest; readonly why: string };

export interface CreateCardRangeOptions {
  readonly isDryRun?: boolean;
  /** Awaited between the transactions, with the number of cards done so far. */
  readonly afterTurn?: (done: number, all: number) => Promise<void>;
}

/**
 * Cards written in one transaction: about 10 ms, so that the calls of tills to a service on the same database wait no
 * longer than that.
 */
const cardsPerTurn = 2_000;

/** Broken off between two turns it leaves a part of the range; run again it makes the rest. */
export async function createCardRange(
  infobase: Infobase,
  request: CardRangeRequest,
  options: CreateCardRangeOptions = {},
): Promise<CreateCardRangeOutcome> {
  const range = readNumberRange(request);
  if (!range.ok) return range;
  const { kindCode } = request;
  const kind = await infobase.db.read((trx) => findCardKind(trx, kindCode));
  if (kind === undefined) return refuse('kindCode', `there is no card kind "${kindCode}"`);
  const { count, numberAt } = range;
  const runTurn = (from: number, end: number): Promise<number> =>
    options.isDryRun === true ? countNew(infobase, range, from, end) : insertNew(infobase, kindCode, range, from, end);
  let created = 0;
  for (let from = 0; from < count; from += cardsPerTurn) {
    const end = Math.min(from + cardsPerTurn, count);
    created += await runTurn(from, end);
    await options.afterTurn?.(end, count);
  }
  return { ok: true, first: numberAt(0), last: numberAt(count - 1), created, skipped: count - created };
}

function insertNew(
  infobase: Infobase,
  kindCode: string,
  range: NumberRange,
  from: number,
  end: number,
): Promise<number> {
  const blank = { kindCode, holder: null, status: 'active', validFrom: null, validTo: null, note: null } as const;
  return infobase.db.write(async (trx) => {
    let created = 0;
    for (let index = from; index < end; index += 1) {
      if (await insertCardIfNew(trx, { ...blank, number: range.numberAt(index) })) created += 1;
    }
    return created;
  });
}

function countNew(infobase: Infobase, range: NumberRange, from: number, end: number): Promise<number> {
  return infobase.db.read(async (trx) => {
    let created = 0;
    for (let index = from; index < end; index += 1) {
      if ((await findCard(trx, range.numberAt(index))) === undefined) created += 1;
    }
    return created;
  });
}

function refuse(field: keyof CardRangeRequest, why: string): CreateCardRangeOutcome & { ok: false } {
  return { ok: false, field, why };
}

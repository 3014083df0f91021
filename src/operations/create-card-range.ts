// «Групповой ввод дисконтных карт»: makes the cards of a range of numbers; the numbers there are already are left alone.
import { findCard } from '../db/card.ts';
import { insertCardIfNew } from '../db/card-catalog.ts';
import { findCardKind } from '../db/card-kind.ts';
import { cardNumberLimit } from '../ledger/card.ts';
import type { Infobase } from './infobase.ts';

/** A range as it is asked for, in text: numbers of cards may be longer than exact numbers are. */
export interface CardRangeRequest {
  readonly prefix: string;
  readonly from: string;
  readonly to: string;
  /**
   * Digits of the number behind the prefix, filled up with zeros (DECIDED): prefix 29, from 1, width 11 make
   * 2900000000001, the thirteen digits of an EAN-13 code. Undefined = as many as `to` has.
   */
  readonly width: string | undefined;
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

/** More at once is a slip of the keyboard. */
export const rangeLimit = 10_000_000;

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
  const range = readRange(request);
  if ('why' in range) return range;
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

interface Range {
  readonly count: number;
  readonly numberAt: (index: number) => string;
}

function readRange(request: CardRangeRequest): Range | (CreateCardRangeOutcome & { ok: false }) {
  const { prefix, from, to, width = String(to.length) } = request;
  if (/[\p{Cc}\p{Cs}\uFFFD]/u.test(prefix) || prefix !== prefix.trimStart()) {
    return refuse('prefix', 'a prefix begins with no blank and has no control characters');
  }
  for (const field of ['from', 'to'] as const) {
    if (!/^\d{1,50}$/.test(request[field])) return refuse(field, `expected a whole number, got "${request[field]}"`);
  }
  if (!/^\d{1,2}$/.test(width) || Number(width) < 1) return refuse('width', `expected 1 to ${cardNumberLimit} digits`);
  const digits = Number(width);
  const length = Array.from(prefix).length + digits;
  if (length > cardNumberLimit) {
    return refuse('width', `a number has ${cardNumberLimit} characters at most, with the prefix these have ${length}`);
  }
  const [first, last] = [BigInt(from), BigInt(to)];
  if (first > last) return refuse('from', `${from} is above ${to}`);
  if (String(last).length > digits) return refuse('width', `${to} has more than ${digits} digits`);
  const count = last - first + 1n;
  if (count > rangeLimit) return refuse('to', `${count} cards at once; ${rangeLimit} at most`);
  const numberAt = (index: number): string => prefix + String(first + BigInt(index)).padStart(digits, '0');
  return { count: Number(count), numberAt };
}

function insertNew(infobase: Infobase, kindCode: string, range: Range, from: number, end: number): Promise<number> {
  const blank = { kindCode, holder: null, status: 'active', validFrom: null, validTo: null, note: null } as const;
  return infobase.db.write(async (trx) => {
    let created = 0;
    for (let index = from; index < end; index += 1) {
      if (await insertCardIfNew(trx, { ...blank, number: range.numberAt(index) })) created += 1;
    }
    return created;
  });
}

function countNew(infobase: Infobase, range: Range, from: number, end: number): Promise<number> {
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

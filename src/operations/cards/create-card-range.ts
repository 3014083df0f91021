// «Групповой ввод дисконтных карт»: makes the cards of a range of numbers; the numbers there are already are left alone.
import { insertCardIfNew } from '../../db/cards/card-catalog.ts';
import { findCardKind } from '../../db/catalogs/card-kind.ts';
import { isNewCardNumber } from '../../ledger/card.ts';
import { createNumbers, type CreatedNumbers, type CreateNumbersOptions, type NumberMaker } from './create-numbers.ts';
import type { Infobase } from '../infobase.ts';
import { readNumberRange, type NumberRangeRequest } from './read-number-range.ts';

export interface CardRangeRequest extends NumberRangeRequest {
  readonly kindCode: string;
}

export type CreateCardRangeOutcome =
  CreatedNumbers | { readonly ok: false; readonly field: keyof CardRangeRequest; readonly why: string };

export async function createCardRange(
  infobase: Infobase,
  request: CardRangeRequest,
  options: CreateNumbersOptions = {},
): Promise<CreateCardRangeOutcome> {
  const range = readNumberRange(request);
  if (!range.ok) return range;
  if (!isNewCardNumber(range.numberAt(0))) {
    return { ok: false, field: 'prefix', why: "a card's number has no blank, =, quotes or colon" };
  }
  const { kindCode } = request;
  const kind = await infobase.db.read((trx) => findCardKind(trx, kindCode));
  if (kind === undefined) return { ok: false, field: 'kindCode', why: `there is no card kind "${kindCode}"` };
  const blank = { kindCode, holder: null, status: 'active', validFrom: null, validTo: null, note: null } as const;
  const maker: NumberMaker = {
    subject: 'cards',
    fields: { kindCode },
    insert: (trx, number) => insertCardIfNew(trx, { ...blank, number }),
  };
  return createNumbers(infobase, range, maker, options);
}

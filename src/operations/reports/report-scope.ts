// What a report is asked about: a period, a card, a kind, a shop, and what its rows are of.
import { findCard } from '../../db/cards/card.ts';
import { findCardKind } from '../../db/catalogs/card-kind.ts';
import { listShops } from '../../db/catalogs/shop.ts';
import type { Trx } from '../../db/db.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import { refuse, type Refusal } from '../refusal.ts';

export const groupings = ['card', 'kind', 'shop', 'day', 'week', 'month', 'total'] as const;
export type Grouping = (typeof groupings)[number];

export interface ReportFilter {
  /** Both dates are in the period; null = no bound. */
  readonly from: LocalDate | null;
  readonly to: LocalDate | null;
  readonly cardNumber: string | null;
  readonly kindCode: string | null;
  readonly shopCode: string | null;
}

export const everything: ReportFilter = { from: null, to: null, cardNumber: null, kindCode: null, shopCode: null };

export interface Scope {
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** Cards with an id above the first, up to the second. */
  readonly afterCardId: number;
  readonly toCardId: number;
  readonly kindCode: string | null;
  readonly shopCode: string | null;
}

/** Whether it is of one card or kind: then these are looked up, otherwise all is read in the order it was recorded. */
export function isNarrow({ afterCardId, toCardId, kindCode }: Scope): boolean {
  return kindCode !== null || toCardId - afterCardId === 1;
}

export type ScopeField = 'from' | 'cardNumber' | 'kindCode' | 'shopCode' | 'cursor';

const firstDate = '0001-01-01' as LocalDate;
const lastDate = '9999-12-31' as LocalDate;
const lastCardId = 2_147_483_647;

/** @param cursor the number of the card that the last page ended with, in a list by cards; '' = from the first. */
export async function openScope(
  trx: Trx,
  filter: ReportFilter,
  cursor = '',
): Promise<{ readonly ok: true; readonly scope: Scope } | Refusal<ScopeField>> {
  const { from, to, cardNumber, kindCode, shopCode } = filter;
  if (from !== null && to !== null && from > to) {
    return refuse(`the period begins on ${from}, after its end on ${to}`, { field: 'from' });
  }
  const card = cardNumber === null ? undefined : await findCard(trx, cardNumber);
  if (cardNumber !== null && card === undefined) {
    return refuse(`there is no card "${cardNumber}"`, { field: 'cardNumber', sort: 'not_found' });
  }
  if (kindCode !== null && (await findCardKind(trx, kindCode)) === undefined) {
    return refuse(`there is no card kind "${kindCode}"`, { field: 'kindCode', sort: 'not_found' });
  }
  if (shopCode !== null && !(await listShops(trx)).some(({ code }) => code === shopCode)) {
    return refuse(`there is no shop "${shopCode}"`, { field: 'shopCode', sort: 'not_found', remedy: 'list_shops' });
  }
  const last = cursor === '' ? undefined : await findCard(trx, cursor);
  if (cursor !== '' && last === undefined) {
    return refuse(`there is no card "${cursor}" to go on after`, { field: 'cursor', sort: 'not_found' });
  }
  const scope = {
    from: from ?? firstDate,
    to: to ?? lastDate,
    afterCardId: Math.max(last?.id ?? 0, card === undefined ? 0 : card.id - 1),
    toCardId: card?.id ?? lastCardId,
    kindCode,
    shopCode,
  };
  return { ok: true, scope };
}

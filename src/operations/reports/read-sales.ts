// The report «Продажи по дисконтным картам»: receipts and returns over a period, as the tills reported them.
import { listSalesByCard, listSalesInOrder, type ReportedSale, type SaleKey } from '../../db/reports/sale.ts';
import type { Infobase } from '../infobase.ts';
import { groupByCard, groupByKey, keyOf, type Adding, type Group, type GroupKey } from './group-facts.ts';
import { readByCard, readInOrder, type CardRows } from './read-pieces.ts';
import { isNarrow, type Grouping, type Scope } from './report-scope.ts';

export interface SaleFigures {
  readonly count: bigint;
  readonly sum: bigint;
  readonly sumWithDiscount: bigint;
  /** In a return, what it takes back. A till that leaves it to the service says 0. */
  readonly accrued: bigint;
  /** In a return, what it gives back. */
  readonly redeemed: bigint;
}

export interface SalesRow extends GroupKey {
  readonly sales: SaleFigures;
  readonly returns: SaleFigures;
}

type OpenFigures = { -readonly [K in keyof SaleFigures]: bigint };

interface OpenSales {
  readonly sales: OpenFigures;
  readonly returns: OpenFigures;
}

/** The receipts of the scope that stand, by card or in the order they came. */
async function* readReceipts(infobase: Infobase, scope: Scope, by: Grouping): AsyncGenerator<readonly ReportedSale[]> {
  const { from, to, kindCode, shopCode } = scope;
  const shops = by === 'shop' || shopCode !== null ? 'with' : 'without';
  const byCard: CardRows<SaleKey, ReportedSale> = {
    list: (trx, after, toCardId, limit) => listSalesByCard(trx, shops, after, toCardId, limit),
    endOf: (cardId) => ({ cardId, receiptId: Number.MAX_SAFE_INTEGER }),
  };
  const pieces =
    by === 'card' || isNarrow(scope)
      ? readByCard(infobase, byCard, scope)
      : readInOrder(infobase, (trx, after: SaleKey, limit) => listSalesInOrder(trx, shops, after, limit), noSale);
  for await (const found of pieces) {
    yield found.filter(
      (receipt) =>
        receipt.state === 'posted' &&
        receipt.receiptOn >= from &&
        receipt.receiptOn <= to &&
        (kindCode === null || receipt.cardKindCode === kindCode) &&
        (shopCode === null || receipt.shopCode === shopCode),
    );
  }
}

/** Before the first. */
const noSale: SaleKey = { cardId: 0, receiptId: 0 };

/** By cards in the order they were added, piece by piece; otherwise in the order of keys, all at once. */
export async function* readSales(infobase: Infobase, scope: Scope, by: Grouping): AsyncGenerator<readonly SalesRow[]> {
  const adding: Adding<ReportedSale, OpenSales> = {
    keyOf: ({ cardNumber, cardKindCode: kindCode, shopCode, receiptOn: on }) =>
      keyOf(by, { cardNumber, kindCode, shopCode, on }),
    open: () => ({ sales: openFigures(), returns: openFigures() }),
    add: ({ sales, returns }, receipt) => addReceipt(receipt.kind === 'Sale' ? sales : returns, receipt),
  };
  const receipts = readReceipts(infobase, scope, by);
  const toRow = ({ key, sums }: Group<OpenSales>): SalesRow => ({ ...key, ...sums });
  if (by !== 'card') yield (await groupByKey(by, receipts, adding)).map(toRow);
  else for await (const groups of groupByCard(receipts, adding)) yield groups.map(toRow);
}

function openFigures(): OpenFigures {
  return { count: 0n, sum: 0n, sumWithDiscount: 0n, accrued: 0n, redeemed: 0n };
}

function addReceipt(figures: OpenFigures, receipt: ReportedSale): void {
  figures.count += 1n;
  figures.sum += BigInt(receipt.sumKopecks);
  figures.sumWithDiscount += BigInt(receipt.sumWithDiscountKopecks);
  figures.accrued += BigInt(receipt.bonusAccruedKopecks);
  figures.redeemed += BigInt(receipt.bonusRedeemedKopecks);
}

// «Продажи по дисконтным картам» over random histories: the receipts that stand, added up straight from their table.
import * as fc from 'fast-check';
import { statement } from '../../../src/db/statement.ts';
import { groupings, type Grouping } from '../../../src/operations/reports/report-scope.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { saveShop, saveTill } from '../../../src/operations/catalogs/shops.ts';
import { depth, fileSeed } from '../../deep.ts';
import { history, kinds, tellingsOf } from '../billing/histories.ts';
import { playStart, tellAll } from '../billing/plays.ts';
import { day, openBilling } from '../billing/testing-billing.ts';
import { openOnline } from '../enabling/testing-enabling.ts';
import { addCard, addKind, buildSale, openTestInfobase, register } from '../testing-infobase.ts';
import { readByPages, readReport } from './testing-reports.ts';

interface StoredSale {
  readonly kind: 'Sale' | 'Return';
  readonly card: string;
  readonly cardKind: string;
  readonly on: string;
  readonly sum: number;
  readonly withDiscount: number;
  readonly accrued: number;
  readonly redeemed: number;
}

const stored = statement<Record<string, never>, StoredSale>((knex) =>
  knex('receipt').join('card', 'card.id', 'receipt.card_id').where('receipt.state', 'posted').select({
    kind: 'receipt.kind',
    card: 'card.number',
    cardKind: 'card.kind_code',
    on: 'receipt.receipt_on',
    sum: 'receipt.sum',
    withDiscount: 'receipt.sum_with_discount',
    accrued: 'receipt.bonus_accrued',
    redeemed: 'receipt.bonus_redeemed',
  }),
);

interface Figures {
  readonly count: string;
  readonly sum: string;
  readonly sumWithDiscount: string;
  readonly accrued: string;
  readonly redeemed: string;
}
type Row = Readonly<Record<'sales' | 'returns', Figures>> &
  Readonly<Partial<Record<'card' | 'kind' | 'shop' | 'date', string | null>>>;

const sumOf = (receipts: readonly StoredSale[], figure: keyof StoredSale): string => {
  const kopecks = receipts.reduce((total, receipt) => total + Number(receipt[figure]), 0);
  return `${Math.floor(kopecks / 100)}.${String(kopecks % 100).padStart(2, '0')}`;
};

function addUp(receipts: readonly StoredSale[]): Pick<Row, 'sales' | 'returns'> {
  const show = (kind: StoredSale['kind']): Figures => {
    const own = receipts.filter((receipt) => receipt.kind === kind);
    const sums = { sum: sumOf(own, 'sum'), sumWithDiscount: sumOf(own, 'withDiscount') };
    return { count: String(own.length), ...sums, accrued: sumOf(own, 'accrued'), redeemed: sumOf(own, 'redeemed') };
  };
  return { sales: show('Sale'), returns: show('Return') };
}

const keys: Readonly<Partial<Record<Grouping, (receipt: StoredSale) => string>>> = {
  card: ({ card }) => card,
  kind: ({ cardKind }) => cardKind,
  day: ({ on }) => on,
  month: ({ on }) => `${on.slice(0, 7)}-01`,
  total: () => '',
};

async function checkSales(infobase: Infobase): Promise<void> {
  const all = await infobase.db.read((trx) => trx.list(stored, {}));
  const period = { from: playStart, to: day('2026-01-04') };
  const within = all.filter(({ on }) => on >= period.from && on <= period.to);
  expect(within.length).toBeGreaterThan(50);
  for (const by of groupings) {
    const keyOf = keys[by];
    if (keyOf === undefined) continue;
    const groups = groupBy(within, keyOf);
    const rows = (await readReport(infobase, 'sales', { ...period, by })) as Row[];
    const shown = rows.map(({ sales, returns, card, kind, date }) => [card ?? kind ?? date ?? '', { sales, returns }]);
    expect(new Map(shown as never)).toEqual(new Map([...groups].map(([key, own]) => [key, addUp(own)])));
    expect(await readByPages(infobase, 'sales', { ...period, by }, 5)).toEqual(rows);
  }
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

const histories = () => fc.sample(history, { numRuns: 40 * depth, seed: fileSeed }).flatMap(tellingsOf);

test('stage online', async () => {
  const infobase = await openOnline(kinds);
  await tellAll(infobase, histories(), { stage: 'online' });
  await checkSales(infobase);
  await infobase.close();
});

test('stage billing, where some receipts count and some do not', async () => {
  const infobase = await openBilling({ start: playStart, kinds });
  await tellAll(infobase, histories());
  await checkSales(infobase);
  await infobase.close();
});

test('a receipt that moves nothing is a sale too, in the shop that the till stood in then', async () => {
  const infobase = await openTestInfobase();
  await addKind(infobase, { code: 'PAY', purpose: 'payment' });
  await addCard(infobase, { number: 'P', kindCode: 'PAY' });
  for (const code of ['S1', 'S2']) await saveShop(infobase, code, code);
  for (const [index, shopCode] of ['S1', 'S2', null].entries()) {
    await saveTill(infobase, 'KKM-1', { shopCode });
    expect(await register(infobase, buildSale({ cardNumber: 'P', receiptNumber: index + 1 }))).toMatchObject({
      code: 0,
    });
  }
  expect(await readReport(infobase, 'turnover')).toEqual([]);
  const count = async (request: object): Promise<unknown[]> =>
    ((await readReport(infobase, 'sales', request)) as Row[]).map(({ shop, card, sales }) => [
      shop ?? card,
      sales.count,
    ]);
  expect(await count({ by: 'card' })).toEqual([['P', '3']]);
  expect(await count({ by: 'card', shopCode: 'S2' })).toEqual([['P', '1']]);
  expect(await count({ by: 'shop' })).toEqual([
    [undefined, '1'],
    ['S1', '1'],
    ['S2', '1'],
  ]);
  const pages = (await readByPages(infobase, 'sales', { by: 'shop' }, 1)) as Row[];
  expect(pages.map(({ shop }) => shop)).toEqual([null, 'S1', 'S2']);
  await infobase.close();
});

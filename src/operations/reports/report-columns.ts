// The columns of reports in files, and their rows as machines get them: sums as exact text.
import type { Register } from '../../db/reports/movement.ts';
import { measureNames, type MeasureName } from '../../ledger/account.ts';
import { formatTotalSum } from '../../ledger/money.ts';
import type { Flow, Turnover } from '../../ledger/turnover.ts';
import type { RowColumn } from '../../tables/row-column.ts';
import { documentNames } from '../operation-reply.ts';
import type { BurningRow } from './foresee-burning.ts';
import type { GroupKey } from './group-facts.ts';
import type { MovementRow } from './list-movements.ts';
import type { SaleFigures, SalesRow } from './read-sales.ts';
import type { TurnoverRow } from './read-turnover.ts';
import type { Grouping } from './report-scope.ts';

const text = (name: string, title: string): RowColumn => ({ name, title, sort: 'text' });
const sum = (name: string, title: string): RowColumn => ({ name, title, sort: 'sum' });
const count = (name: string, title: string): RowColumn => ({ name, title, sort: 'count' });

const card = text('card', 'Карта');
const kind = text('kind', 'Вид карты');
const shop = text('shop', 'Магазин');
const date = text('date', 'Дата');

const keyColumns: Readonly<Record<Grouping, readonly RowColumn[]>> = {
  card: [card, kind],
  kind: [kind],
  shop: [shop],
  day: [date],
  week: [{ ...date, title: 'Неделя с' }],
  month: [{ ...date, title: 'Месяц с' }],
  total: [],
};

function showKey(by: Grouping, { cardNumber, kindCode, shopCode, on }: GroupKey): object {
  const shown: Readonly<Record<string, string | null>> = { card: cardNumber, kind: kindCode, shop: shopCode, date: on };
  return Object.fromEntries(keyColumns[by].map(({ name }) => [name, shown[name] ?? null]));
}

/** A sum of rubles as "1234.50", a count as "3". */
function formatAmount(measure: MeasureName, amount: bigint): string {
  return measure === 'receipts' ? String(amount) : formatTotalSum(amount);
}

const measureTitles: Readonly<Record<MeasureName, string>> = {
  bonus: 'Сумма бонусов',
  accumulation: 'Сумма накопления',
  receipts: 'Количество чеков',
};
const sortOf = (measure: MeasureName): RowColumn['sort'] => (measure === 'receipts' ? 'count' : 'sum');

const balanceTitles = {
  opening: 'начальный остаток',
  in: 'приход',
  out: 'расход',
  closing: 'конечный остаток',
} as const;

/** Kinds of documents that post to a register. */
const documentKinds = {
  accumulation: ['OpeningAccumulation', 'KkmOperation', 'TpOperation'],
  billing: ['OpeningBalance', 'KkmOperation', 'TpOperation', 'Accrual', 'WriteOff'],
} as const satisfies Record<Register, unknown>;

export function listTurnoverColumns(
  by: Grouping,
  register: Register,
  chosen: readonly MeasureName[],
): readonly RowColumn[] {
  const columns = [...keyColumns[by]];
  for (const measure of chosen) {
    const title = measureTitles[measure];
    const add = (name: string, what: string, path: readonly string[]): void =>
      void columns.push({ name, title: `${title}: ${what}`, sort: sortOf(measure), path: [measure, ...path] });
    for (const [part, what] of Object.entries(balanceTitles)) add(`${measure}.${part}`, what, [part]);
    for (const documentKind of documentKinds[register]) {
      for (const part of ['in', 'out'] as const) {
        const what = `${balanceTitles[part]}, ${documentNames[documentKind]}`;
        add(`${measure}.${part}.${documentKind}`, what, ['byDocument', documentKind, part]);
      }
    }
  }
  return columns;
}

export function showTurnover(by: Grouping, row: TurnoverRow, chosen: readonly MeasureName[]): object {
  const shown = chosen.map((measure) => [measure, showMeasure(measure, row.turnovers[measure])]);
  return { ...showKey(by, row), ...Object.fromEntries(shown) };
}

function showMeasure(measure: MeasureName, { opening, closing, byDocument, ...whole }: Turnover): object {
  const showFlow = (flow: Flow): object => ({
    in: formatAmount(measure, flow.in),
    out: formatAmount(measure, flow.out),
  });
  return {
    opening: formatAmount(measure, opening),
    ...showFlow(whole),
    closing: formatAmount(measure, closing),
    byDocument: Object.fromEntries(byDocument.map((flow) => [flow.kind, showFlow(flow)])),
  };
}

export const movementColumns: readonly RowColumn[] = [
  card,
  text('date', 'Дата и время'),
  text('document', 'Документ'),
  text('documentKind', 'Вид документа'),
  text('kkm', 'Касса'),
  count('receiptNumber', 'Номер чека'),
  shop,
  ...measureNames.map((measure) => ({ name: measure, title: measureTitles[measure], sort: sortOf(measure) })),
  text('comment', 'Комментарий'),
];

export function showMovement(row: MovementRow): object {
  return {
    card: row.cardNumber,
    date: row.datedAt,
    document: row.document,
    documentKind: row.documentKind,
    kkm: row.kkm,
    receiptNumber: row.receiptNumber,
    shop: row.shopCode,
    ...Object.fromEntries(measureNames.map((measure) => [measure, formatAmount(measure, BigInt(row[measure]))])),
    comment: row.comment,
  };
}

const saleTitles = {
  count: 'количество',
  sum: 'сумма',
  sumWithDiscount: 'сумма со скидкой',
  accrued: 'начислено бонусов',
  redeemed: 'списано бонусов',
} as const satisfies Record<keyof SaleFigures, string>;
const returnTitles = { ...saleTitles, accrued: 'возвращено начисленных', redeemed: 'возвращено списанных' } as const;

export function listSalesColumns(by: Grouping): readonly RowColumn[] {
  const columns = [...keyColumns[by]];
  const groups = [
    ['sales', 'Продажи', saleTitles],
    ['returns', 'Возвраты', returnTitles],
  ] as const;
  for (const [group, title, titles] of groups) {
    for (const [figure, what] of Object.entries(titles)) {
      const sort = figure === 'count' ? 'count' : 'sum';
      columns.push({ name: `${group}.${figure}`, title: `${title}: ${what}`, sort, path: [group, figure] });
    }
  }
  return columns;
}

export function showSales(by: Grouping, { sales, returns, ...key }: SalesRow): object {
  return { ...showKey(by, key), sales: showFigures(sales), returns: showFigures(returns) };
}

function showFigures(figures: SaleFigures): object {
  return {
    count: String(figures.count),
    sum: formatTotalSum(figures.sum),
    sumWithDiscount: formatTotalSum(figures.sumWithDiscount),
    accrued: formatTotalSum(figures.accrued),
    redeemed: formatTotalSum(figures.redeemed),
  };
}

const cards = count('cards', 'Карт');

export function listBurningColumns(by: Grouping): readonly RowColumn[] {
  const sums = measureNames.map((measure) => ({ name: measure, title: measureTitles[measure], sort: sortOf(measure) }));
  return by === 'card' ? [card, kind, text('date', 'Дата списания'), ...sums] : [...keyColumns[by], cards, ...sums];
}

export function showBurning(by: Grouping, row: BurningRow): object {
  const sums = measureNames.map((measure) => [measure, formatAmount(measure, row.burning[measure])]);
  const own = by === 'card' ? { date: row.on } : { cards: String(row.cards) };
  return { ...showKey(by, row), ...own, ...Object.fromEntries(sums) };
}

export const departmentColumns: readonly RowColumn[] = [
  text('kkm', 'Касса'),
  count('shift', 'Смена'),
  date,
  shop,
  count('receipts', 'Чеков'),
  count('refused', 'Отклонено'),
  sum('sum', 'Сумма'),
  text('receivedAt', 'Получен'),
  text('changedAt', 'Изменён'),
];

export const flagColumns: readonly RowColumn[] = [
  count('id', 'Номер записи'),
  text('flags', 'Отметки'),
  text('kkm', 'Касса'),
  count('shift', 'Смена'),
  count('receipt', 'Чек'),
  text('date', 'Дата и время'),
  text('receiptKind', 'Вид чека'),
  card,
  sum('sumWithDiscount', 'Сумма со скидкой'),
  sum('accrued', 'Начислено бонусов'),
  sum('redeemed', 'Списано бонусов'),
  text('state', 'Состояние'),
];

export const debtColumns: readonly RowColumn[] = [
  card,
  kind,
  text('holder', 'Владелец'),
  text('status', 'Статус'),
  ...measureNames.map((measure) => ({ name: measure, title: measureTitles[measure], sort: sortOf(measure) })),
];

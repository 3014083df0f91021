// Bodies of reports: a page of rows each.
import { z } from 'zod';
import { cardStatuses } from '../../ledger/card.ts';
import { receiptFlags } from '../../operations/receipts/list-flagged-receipts.ts';
import { dateOut, momentOut, sumOut } from '../scalars.ts';

const countOut = z
  .string()
  .regex(/^-?\d+$/)
  .meta({ description: 'Целое число текстом', examples: ['3'] });

const key = {
  card: z.string().optional(),
  kind: z.string().optional().meta({ description: 'Вид карты; у строки о карте — её нынешний вид' }),
  shop: z.string().nullable().optional().meta({ description: 'null, если магазин неизвестен или касса ни при чём' }),
  date: dateOut.optional().meta({ description: 'День или первый день недели или месяца' }),
};

const documentKinds = [
  'OpeningAccumulation',
  'OpeningBalance',
  'KkmOperation',
  'TpOperation',
  'Accrual',
  'WriteOff',
] as const;

function turnoverOf(amount: z.ZodType, id: string) {
  const flow = { in: amount, out: amount };
  return z
    .strictObject({
      opening: amount,
      ...flow,
      closing: amount,
      byDocument: z
        .partialRecord(z.enum(documentKinds), z.strictObject(flow))
        .meta({ description: 'in и out по видам документов; в сумме дают in и out' }),
    })
    .meta({ id, description: 'opening + in - out = closing' });
}

const sumTurnover = turnoverOf(sumOut, 'SumTurnover');
const countTurnover = turnoverOf(countOut, 'CountTurnover');

const next = z.string().nullable().meta({ description: 'cursor следующей страницы; null, если эта последняя' });

function pageOf<R extends z.ZodType>(row: R, id: string) {
  return z.strictObject({ rows: z.array(row), next }).meta({ id });
}

export const turnoverPage = pageOf(
  z.strictObject({
    ...key,
    bonus: sumTurnover.optional(),
    accumulation: sumTurnover.optional(),
    receipts: countTurnover.optional(),
  }),
  'TurnoverPage',
);

const measures = { bonus: sumOut, accumulation: sumOut, receipts: countOut };

export const movementPage = pageOf(
  z.strictObject({
    card: z.string(),
    date: momentOut,
    document: z.string(),
    documentKind: z.enum(documentKinds),
    kkm: z.string().nullable(),
    receiptNumber: z.int().nullable(),
    shop: z.string().nullable(),
    ...measures,
    comment: z.string().nullable(),
  }),
  'MovementPage',
);

const saleFigures = z
  .strictObject({ count: countOut, sum: sumOut, sumWithDiscount: sumOut, accrued: sumOut, redeemed: sumOut })
  .meta({ id: 'SaleFigures' });

export const salesPage = pageOf(z.strictObject({ ...key, sales: saleFigures, returns: saleFigures }), 'SalesPage');

export const departmentPage = pageOf(
  z.strictObject({
    kkm: z.string(),
    shift: z.int(),
    date: dateOut,
    shop: z.string().nullable(),
    receipts: z.int(),
    refused: z.int(),
    sum: sumOut,
    receivedAt: momentOut,
    changedAt: momentOut,
  }),
  'DepartmentReportPage',
);

export const burningPage = pageOf(
  z.strictObject({
    ...key,
    cards: countOut.optional().meta({ description: 'Сколько карт теряет что-то' }),
    ...measures,
  }),
  'BurningPage',
);

export const flagPage = pageOf(
  z.strictObject({
    id: z.int(),
    flags: z.array(z.enum(receiptFlags)),
    kkm: z.string(),
    shift: z.int(),
    receipt: z.int(),
    date: momentOut,
    receiptKind: z.enum(['Sale', 'Return']),
    card: z.string(),
    sumWithDiscount: sumOut,
    accrued: sumOut,
    redeemed: sumOut,
    state: z.enum(['posted', 'cancelled']),
  }),
  'FlaggedReceiptPage',
);

export const debtPage = pageOf(
  z.strictObject({
    card: z.string(),
    kind: z.string(),
    holder: z.string().nullable(),
    status: z.enum(cardStatuses),
    ...measures,
  }),
  'DebtPage',
);

// The three-way tie-out whichever road comes first: an online call after its report, a card that was refused in a report,
// a repeat, a cancel. Exactly the differences put in are found, each with its field and both values.
import type { Receipt } from '../../../src/ledger/receipt.ts';
import type { LocalDate } from '../../../src/ledger/local-date-time.ts';
import {
  tieOutReceipts,
  type TieOutLine,
  type TieOutTotal,
} from '../../../src/operations/receipts/tie-out-receipts.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { fileSeed } from '../../deep.ts';
import { expectSame } from '../../expect-same.ts';
import { addCard, buildSale, cancel, buildCancel, openTestInfobase, register, upload } from '../testing-infobase.ts';

let infobase: Infobase;
beforeEach(async () => {
  infobase = await openTestInfobase();
  for (let card = 0; card < 20; card += 1) await addCard(infobase, { number: `29${card}` });
});
afterEach(() => infobase.close());

const everything = {
  kkm: undefined,
  shiftNumber: undefined,
  from: '0001-01-01' as LocalDate,
  to: '9999-12-31' as LocalDate,
};

async function tieOut(filter: Partial<Parameters<typeof tieOutReceipts>[1]> = {}) {
  const lines: TieOutLine[] = [];
  const total: TieOutTotal = await tieOutReceipts(infobase, { ...everything, ...filter }, (line) => lines.push(line));
  return { lines, total };
}

/** mulberry32: the same figures from the same seed. */
function openDice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const differences = {
  not_reported: 'online',
  not_online: 'report',
  sum: 'both',
  bonus: 'both',
  card: 'both',
  unknown_card: 'both',
} as const;
type Difference = keyof typeof differences;
const sorts = Object.keys(differences) as Difference[];

function change(sale: Receipt, sort: Difference): Receipt {
  const other = `29${(Number(sale.cardNumber.slice(2)) + 1) % 20}`;
  if (sort === 'sum') return { ...sale, sumKopecks: sale.sumKopecks + 100, sumWithDiscountKopecks: sale.sumKopecks };
  if (sort === 'bonus') return { ...sale, bonusAccruedKopecks: sale.bonusAccruedKopecks + 7 };
  if (sort === 'card') return { ...sale, cardNumber: other };
  return sort === 'unknown_card' ? { ...sale, cardNumber: '00000' } : sale;
}

const keyOf = ({ kkm, shiftNumber, receiptNumber }: { kkm: string; shiftNumber: number; receiptNumber: number }) =>
  `${kkm} ${shiftNumber} ${receiptNumber}`;

test.each(['online first', 'report first'])('1 %% of differences are found, and no other: %s', async (order) => {
  const roll = openDice(fileSeed);
  const expected = new Map<string, Difference>();
  const online: Receipt[] = [];
  const reports = new Map<number, Receipt[]>();
  for (let shift = 1; shift <= 15; shift += 1) {
    const report: Receipt[] = [];
    for (let number = 1; number <= 200; number += 1) {
      const sums = { sumWithDiscountKopecks: 1000 + Math.floor(roll() * 100_000), bonusAccruedKopecks: 50 };
      const cardNumber = `29${Math.floor(roll() * 20)}`;
      const sale = buildSale({ shiftNumber: shift, receiptNumber: number, cardNumber, ...sums });
      const sort = roll() < 0.01 ? sorts[Math.floor(roll() * sorts.length)] : undefined;
      if (sort !== undefined) expected.set(keyOf(sale), sort);
      if (sort !== 'not_online') online.push(sale);
      // A card that is not known is refused on either road: put into the report, it must be known online.
      if (sort !== 'not_reported') report.push(sort === undefined ? sale : change(sale, sort));
    }
    reports.set(shift, report);
  }
  const tellOnline = async (): Promise<void> => {
    for (const sale of online) await register(infobase, sale);
  };
  if (order === 'online first') await tellOnline();
  for (const report of reports.values()) await upload(infobase, report);
  if (order === 'report first') await tellOnline();
  const { lines, total } = await tieOut();
  const found = Object.fromEntries(lines.map((line) => [keyOf(line.receipt), line.side]));
  const wanted = Object.fromEntries([...expected].map(([key, sort]) => [key, differences[sort]]));
  expect(expected.size).toBeGreaterThan(10);
  expect(found).toEqual(wanted);
  expect(total).toMatchObject({ online: online.length, reported: [...reports.values()].flat().length });
  expect(total.equal).toBe(3000 - expected.size);
  for (const line of lines) {
    if (line.side === 'online') expectSame(line.isShiftReported, true);
    if (line.side !== 'both') continue;
    const sale = online.find((one) => keyOf(one) === keyOf(line.receipt)) as Receipt;
    const told = change(sale, expected.get(keyOf(sale)) as Difference);
    for (const { field, online: said, report } of line.differences) {
      expectSame([field, said, report], [field, sale[field as keyof Receipt], told[field as keyof Receipt]]);
    }
    expect(line.differences.length).toBeGreaterThan(0);
  }
});

test('a repeat leaves nothing to report: the same shift online, uploaded twice and sent online again', async () => {
  const sale = buildSale({ cardNumber: '291' });
  for (let time = 0; time < 2; time += 1) {
    await register(infobase, sale);
    await upload(infobase, [sale]);
  }
  const { lines, total } = await tieOut();
  expectSame(lines, []);
  expect(total).toEqual({ online: 1, reported: 1, onlyOnline: 0, onlyReport: 0, different: 0, equal: 1 });
});

test('a cancelled receipt is not expected in a report, and differs in its state where it is there', async () => {
  const sales = [1, 2].map((receiptNumber) => buildSale({ receiptNumber, cardNumber: '291' }));
  for (const sale of sales) {
    await register(infobase, sale);
    await cancel(infobase, buildCancel(sale));
  }
  await upload(infobase, sales.slice(0, 1));
  const { lines } = await tieOut();
  expect(lines).toMatchObject([
    { side: 'both', receipt: { receiptNumber: 1 }, differences: [{ field: 'state', online: 'cancelled' }] },
  ]);
});

test('a receipt refused and unknown is on the side of the report; a shift not reported yet is shown as such', async () => {
  await upload(infobase, [buildSale({ cardNumber: '00000' })]);
  await register(infobase, buildSale({ shiftNumber: 2, cardNumber: '292' }));
  const { lines } = await tieOut();
  expect(lines).toMatchObject([
    { side: 'online', isShiftReported: false, receipt: { shiftNumber: 2 } },
    { side: 'report', refusedCode: 1, receipt: { shiftNumber: 1, cardNumber: '00000' } },
  ]);
  expect((await tieOut({ shiftNumber: 2 })).lines).toHaveLength(1);
  expect((await tieOut({ kkm: 'KKM-9' })).total).toMatchObject({ online: 0, reported: 0 });
});

// The sums of a day: sales less returns, cancelled ones and other days left out.
import { sumDay } from '../../../src/operations/receipts/sum-day.ts';
import type { LocalDate } from '../../../src/ledger/local-date-time.ts';
import {
  addCard,
  buildCancel,
  buildReturn,
  buildSale,
  cancel,
  moment,
  openTestInfobase,
  register,
} from '../testing-infobase.ts';

const sale = (receiptNumber: number, day = '22') =>
  buildSale({
    receiptNumber,
    receiptAt: moment(`2026-11-${day}T12:00:00`),
    sumWithDiscountKopecks: 10_000,
    bonusAccruedKopecks: 500,
  });

test('a day is its sales less its returns', async () => {
  const infobase = await openTestInfobase();
  try {
    await addCard(infobase);
    expect(await sumDay(infobase, '2026-11-22' as LocalDate)).toMatchObject({ sales: 0, sum: 0 });
    for (const receipt of [sale(1), sale(2), sale(3), sale(4, '21')]) await register(infobase, receipt);
    await register(infobase, buildReturn(sale(1), { receiptNumber: 5 }));
    await cancel(infobase, buildCancel(sale(2)));
    expect(await sumDay(infobase, '2026-11-22' as LocalDate)).toMatchObject({ sales: 2, returns: 1, sum: 10_000 });
    expect(await sumDay(infobase, '2026-11-21' as LocalDate)).toMatchObject({ sales: 1, returns: 0 });
  } finally {
    await infobase.close();
  }
});

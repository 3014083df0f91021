// `kkm cards show` under billing: accruals by write-off date, pending credits, and what burns when.
import { join } from 'node:path';
import type { BillingEffect } from '../../../src/ledger/account.ts';
import type { LocalDate } from '../../../src/ledger/local-date-time.ts';
import { giveTestClock } from '../../../src/operations/admin/move-clock.ts';
import { addAccounts, dayAfterStart, openBillingBase } from '../../operations/night/testing-night.ts';
import { moment } from '../../operations/testing-infobase.ts';
import { openTestingLine, type TestingLine } from '../testing-io.ts';

/** 100 of bonus that run out on 3 November, 20 of them spent; 30 credited on the 2nd for a week; 5 receipts. */
const account: BillingEffect = {
  balance: { bonus: 8_000, accumulation: 123_450, receipts: 5 },
  rows: [
    { measure: 'bonus', writeOffOn: dayAfterStart(2), amount: 10_000 },
    { measure: 'accumulation', writeOffOn: '3999-12-31' as LocalDate, amount: 123_450 },
    { measure: 'receipts', writeOffOn: dayAfterStart(2), amount: 5 },
  ],
  pending: [
    { source: 'R1', measure: 'bonus', creditOn: dayAfterStart(1), writeOffOn: dayAfterStart(8), amount: 3_000 },
  ],
};

let line: TestingLine;
beforeEach(async () => {
  line = openTestingLine();
  const infobase = await openBillingBase({ file: join(line.dataDir, 'trade.sqlite') });
  await addAccounts(infobase, [account]);
  await giveTestClock(infobase, moment('2026-11-01T01:00:00'));
  await infobase.close();
});
afterEach(() => line.close());

test('in words', async () => {
  const { code, out } = await line.run('cards', 'show', '2900000001', '--movements', '0');
  expect([code, out.slice(10)]).toEqual([
    0,
    [
      'discount     0 %',
      'pending      bonus +30.00 (due 2026-11-02, to be written off on 2026-11-09)',
      '',
      'written off on  bonus   accumulation  receipts',
      '2026-11-03      100.00  0.00          5',
      'never           0.00    1234.50       0',
      '',
      'nights to come, if nothing else happens before:',
      '  2026-11-02: bonus +30.00 (due 2026-11-02, to be written off on 2026-11-09)',
      '  2026-11-03: bonus -80.00 (balance 110.00, covered 30.00)',
      '  2026-11-03: receipts -5 (balance 5, covered 0)',
      '  2026-11-09: bonus -30.00 (balance 30.00, covered 0.00)',
    ],
  ]);
  const one = await line.run('cards', 'show', '2900000001', '--movements', '0', '--nights', '1');
  expect(one.out.slice(-2)).toEqual([
    '  2026-11-02: bonus +30.00 (due 2026-11-02, to be written off on 2026-11-09)',
    '  ... and later ones (--nights N)',
  ]);
});

test('for a machine, and nothing of it at a past moment', async () => {
  const pending = { measure: 'bonus', amount: '30.00', creditOn: '2026-11-02', writeOffOn: '2026-11-09' };
  expect(await line.runJson('cards', 'show', '2900000001')).toMatchObject({
    bonus: '80.00',
    outlook: {
      accruals: [
        { writeOffOn: '2026-11-03', bonus: '100.00', accumulation: '0.00', receipts: 5 },
        { writeOffOn: '3999-12-31', bonus: '0.00', accumulation: '1234.50', receipts: 0 },
      ],
      pending: [pending],
      nights: [
        { on: '2026-11-02', writeOffs: [], credits: [pending] },
        {
          on: '2026-11-03',
          writeOffs: [
            { measure: 'bonus', amount: '80.00', balance: '110.00', covered: '30.00' },
            { measure: 'receipts', amount: '5', balance: '5', covered: '0' },
          ],
          credits: [],
        },
        { on: '2026-11-09', writeOffs: [{ measure: 'bonus', amount: '30.00' }], credits: [] },
      ],
      hasMoreNights: false,
    },
  });
  expect(await line.runJson('cards', 'show', '2900000001', '--at', '2026-10-31')).toMatchObject({ outlook: null });
});

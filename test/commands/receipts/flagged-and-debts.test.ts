// `kkm receipts flagged` and `kkm cards debts`: what was taken and should be looked at, page by page, in both registers.
import { join } from 'node:path';
import { receiptFlags } from '../../../src/db/receipts/receipt.ts';
import { openBillingState } from '../../../src/db/billing/billing-state.ts';
import { addDays, dateOf } from '../../../src/ledger/local-date-time.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import {
  buildReturn,
  buildSale,
  cancel,
  buildCancel,
  noon,
  register,
  setSetting,
  upload,
} from '../../operations/testing-infobase.ts';
import { openTestingLine, type TestingLine } from '../testing-io.ts';

let line: TestingLine;
let service: Infobase;
beforeEach(async () => {
  line = openTestingLine();
  await line.run('kinds', 'set', 'BASE', '--name', 'Базовая');
  await line.run('kinds', 'set', 'GOLD', '--name', 'Золотая');
  await line.run('cards', 'range', '--prefix', 'N', '--from', '1', '--to', '9', '--width', '1', '--kind', 'BASE');
  await line.run('cards', 'set', '--where', 'number=N3', 'kind=GOLD');
  service = await Infobase.open({ name: 'trade', file: join(line.dataDir, 'trade.sqlite'), hasSubscription: true });
});
afterEach(async () => {
  await service.close();
  await line.close();
});

/** A receipt off the queue that redeems rubles which are not there. */
const owe = (card: number, receiptNumber: number, rubles: number) =>
  register(
    service,
    buildSale({ cardNumber: `N${card}`, receiptNumber, bonusRedeemedKopecks: rubles * 100, offline: true }),
  );

/** One receipt of every flag: 1 and 2 owe, 3 is a return without its sale, 4 is told in two ways, 6 returns too much. */
async function playFlags(): Promise<void> {
  await owe(1, 1, 50);
  await owe(3, 2, 70);
  const sale = buildSale({ cardNumber: 'N2', receiptNumber: 99, kkm: 'KKM-9' });
  await upload(service, [buildReturn(sale, { receiptNumber: 3 })]);
  await register(service, buildSale({ cardNumber: 'N4', receiptNumber: 4, bonusAccruedKopecks: 100 }));
  await upload(service, [buildSale({ cardNumber: 'N4', receiptNumber: 4, bonusAccruedKopecks: 200 })]);
  const whole = buildSale({ cardNumber: 'N5', receiptNumber: 5 });
  await register(service, whole);
  await upload(service, [buildReturn(whole, { receiptNumber: 6 }), buildReturn(whole, { receiptNumber: 7 })]);
}

interface Flagged {
  readonly receipts: readonly {
    readonly id: number;
    readonly receiptNumber: number;
    readonly flags: readonly string[];
  }[];
  readonly next: number | null;
}

async function list(...flags: readonly string[]): Promise<readonly (readonly [number, string])[]> {
  const { receipts } = (await line.runJson('receipts', 'flagged', ...flags)) as Flagged;
  return receipts.map(({ receiptNumber, flags: own }) => [receiptNumber, own.join()]);
}

test('every flag is listed, and each by itself', async () => {
  expect((await line.run('receipts', 'flagged')).out).toEqual(['there are no such receipts']);
  await playFlags();
  const all = await list();
  expect(all).toEqual([
    [7, 'over_returned'],
    [4, 'report_differs'],
    [3, 'original_unknown'],
    [2, 'debt'],
    [1, 'debt'],
  ]);
  for (const flag of receiptFlags) {
    expect(await list('--flag', flag)).toEqual(all.filter(([, own]) => own === flag));
  }
  expect(await list('--card', 'N3')).toEqual([[2, 'debt']]);
  expect(await list('--kkm', 'KKM-2')).toEqual([]);
  expect(await list('--shift', '1', '--from', '2026-11-22', '--to', '2026-11-22')).toEqual(all);
  expect(await list('--from', '2026-11-23')).toEqual([]);
  expect(await line.run('receipts', 'flagged', '--flag', 'lost')).toMatchObject({ code: 2, out: [] });
});

test('page by page, to a person and to a machine', async () => {
  await playFlags();
  const first = (await line.runJson('receipts', 'flagged', '--limit', '3')) as Flagged;
  expect(first.receipts.map(({ receiptNumber }) => receiptNumber)).toEqual([7, 4, 3]);
  expect(first.next).toBe(first.receipts.at(-1)?.id);
  const rest = (await line.runJson('receipts', 'flagged', '--limit', '3', '--after', String(first.next))) as Flagged;
  expect([rest.receipts.map(({ receiptNumber }) => receiptNumber), rest.next]).toEqual([[2, 1], null]);
  const { out, err } = await line.run('receipts', 'flagged', '--limit', '3');
  expect(out).toHaveLength(4);
  expect(out[1]).toMatch(/ over_returned +KKM-1 +1 +7 +22\.11\.2026 \d\d:\d\d:\d\d +Return +N5 .*posted$/);
  expect(err).toEqual([`there are more: --after ${first.next}`]);
});

test('a flag of several is found by any of them, and a cancelled receipt says so', async () => {
  const sale = buildSale({ cardNumber: 'N1', receiptNumber: 1, bonusRedeemedKopecks: 5_000, offline: true });
  await register(service, sale);
  await upload(service, [{ ...sale, bonusRedeemedKopecks: 6_000 }]);
  expect(await list('--flag', 'debt')).toEqual(await list('--flag', 'report_differs'));
  await cancel(service, buildCancel(sale));
  expect((await line.run('receipts', 'flagged')).out[1]).toMatch(/ cancelled$/);
});

interface Debts {
  readonly cards: readonly { readonly card: string; readonly bonus: string }[];
  readonly next: string | null;
}

async function listDebts(...flags: readonly string[]): Promise<unknown> {
  const { cards, next } = (await line.runJson('cards', 'debts', ...flags)) as Debts;
  return [cards.map(({ card, bonus }) => `${card} ${bonus}`), next];
}

test.each(['online', 'billing'])('debts in stage %s', async (stage) => {
  if (stage === 'billing') {
    await setSetting(service, 'stage', stage);
    const startOn = dateOf(noon);
    await service.db.write((trx) => openBillingState(trx, { startOn, lastNightOn: addDays(startOn, -1) }));
  }
  expect((await line.run('cards', 'debts')).out).toEqual(['no card has a debt']);
  await owe(1, 1, 50);
  await owe(3, 2, 70);
  await owe(7, 3, 5);
  await register(service, buildSale({ cardNumber: 'N2', receiptNumber: 4, bonusAccruedKopecks: 100 }));
  expect(await listDebts()).toEqual([['N1 -50.00', 'N3 -70.00', 'N7 -5.00'], null]);
  expect(await listDebts('--kind', 'GOLD')).toEqual([['N3 -70.00'], null]);
  expect(await listDebts('--limit', '2')).toEqual([['N1 -50.00', 'N3 -70.00'], 'N3']);
  expect(await listDebts('--limit', '2', '--after', 'N3')).toEqual([['N7 -5.00'], null]);
  const { out, err } = await line.run('cards', 'debts', '--limit', '1');
  expect(out[1]).toMatch(/^N1 +BASE +- +active +-50\.00 +100\.00 +1$/);
  expect(err).toEqual(['there are more: --after N1']);
  expect(await line.run('cards', 'debts', '--after', 'X')).toMatchObject({
    code: 1,
    err: ['kkm cards debts: --after: there is no card "X"'],
  });
});

test('a card whose accumulation or count is below zero is listed, too', async () => {
  await upload(service, [buildReturn(buildSale({ cardNumber: 'N2', receiptNumber: 9 }), { receiptNumber: 10 })]);
  expect(await listDebts()).toEqual([['N2 0.00'], null]);
});

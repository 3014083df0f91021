// The night leaves what a hold that is active at 02:00 has set aside; freed, it burns the next night. A later calculation knows
// the holds of then.
import returns from '../../../fixtures/ledger/returns.json';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { statement } from '../../../src/db/statement.ts';
import type { LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import type { Receipt } from '../../../src/ledger/receipt.ts';
import { compareNight, type NightComparisonLine } from '../../../src/operations/night/compare-night.ts';
import { confirmations, disableBilling } from '../../../src/operations/enabling/disable-billing.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { previewNight, type NightLine } from '../../../src/operations/night/preview-night.ts';
import { runNight } from '../../../src/operations/night/run-night.ts';
import { showCard as showCardToOperator } from '../../../src/operations/cards/show-card.ts';
import { verifyInvariants } from '../../../src/operations/admin/verify-invariants.ts';
import { enable, openOnline, runner } from '../enabling/testing-enabling.ts';
import {
  addCard,
  buildCancel,
  buildReserve,
  buildReturn,
  buildSale,
  cancel,
  moment,
  register,
  release,
  reserve,
  showCard,
  upload,
} from '../testing-infobase.ts';
import {
  day,
  getAccount,
  getCardId,
  isInOrder,
  listBillingRows,
  listOperations,
  nightOptions,
  openBilling,
  passNight,
  passNightsTo,
  postManual,
} from './testing-billing.ts';
import { backUp } from '../testing-backup.ts';

const infobases: Infobase[] = [];
afterEach(async () => {
  for (const infobase of infobases.splice(0)) await infobase.close();
});

const at = (text: string): LocalDateTime => moment(`2026-${text}`);
const sale = (receiptNumber: number, text: string, fields: Partial<Receipt> = {}): Receipt =>
  buildSale({ receiptNumber, cardNumber: 'C', receiptAt: at(text), ...fields });

const accruing = sale(1, '02-26T12:00:00', { bonusAccruedKopecks: 10_000 });
const spending = sale(2, '03-01T02:02:00', { bonusRedeemedKopecks: 10_000 });
const hold = buildReserve(spending);

/** 100 rubles that burn in the night of 2026-03-01, and nothing else; nights up to 2026-02-28 are done. */
async function open(...[options = {}]: Parameters<typeof openBilling>): Promise<Infobase> {
  const kinds = { K: { bonus: 'days:3' }, ...options.kinds };
  const infobase = await openBilling({ start: day('2026-02-26'), ...options, kinds });
  infobases.push(infobase);
  await addCard(infobase, { number: 'C', kindCode: 'K' });
  await passNight(infobase, day('2026-02-26'));
  await register(infobase, accruing, at('02-26T12:00:00'));
  await passNightsTo(infobase, day('2026-02-28'));
  return infobase;
}

const amounts = (list: readonly { readonly amount: number }[]): number[] => list.map(({ amount }) => amount);
const bonusOf = async (infobase: Infobase): Promise<number> => (await getAccount(infobase, 'C')).bonus;
const night = (infobase: Infobase, text: string): Promise<void> => passNight(infobase, day(`2026-${text}`));

/** What the nights have written off of the bonus, by date. */
async function listBurned(infobase: Infobase): Promise<string[]> {
  return (await listBillingRows(infobase, 'C'))
    .filter(({ origin, kind }) => origin === 'night' && kind === 'WriteOff')
    .map(({ datedAt, bonus }) => `${datedAt.slice(5, 10)} ${-bonus / 100}`);
}

async function listCompensations(infobase: Infobase): Promise<number[]> {
  const rows = await listBillingRows(infobase, 'C');
  return rows.filter(({ origin }) => origin === 'compensation').map(({ bonus }) => bonus);
}

/** What the lines of the nights say of the bonus. */
const why = async (infobase: Infobase): Promise<(string | undefined)[]> =>
  (await listOperations(infobase, 'C'))
    .filter(({ documentKind }) => documentKind === 'WriteOff')
    .map(({ comment }) => /бонусы [^;]*/.exec(comment ?? '')?.[0]);

/** Stage online: the same sale and hold, with the receipt after 02:00. */
async function openHistory(): Promise<Infobase> {
  const infobase = await openOnline({ K: { bonus: 'days:3' } });
  infobases.push(infobase);
  await addCard(infobase, { number: 'C', kindCode: 'K' });
  await register(infobase, accruing, at('02-26T12:00:00'));
  await reserve(infobase, hold, at('03-01T01:50:00'));
  await register(infobase, spending, at('03-01T02:02:00'));
  return infobase;
}

/** 150 rubles due on 03-01, 100 of them held over the night: 50 burn, 100 are spent after it. */
async function openPast(): Promise<Infobase> {
  const infobase = await open();
  await register(infobase, sale(3, '02-26T12:00:00', { bonusAccruedKopecks: 5_000 }), at('02-28T12:00:00'));
  await reserve(infobase, hold, at('03-01T01:50:00'));
  await night(infobase, '03-01');
  expect(await listBurned(infobase)).toEqual(['03-01 50']);
  return infobase;
}

test('a return in time, of what a night had covered beside a hold, ends as if it had never been accrued', async () => {
  // 150 due on 03-01 and 50 that live on; 120 are held over the night, which takes 80 of the 200 with the 50 and 30 without.
  const infobase = await openBilling({ start: day('2026-02-26'), kinds: { K: { bonus: 'days:3' } } });
  infobases.push(infobase);
  await addCard(infobase, { number: 'C', kindCode: 'K' });
  await passNight(infobase, day('2026-02-26'));
  await register(infobase, sale(1, '02-26T12:00:00', { bonusAccruedKopecks: 15_000 }), at('02-26T12:00:00'));
  await passNightsTo(infobase, day('2026-02-28'));
  const later = sale(2, '02-28T12:00:00', { bonusAccruedKopecks: 5_000 });
  await register(infobase, later, at('02-28T12:00:00'));
  const held = sale(3, '03-01T02:02:00', { bonusRedeemedKopecks: 12_000 });
  await reserve(infobase, buildReserve(held), at('03-01T01:50:00'));
  await night(infobase, '03-01');
  expect(await bonusOf(infobase)).toBe(12_000);
  await release(infobase, buildReserve(held), at('03-01T02:03:00'));
  await register(infobase, buildReturn(later, { receiptAt: at('03-01T12:00:00') }), at('03-01T12:00:00'));
  expect(await bonusOf(infobase)).toBe(12_000);
  expect(await isInOrder(infobase, 'C')).toBe(true);
  await night(infobase, '03-02');
  expect(await bonusOf(infobase)).toBe(0);
});

describe('R10', () => {
  const expected = { code: 0, balance: '0.00', 'released instead': 'burns at night 03-02' };

  test('a till that has reserved before the night redeems after it', async () => {
    expect(returns.cases.find(({ id }) => id === 'R10')?.expect).toEqual(expected);
    const infobase = await open();
    expect(await reserve(infobase, hold, at('03-01T01:50:00'))).toMatchObject({ code: 0, bonusAvailable: 0 });
    await night(infobase, '03-01');
    expect(await bonusOf(infobase)).toBe(10_000);
    expect(await register(infobase, spending, at('03-01T02:02:00'))).toMatchObject({ code: 0, bonusBalance: 0 });
    await night(infobase, '03-02');
    expect(await bonusOf(infobase)).toBe(0);
    expect(await listBurned(infobase)).toEqual([]);
    expect(await isInOrder(infobase, 'C')).toBe(true);
  });

  test('an operator is shown that it burns the night after, and that none takes it while it is active', async () => {
    const infobase = await open();
    const listNights = async (now: LocalDateTime): Promise<unknown> => {
      const shown = await showCardToOperator(infobase, now, 'C', { movements: 0, nights: 5 });
      return shown?.outlook?.nights.map(({ on, writeOffs }) => [on, amounts(writeOffs)]);
    };
    expect(await listNights(at('03-01T01:49:00'))).toEqual([['2026-03-01', [10_000]]]);
    await reserve(infobase, hold, at('03-01T01:50:00'));
    expect(await listNights(at('03-01T01:51:00'))).toEqual([['2026-03-02', [10_000]]]);
  });

  test.each([
    ['released', (infobase: Infobase) => release(infobase, hold, at('03-01T02:02:00'))],
    ['timed out', async () => undefined],
  ])('%s instead, it burns the next night', async (_how, free) => {
    const infobase = await open();
    await reserve(infobase, hold, at('03-01T01:50:00'));
    await night(infobase, '03-01');
    await free(infobase);
    expect(await showCard(infobase, 'C', at('03-01T02:10:00'))).toMatchObject({ bonusBalance: 10_000 });
    await night(infobase, '03-02');
    expect(await listBurned(infobase)).toEqual(['03-02 100']);
    expect(await isInOrder(infobase, 'C')).toBe(true);
  });
});

describe('which holds are active', () => {
  test.each([
    // [reserved, freed, what is left after the night of 03-01]
    ['01:44:59', null, 0],
    ['01:45:00', null, 0],
    ['01:45:01', null, 10_000],
    ['02:00:00', null, 10_000],
    ['01:50:00', '01:59:59', 0],
    ['01:50:00', '02:00:00', 0],
    ['01:50:00', '02:00:01', 10_000],
  ])('made at %s and released at %s, by the times, however late the night runs', async (made, freed, left) => {
    const infobase = await open();
    expect((await reserve(infobase, hold, at(`03-01T${made}`))).code).toBe(0);
    if (freed !== null) expect((await release(infobase, hold, at(`03-01T${freed}`))).code).toBe(0);
    const late = await runNight(infobase, day('2026-03-01'), at('03-01T09:00:00'), nightOptions);
    expect(late.code).toBe('done');
    expect(await bonusOf(infobase)).toBe(left);
    expect(await isInOrder(infobase, 'C')).toBe(true);
    await night(infobase, '03-02');
    expect(await bonusOf(infobase)).toBe(0);
  });

  test('nights that were missed: each finds its own', async () => {
    const infobase = await open();
    await reserve(infobase, hold, at('03-01T01:50:00'));
    await reserve(infobase, buildReserve(sale(3, '03-02T01:55:00'), { amountKopecks: 4_000 }), at('03-02T01:55:00'));
    await passNightsTo(infobase, day('2026-03-04'), { chunkCards: 1 });
    expect(await listBurned(infobase)).toEqual(['03-02 60', '03-03 40']);
    expect(await isInOrder(infobase, 'C')).toBe(true);
  });

  test('made while the night is on its way to the card, it is left its sum as well', async () => {
    const infobase = await open();
    const begun = { ...nightOptions, shouldStop: () => true };
    expect(await runNight(infobase, day('2026-03-01'), at('03-01T02:00:00'), begun)).toMatchObject({ code: 'stopped' });
    expect((await reserve(infobase, hold, at('03-01T02:00:05'))).code).toBe(0);
    expect(await showCard(infobase, 'C', at('03-01T02:00:06'))).toMatchObject({
      expiringBonus: 10_000,
      expiringAt: '2026-03-02T00:00:00',
    });
    await night(infobase, '03-01');
    expect(await bonusOf(infobase)).toBe(10_000);
    expect(await isInOrder(infobase, 'C')).toBe(true);
    expect(await register(infobase, spending, at('03-01T02:02:00'))).toMatchObject({ code: 0, bonusBalance: 0 });
  });

  test('of a night that was run before its time, none', async () => {
    const infobase = await open();
    await runNight(infobase, day('2026-03-01'), at('03-01T00:30:00'), nightOptions);
    await register(infobase, sale(3, '03-01T01:00:00', { bonusAccruedKopecks: 5_000 }), at('03-01T01:00:00'));
    await reserve(infobase, { ...hold, amountKopecks: 5_000 }, at('03-01T01:50:00'));
    await upload(infobase, [sale(4, '02-27T12:00:00', { bonusRedeemedKopecks: 1_000 })], at('03-01T01:51:00'));
    expect(await bonusOf(infobase)).toBe(5_000);
    expect(await isInOrder(infobase, 'C')).toBe(true);
  });

  test.each([
    ['run before its time, and released before 02:00', '00:30:00', '00:40:00'],
    ['run at 02:00, and released in the same second', '02:00:00', '02:00:00'],
  ])('of a night that was %s: what it has left burns the next night', async (_, ran, freed) => {
    const infobase = await open();
    expect((await reserve(infobase, hold, at(`03-01T${ran}`))).code).toBe(0);
    expect((await runNight(infobase, day('2026-03-01'), at(`03-01T${ran}`), nightOptions)).code).toBe('done');
    expect((await release(infobase, hold, at(`03-01T${freed}`))).code).toBe(0);
    expect(await bonusOf(infobase)).toBe(10_000);
    expect(await isInOrder(infobase, 'C')).toBe(true);
    await night(infobase, '03-02');
    expect(await bonusOf(infobase)).toBe(0);
    expect(await listBurned(infobase)).toEqual(['03-02 100']);
    expect(await isInOrder(infobase, 'C')).toBe(true);
  });

  test('made again under its operation id, the time before still counts', async () => {
    const infobase = await open();
    const named = { ...hold, operationId: 'one' };
    await reserve(infobase, named, at('03-01T01:50:00'));
    await night(infobase, '03-01');
    expect(await reserve(infobase, named, at('03-01T12:00:00'))).toMatchObject({ code: 0, duplicate: false });
    await release(infobase, named, at('03-01T12:01:00'));
    expect(await isInOrder(infobase, 'C')).toBe(true);
    await night(infobase, '03-02');
    expect(await isInOrder(infobase, 'C')).toBe(true);
  });

  test('a day long, it is active at one night', async () => {
    const infobase = await open({ settings: { holdTimeout: '86400' } });
    await reserve(infobase, hold, at('02-28T09:00:00'));
    await passNightsTo(infobase, day('2026-03-02'));
    expect(await listBurned(infobase)).toEqual(['03-02 100']);
  });
});

describe('how much stays', () => {
  test('no more than is held, of all holds together; other cards and measures burn as always', async () => {
    const infobase = await open({ kinds: { K: { bonus: 'days:3', accumulation: 'days:3' } } });
    await addCard(infobase, { number: 'D', kindCode: 'K' });
    await register(
      infobase,
      sale(9, '02-28T12:00:00', { cardNumber: 'D', bonusAccruedKopecks: 700 }),
      at('02-28T12:00:00'),
    );
    await reserve(infobase, { ...hold, amountKopecks: 3_000 }, at('03-01T01:50:00'));
    await reserve(infobase, { ...hold, kkm: 'KKM-2', amountKopecks: 2_000 }, at('03-01T01:51:00'));
    await passNight(infobase, day('2026-03-01'), { chunkCards: 1 });
    expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: 5_000, accumulation: 0, receipts: 0 });
    expect(await getAccount(infobase, 'D')).toMatchObject({ bonus: 700 });
    await night(infobase, '03-02');
    await night(infobase, '03-03');
    expect(await bonusOf(infobase)).toBe(0);
    expect(await getAccount(infobase, 'D')).toMatchObject({ bonus: 0 });
  });

  test('what is covered counts for the hold: nothing beyond it is kept', async () => {
    const infobase = await open();
    await register(infobase, sale(3, '02-28T12:00:00', { bonusAccruedKopecks: 8_000 }), at('02-28T12:00:00'));
    await reserve(infobase, { ...hold, amountKopecks: 9_000 }, at('03-01T01:50:00'));
    await night(infobase, '03-01');
    expect(await bonusOf(infobase)).toBe(9_000);
    expect(await listBurned(infobase)).toEqual(['03-01 90']);
    await night(infobase, '03-02');
    expect(await listBurned(infobase)).toEqual(['03-01 90', '03-02 10']);
    expect(await isInOrder(infobase, 'C')).toBe(true);
  });

  test('a balance that has sunk below the hold burns nothing', async () => {
    const infobase = await open();
    await reserve(infobase, hold, at('03-01T01:50:00'));
    const offline = { bonusRedeemedKopecks: 12_000, offline: true };
    await register(infobase, sale(3, '03-01T01:55:00', offline), at('03-01T01:55:00'));
    await night(infobase, '03-01');
    expect(await bonusOf(infobase)).toBe(-2_000);
    expect(await isInOrder(infobase, 'C')).toBe(true);
  });

  test('with availability = covered the till is not refused either', async () => {
    const infobase = await open({ settings: { availability: 'covered' } });
    await reserve(infobase, hold, at('02-28T23:55:00'));
    // Past midnight nothing is covered any more, and before 02:00 nothing has burned.
    await release(infobase, hold, at('02-28T23:56:00'));
    const later = { ...hold, operationId: 'later' };
    expect((await reserve(infobase, later, at('03-01T00:10:00'))).code).toBe(5);
    const wide = await open({ settings: { availability: 'covered', holdTimeout: '86400' } });
    await reserve(wide, hold, at('02-28T23:55:00'));
    await night(wide, '03-01');
    const other = sale(4, '03-01T02:01:00', { bonusRedeemedKopecks: 1 });
    expect(await register(wide, other, at('03-01T02:01:00'))).toMatchObject({ code: 5, bonusAvailable: 0 });
    const beyond = { ...spending, bonusRedeemedKopecks: 10_001 };
    expect(await register(wide, beyond, at('03-01T02:02:00'))).toMatchObject({ code: 5 });
    expect(await register(wide, spending, at('03-01T02:02:00'))).toMatchObject({ code: 0, bonusBalance: 0 });
  });
});

describe('what is foreseen', () => {
  test('ExpiringBonus and its date count with active holds', async () => {
    const infobase = await open();
    const show = (text: string) => showCard(infobase, 'C', at(text));
    expect(await show('03-01T01:49:00')).toMatchObject({ expiringBonus: 10_000, expiringAt: '2026-03-01T00:00:00' });
    const named = { ...hold, operationId: 'one', amountKopecks: 10_000 };
    await reserve(infobase, named, at('03-01T01:50:00'));
    expect(await show('03-01T01:51:00')).toMatchObject({ expiringBonus: 10_000, expiringAt: '2026-03-02T00:00:00' });
    await release(infobase, named, at('03-01T01:52:00'));
    expect(await show('03-01T01:53:00')).toMatchObject({ expiringBonus: 10_000, expiringAt: '2026-03-01T00:00:00' });
    await reserve(infobase, { ...hold, amountKopecks: 4_000 }, at('03-01T01:54:00'));
    expect(await show('03-01T01:55:00')).toMatchObject({ expiringBonus: 6_000, expiringAt: '2026-03-01T00:00:00' });
  });

  test('a hold that will have run out by the night keeps nothing from it', async () => {
    const infobase = await open();
    await reserve(infobase, hold, at('02-28T12:00:00'));
    const shown = await showCard(infobase, 'C', at('02-28T12:01:00'));
    expect(shown).toMatchObject({ bonusAvailable: 0, expiringBonus: 10_000, expiringAt: '2026-03-01T00:00:00' });
  });

  test.each(['03-01', '03-02', '03-03'])(
    'the preview and the comparison of %s are what the night does',
    async (text) => {
      const infobase = await open();
      await reserve(infobase, { ...hold, amountKopecks: 4_000 }, at('03-01T01:50:00'));
      const on = day(`2026-${text}`);
      const lines: NightLine[] = [];
      expect(await previewNight(infobase, on, { onLine: (line) => void lines.push(line) })).toMatchObject({
        code: 'done',
      });
      const compared: NightComparisonLine[] = [];
      await compareNight(infobase, on, { onLine: (line) => void compared.push(line) });
      await passNightsTo(infobase, on);
      const fact = (await listBillingRows(infobase, 'C')).filter(({ datedAt }) => datedAt === `${on}T02:00:00`);
      expect(lines.flatMap(({ writeOffs }) => writeOffs.map(({ held }) => held))).toEqual(
        { '03-01': [4_000], '03-02': [0], '03-03': [] }[text],
      );
      expect(lines.flatMap(({ writeOffs }) => amounts(writeOffs))).toEqual(fact.map(({ bonus }) => -bonus));
      expect(compared.map(({ documented, lots }) => [documented, lots])).toEqual(
        fact.map(({ bonus }) => [-bonus, -bonus]),
      );
      expect(fact.map(({ bonus }) => bonus)).toEqual({ '03-01': [-6_000], '03-02': [-4_000], '03-03': [] }[text]);
      // A night that is done is compared with the holds of then.
      const again: NightComparisonLine[] = [];
      await compareNight(infobase, on, { onLine: (line) => void again.push(line) });
      expect(again).toEqual(compared);
    },
  );
});

describe('what is checked', () => {
  test('after a night a balance is above what covers it by the active hold, and by no more', async () => {
    const infobase = await open();
    await reserve(infobase, { ...hold, amountKopecks: 4_000 }, at('03-01T01:50:00'));
    await night(infobase, '03-01');
    expect(await verifyInvariants(infobase, at('03-01T02:30:00'))).toMatchObject({ belowZero: null, uncovered: null });
    await postManual(infobase, await getCardId(infobase, 'C'), { on: day('2026-02-28'), balance: { bonus: 5 } });
    const found = await verifyInvariants(infobase, at('03-01T02:30:00'));
    expect(found?.uncovered).toEqual({ cardNumber: 'C', cards: 1, amount: { bonus: 5, accumulation: 0, receipts: 0 } });
    await night(infobase, '03-02');
    expect(await verifyInvariants(infobase, at('03-02T02:30:00'))).toMatchObject({ uncovered: null });
  });
});

describe('what is calculated again', () => {
  test('a late fact finds the hold that was active', async () => {
    const infobase = await openPast();
    await register(infobase, spending, at('03-01T02:02:00'));
    await night(infobase, '03-02');
    expect(await bonusOf(infobase)).toBe(0);
    // 20 spent before the night: it would have burned 30, and left the 100.
    await upload(infobase, [sale(4, '02-27T12:00:00', { bonusRedeemedKopecks: 2_000 })], at('03-02T12:00:00'));
    expect(await listCompensations(infobase)).toEqual([2_000]);
    expect(await bonusOf(infobase)).toBe(0);
    expect(await isInOrder(infobase, 'C')).toBe(true);
    // 80 more: only 20 of the next redemption are missed by what burned, the rest was held.
    await upload(infobase, [sale(5, '02-27T12:00:00', { bonusRedeemedKopecks: 8_000 })], at('03-02T12:00:00'));
    expect(await listCompensations(infobase)).toEqual([2_000, 3_000]);
    expect(await bonusOf(infobase)).toBe(-5_000);
    expect(await isInOrder(infobase, 'C')).toBe(true);
  });

  test('a cancel of the receipt that took it leaves the hold as it was', async () => {
    const infobase = await openPast();
    await register(infobase, spending, at('03-01T02:02:00'));
    await cancel(infobase, buildCancel(spending), at('03-01T03:00:00'));
    expect(await bonusOf(infobase)).toBe(10_000);
    expect(await listCompensations(infobase)).toEqual([]);
    await night(infobase, '03-02');
    expect(await listBurned(infobase)).toEqual(['03-01 50', '03-02 100']);
    expect(await isInOrder(infobase, 'C')).toBe(true);
  });

  test('a cancel of the accrual that nights have burned in part', async () => {
    const infobase = await openPast();
    await register(infobase, spending, at('03-01T02:02:00'));
    await cancel(infobase, buildCancel(sale(3, '02-26T12:00:00')), at('03-01T03:00:00'));
    expect(await bonusOf(infobase)).toBe(0);
    await cancel(infobase, buildCancel(accruing), at('03-01T04:00:00'));
    expect(await bonusOf(infobase)).toBe(-10_000);
    expect(await isInOrder(infobase, 'C')).toBe(true);
  });

  test('a return of the receipt that took it gives it back to burn the next night', async () => {
    const infobase = await openPast();
    await register(infobase, spending, at('03-01T02:02:00'));
    await register(infobase, buildReturn(spending, { receiptAt: at('03-01T03:00:00') }), at('03-01T03:00:00'));
    expect(await bonusOf(infobase)).toBe(10_000);
    await night(infobase, '03-02');
    expect(await bonusOf(infobase)).toBe(0);
    expect(await isInOrder(infobase, 'C')).toBe(true);
  });

  // Dated the day before, the receipt comes before the night, with its part of the hold.
  test.each([
    { redeemed: 10_000, left: 0, compensations: [] },
    { redeemed: 4_000, left: 6_000, compensations: [] },
    // 40 of the 50 that have burned it would have spent.
    { redeemed: 14_000, left: 0, compensations: [4_000] },
  ])('a receipt of the day before that takes the hold after the night, redeeming $redeemed', async (given) => {
    const { redeemed, left, compensations } = given;
    const infobase = await open();
    await register(infobase, sale(3, '02-26T12:00:00', { bonusAccruedKopecks: 5_000 }), at('02-28T12:00:00'));
    const early = sale(2, '02-28T23:59:00', { bonusRedeemedKopecks: redeemed, offline: true });
    await reserve(infobase, buildReserve(early, { amountKopecks: 10_000 }), at('03-01T01:50:00'));
    await night(infobase, '03-01');
    expect(await register(infobase, early, at('03-01T02:02:00'))).toMatchObject({ code: 0, bonusBalance: left });
    expect(await listCompensations(infobase)).toEqual(compensations);
    expect(await isInOrder(infobase, 'C')).toBe(true);
    // Undone, it has taken nothing of the hold of then.
    await cancel(infobase, buildCancel(early), at('03-01T03:00:00'));
    expect(await bonusOf(infobase)).toBe(10_000);
    expect(await isInOrder(infobase, 'C')).toBe(true);
  });
});

describe('what a line of the night says', () => {
  test('how much was left to a hold, and that the next night takes it', async () => {
    const infobase = await open();
    await reserve(infobase, { ...hold, amountKopecks: 4_000 }, at('03-01T01:50:00'));
    await passNightsTo(infobase, day('2026-03-02'));
    const row = '100 (чек 1, касса KKM-1, 26.02.2026)';
    expect(await why(infobase)).toEqual([
      `бонусы 60: остаток 100, не сгорает 0, оставлено под резерв 40, истекли: ${row}`,
      `бонусы 40: остаток 40, не сгорает 0, прошлой ночью под резерв оставлено 40, истекли: ${row}`,
    ]);
  });

  test('over two nights, and with new accruals beside it', async () => {
    const infobase = await open({ settings: { holdTimeout: '86400' } });
    await reserve(infobase, hold, at('02-28T09:00:00'));
    await night(infobase, '03-01');
    await register(infobase, sale(5, '03-01T08:00:00', { bonusAccruedKopecks: 5_000 }), at('03-01T08:00:00'));
    await reserve(infobase, buildReserve(sale(6, '03-01T10:00:00'), { amountKopecks: 7_000 }), at('03-01T10:00:00'));
    await night(infobase, '03-02');
    await night(infobase, '03-03');
    const row = '100 (чек 1, касса KKM-1, 26.02.2026)';
    expect(await why(infobase)).toEqual([
      `бонусы 80: остаток 150, не сгорает 50, оставлено под резерв 20, прошлой ночью под резерв оставлено 100, истекли: ${row}`,
      `бонусы 20: остаток 70, не сгорает 50, прошлой ночью под резерв оставлено 20, истекли: ${row}`,
    ]);
  });

  test('a hold that kept nothing is not named', async () => {
    const infobase = await open();
    await register(infobase, sale(3, '02-28T12:00:00', { bonusAccruedKopecks: 8_000 }), at('02-28T12:00:00'));
    await reserve(infobase, { ...hold, amountKopecks: 8_000 }, at('03-01T01:50:00'));
    await passNightsTo(infobase, day('2026-03-03'));
    expect(await why(infobase)).toEqual([
      'бонусы 100: остаток 180, не сгорает 80, истекли: 100 (чек 1, касса KKM-1, 26.02.2026)',
      'бонусы 80: остаток 80, не сгорает 0, истекли: 80 (чек 3, касса KKM-1, 28.02.2026)',
    ]);
  });
});

describe('billing switched on over such a history', () => {
  test('the night finds the holds of then, and not those of now', async () => {
    const infobase = await openHistory();
    await register(infobase, sale(3, '03-03T12:00:00', { bonusAccruedKopecks: 500 }), at('03-03T12:00:00'));
    const standing = buildReserve(sale(4, '03-10T19:55:00'), { amountKopecks: 500 });
    await reserve(infobase, standing, at('03-10T19:55:00'));
    expect(await enable(infobase, day('2026-02-26'), day('2026-03-10'))).toEqual({ code: 'done' });
    expect(await listBurned(infobase)).toEqual(['03-06 5']);
    expect(await bonusOf(infobase)).toBe(0);
    expect(await isInOrder(infobase, 'C')).toBe(true);
  });

  test('off and on again ends in the same sums; an active hold is gone for good', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'kkm-hold-'));
    const infobase = await openHistory();
    await enable(infobase, day('2026-02-26'), day('2026-03-02'));
    await register(infobase, sale(3, '03-02T21:00:00', { bonusAccruedKopecks: 700 }), at('03-02T21:00:00'));
    const before = await getAccount(infobase, 'C');
    await reserve(infobase, buildReserve(sale(4, '03-03T01:50:00'), { amountKopecks: 700 }), at('03-03T01:50:00'));
    const backupFile = path.join(folder, 'backup.sqlite');
    const off = { ...runner, backupFile, backUp, confirm: confirmations };
    expect(await disableBilling(infobase, at('03-03T01:51:00'), off)).toMatchObject({ code: 'done' });
    rmSync(folder, { recursive: true });
    const rows = statement<Record<string, never>, { night: string }>((knex) =>
      knex('night_hold').select({ night: 'business_on' }),
    );
    expect(await infobase.db.read((trx) => trx.list(rows, {}))).toEqual([{ night: '2026-03-01' }]);
    await enable(infobase, day('2026-02-26'), day('2026-03-02'));
    expect(await getAccount(infobase, 'C')).toEqual(before);
    expect(await listBurned(infobase)).toEqual([]);
    expect(await isInOrder(infobase, 'C')).toBe(true);
  });
});

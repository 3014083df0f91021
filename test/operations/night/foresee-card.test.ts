// What a card is shown to lose and to get, night by night, is what the nights then do, on random accounts.
import type { LocalDate } from '../../../src/ledger/local-date-time.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { catchUpNights } from '../../../src/operations/night/run-night.ts';
import { showCard } from '../../../src/operations/cards/show-card.ts';
import { fileSeed } from '../../deep.ts';
import { moment, testCard } from '../testing-infobase.ts';
import {
  addAccounts,
  dayAfterStart,
  listNightMovements,
  makeEffects,
  nightOptions,
  openBillingBase,
  recordedAt,
} from './testing-night.ts';

const cards = 60;
/** Past the last write-off date of the shapes: only unlimited life is left. */
const days = 120;

let infobase: Infobase;
beforeEach(async () => {
  infobase = await openBillingBase();
});
afterEach(() => infobase.close());

const show = (cardId: number, nights: number) =>
  showCard(infobase, recordedAt, String(2_900_000_000 + cardId), { movements: 0, nights });

const accrue = (lifeDays: number, bonus: number) => {
  return { measure: 'bonus', writeOffOn: dayAfterStart(lifeDays), amount: bonus } as const;
};

/** "2026-11-05 7 bonus -100": sorted, of write-offs and credits alike. */
async function listForeseen(): Promise<string[]> {
  const told: string[] = [];
  for (let cardId = 1; cardId <= cards; cardId += 1) {
    const outlook = (await show(cardId, 1_000))?.outlook;
    expect(outlook?.hasMoreNights).toBe(false);
    for (const { on, writeOffs, credits } of outlook?.nights ?? []) {
      const sums = new Map<string, number>();
      for (const { measure, amount } of writeOffs) sums.set(`${measure} -`, amount);
      for (const { measure, amount } of credits) sums.set(`${measure} +`, (sums.get(`${measure} +`) ?? 0) + amount);
      for (const [what, amount] of sums) told.push(`${on} ${cardId} ${what}${amount}`);
    }
  }
  return told.toSorted();
}

async function listDone(): Promise<string[]> {
  const done = (await listNightMovements(infobase)).flatMap(({ kind, datedAt, cardId, ...sums }) =>
    (['bonus', 'accumulation', 'receipts'] as const).flatMap((measure) => {
      if (sums[measure] === 0) return [];
      const sign = kind === 'WriteOff' ? '-' : '+';
      return [`${datedAt.slice(0, 10)} ${cardId} ${measure} ${sign}${Math.abs(sums[measure])}`];
    }),
  );
  return done.toSorted();
}

test('random accounts', async () => {
  await addAccounts(infobase, makeEffects(fileSeed, cards));
  const foreseen = await listForeseen();
  await catchUpNights(infobase, recordedAt, { ...nightOptions(), dueOn: dayAfterStart(days) });
  expect(await listDone()).toEqual(foreseen);
  expect(foreseen.length).toBeGreaterThan(cards / 2);
  // What is left has no end.
  expect(await listForeseen()).toEqual([]);
});

test('accruals ahead by date, pending by its credit date, and the first nights of many', async () => {
  const never = '3999-12-31' as LocalDate;
  const pending = [9, 4].map((credit) => ({
    ...accrue(20, 10),
    source: `R${credit}`,
    creditOn: dayAfterStart(credit),
  }));
  const rows = [accrue(6, 40), accrue(3, 100), { measure: 'receipts', writeOffOn: never, amount: 2 } as const];
  await addAccounts(infobase, [{ balance: { bonus: 120, accumulation: 0, receipts: 2 }, rows, pending }]);
  const all = (await show(1, 20))?.outlook;
  expect(all?.accruals).toEqual([
    { writeOffOn: dayAfterStart(3), bonus: 100, accumulation: 0, receipts: 0 },
    { writeOffOn: dayAfterStart(6), bonus: 40, accumulation: 0, receipts: 0 },
    { writeOffOn: never, bonus: 0, accumulation: 0, receipts: 2 },
  ]);
  expect(all?.pending.map(({ creditOn, amount }) => [creditOn, amount])).toEqual([
    [dayAfterStart(4), 10],
    [dayAfterStart(9), 10],
  ]);
  const sumUp = (outlook: typeof all) =>
    outlook?.nights.map(({ on, writeOffs, credits }) => [
      on,
      writeOffs.map(({ amount }) => amount),
      credits.map(({ amount }) => amount),
    ]);
  // 20 of the first accrual are spent: what burns is what the later one does not cover.
  const nights = [
    [dayAfterStart(3), [80], []],
    [dayAfterStart(4), [], [10]],
    [dayAfterStart(6), [40], []],
    [dayAfterStart(9), [], [10]],
    [dayAfterStart(20), [20], []],
  ];
  expect([sumUp(all), all?.hasMoreNights]).toEqual([nights, false]);
  const two = (await show(1, 2))?.outlook;
  expect([sumUp(two), two?.hasMoreNights]).toEqual([nights.slice(0, 2), true]);
  expect((await show(1, 5))?.outlook?.hasMoreNights).toBe(false);
});

test('there is none for a past moment', async () => {
  await addAccounts(infobase, makeEffects(1, 1));
  const at = moment('2026-10-31T23:00:00');
  const shown = await showCard(infobase, recordedAt, '2900000001', { movements: 0, nights: 5, at });
  expect([shown?.card.kindCode, shown?.outlook]).toEqual([testCard.kindCode, null]);
});

// The night in sets of cards against the pure function of one account, line by line: on random bases, on the worked
// examples, and on the greatest sums.
import * as fc from 'fast-check';
import regulation from '../../../fixtures/ledger/regulation.json';
import { measureNames, applyNight, type BillingEffect } from '../../../src/ledger/account.ts';
import { formatForPeople, type LocalDate, type LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import { setLastNight } from '../../../src/db/billing/billing-state.ts';
import { runNight } from '../../../src/operations/night/run-night.ts';
import { addDays } from '../../../src/ledger/local-date-time.ts';
import { depth, fileSeed } from '../../deep.ts';
import {
  addAccounts,
  addHeld,
  dayAfterStart,
  listNightMovements,
  loadAccounts,
  makeEffects,
  makeHeld,
  nightOptions,
  openBillingBase,
  recordedAt,
  startOn,
  toAccount,
  type HeldNights,
  type NightMovement,
} from './testing-night.ts';

/** The lines that the pure nights of those dates write, in the order of dates, kinds and cards. */
function calculateLines(effects: readonly BillingEffect[], dates: readonly LocalDate[], held: HeldNights = []) {
  const accounts = effects.map(toAccount);
  const lines: Omit<NightMovement, 'comment'>[] = [];
  for (const on of dates) {
    const credited: Omit<NightMovement, 'comment'>[] = [];
    const datedAt = `${on}T02:00:00`;
    accounts.forEach((account, index) => {
      const nothing = { bonus: 0, accumulation: 0, receipts: 0 };
      const head = { datedAt, cardId: index + 1, line: 1 };
      const before = { ...account.balance };
      const { writeOffs, credits } = applyNight(account, on, held[index]?.get(on));
      const taken = { ...nothing };
      const covered = { coveredBonus: null, coveredAccumulation: null, coveredReceipts: null } as Record<
        'coveredBonus' | 'coveredAccumulation' | 'coveredReceipts',
        number | null
      >;
      for (const { measure, amount, covered: sum } of writeOffs) {
        taken[measure] = 0 - amount;
        covered[`covered${measure[0]!.toUpperCase()}${measure.slice(1)}` as keyof typeof covered] = sum;
      }
      const bonusAfter = before.bonus + taken.bonus;
      if (writeOffs.length > 0) lines.push({ ...head, kind: 'WriteOff', ...taken, bonusAfter, ...covered });
      const given = { ...nothing };
      for (const { measure, amount } of credits) given[measure] += amount;
      const uncovered = { coveredBonus: null, coveredAccumulation: null, coveredReceipts: null };
      if (credits.length > 0) {
        credited.push({ ...head, kind: 'Accrual', ...given, bonusAfter: bonusAfter + given.bonus, ...uncovered });
      }
    });
    lines.push(...credited);
  }
  return { accounts, lines };
}

const commentOf = ({ datedAt }: { readonly datedAt: string }): string =>
  `Биллинг: дисконтные карты - ночной регламент за ${formatForPeople(datedAt as LocalDateTime).slice(0, 10)}`;

test('a night in sets of cards is the pure night of every card', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom(1, 7, 333, 2_000, 5_000),
      async (seed, nights, chunkCards) => {
        const cards = chunkCards < 100 ? 60 : 2_000;
        const effects = makeEffects(seed, cards, { days: 8 });
        const infobase = await openBillingBase();
        await addAccounts(infobase, effects);
        const held = makeHeld(seed, cards, { days: 5, greatest: 100_000 });
        await addHeld(infobase, held);
        const dates = Array.from({ length: nights }, (_, index) => dayAfterStart(index));
        for (const on of dates) {
          const end = await runNight(infobase, on, recordedAt, nightOptions({ chunkCards }));
          expect(end).toMatchObject({ code: 'done', run: { businessOn: on, finishedAt: recordedAt } });
        }
        const { accounts, lines } = calculateLines(effects, dates, held);
        expect(await loadAccounts(infobase, cards)).toEqual(accounts);
        expect(await listNightMovements(infobase)).toEqual(
          lines.map((line) => ({ ...line, comment: commentOf(line) })),
        );
        await infobase.close();
      },
    ),
    { numRuns: 4 * depth, seed: fileSeed },
  );
});

interface RegulationCase {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly before?: {
    readonly balance: number;
    readonly accruals: readonly { readonly writeOffDate: string; readonly amount: number }[];
  };
  readonly night?: string;
  readonly expect?: { readonly covered: number; readonly writeOff: number; readonly balance: number };
}

describe('the worked examples through the tables, a measure at a time', () => {
  const cases = (regulation.cases as readonly RegulationCase[]).filter(({ before }) => before !== undefined);
  test.each(cases)('$id $title', async ({ before, night, expect: expected }) => {
    const infobase = await openBillingBase();
    const nothing = { bonus: 0, accumulation: 0, receipts: 0 };
    await addAccounts(
      infobase,
      measureNames.map((measure) => ({
        balance: { ...nothing, [measure]: before!.balance },
        rows: before!.accruals.map(({ writeOffDate, amount }) => ({
          measure,
          writeOffOn: writeOffDate as LocalDate,
          amount,
        })),
        pending: [],
      })),
    );
    await infobase.db.write((trx) => setLastNight(trx, addDays(night as LocalDate, -1)));
    await runNight(infobase, night as LocalDate, recordedAt, nightOptions());
    const accounts = await loadAccounts(infobase, 3);
    expect(accounts.map(({ balance }, index) => balance[measureNames[index]!])).toEqual(
      measureNames.map(() => expected!.balance),
    );
    const lines = await listNightMovements(infobase);
    expect(lines).toHaveLength(expected!.writeOff === 0 ? 0 : 3);
    for (const line of lines) {
      const measure = measureNames[line.cardId - 1]!;
      const covered = [line.coveredBonus, line.coveredAccumulation, line.coveredReceipts];
      expect(line[measure]).toBe(-expected!.writeOff);
      expect(covered.map((sum) => sum !== null)).toEqual(measureNames.map((name) => name === measure));
      expect(covered[line.cardId - 1]).toBe(expected!.covered);
    }
    await infobase.close();
  });
});

test('sums of 10^12 rubles are written off and credited to the kopeck', async () => {
  const infobase = await openBillingBase();
  const great = 100_000_000_000_000;
  const effects: BillingEffect[] = [
    {
      balance: { bonus: 20 * great + 1, accumulation: great - 1, receipts: 1 },
      rows: [
        { measure: 'bonus', writeOffOn: dayAfterStart(5), amount: 19 * great },
        { measure: 'accumulation', writeOffOn: startOn, amount: great - 1 },
      ],
      pending: [
        { source: 'R1', measure: 'bonus', creditOn: startOn, writeOffOn: dayAfterStart(9), amount: 30 * great + 7 },
      ],
    },
  ];
  await addAccounts(infobase, effects);
  await runNight(infobase, startOn, recordedAt, nightOptions());
  const { accounts, lines } = calculateLines(effects, [startOn]);
  expect(await loadAccounts(infobase, 1)).toEqual(accounts);
  expect(await listNightMovements(infobase)).toMatchObject(lines);
  expect(accounts[0]!.balance).toEqual({ bonus: 49 * great + 7, accumulation: 0, receipts: 0 });
  await infobase.close();
});

test('a night that takes and credits nothing makes no document', async () => {
  const infobase = await openBillingBase();
  await addAccounts(infobase, [
    { balance: { bonus: 5, accumulation: 0, receipts: 0 }, rows: [], pending: [] },
    { balance: { bonus: -5, accumulation: 0, receipts: 0 }, rows: [], pending: [] },
  ]);
  const first = await runNight(infobase, startOn, recordedAt, nightOptions());
  expect(first).toMatchObject({ run: { writeOffDocumentId: 2, accrualDocumentId: null, writeOffLines: 1 } });
  const second = await runNight(infobase, dayAfterStart(1), recordedAt, nightOptions());
  expect(second).toMatchObject({ run: { writeOffDocumentId: null, accrualDocumentId: null, writeOffLines: 0 } });
  await infobase.close();
});

test('a write-off comes before the credit of its night, whichever chunk has one first', async () => {
  const nothing = { bonus: 0, accumulation: 0, receipts: 0 };
  const credited: BillingEffect = {
    balance: nothing,
    rows: [],
    pending: [{ source: 'R1', measure: 'bonus', creditOn: startOn, writeOffOn: dayAfterStart(9), amount: 50 }],
  };
  const both: BillingEffect = { ...credited, balance: { ...nothing, bonus: 100 } };
  const infobase = await openBillingBase();
  await addAccounts(infobase, [credited, both]);
  await runNight(infobase, startOn, recordedAt, nightOptions({ chunkCards: 1 }));
  expect(await listNightMovements(infobase)).toMatchObject([
    { kind: 'WriteOff', cardId: 2, bonus: -100, bonusAfter: 0 },
    { kind: 'Accrual', cardId: 1, bonus: 50, bonusAfter: 50 },
    { kind: 'Accrual', cardId: 2, bonus: 50, bonusAfter: 50 },
  ]);
  await infobase.close();
});

// A night goes through the cards that it can change, and writes what a night over all cards writes, row for row: on random
// bases with trade between the nights, holds, missed nights and killed ones; and on histories of receipts that come late.
import * as fc from 'fast-check';
import { findBillingState, lastNightOfCard } from '../../../src/db/billing/billing-state.ts';
import { loadAccount } from '../../../src/db/billing/billing-register.ts';
import { findCardReading } from '../../../src/db/cards/card-reading.ts';
import { findNextBurn, type BillingEffect } from '../../../src/ledger/account.ts';
import { startOf } from '../../../src/ledger/local-date-time.ts';
import { foreseeBonus } from '../../../src/operations/cards/foresee-bonus.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { catchUpNights, type NightOptions } from '../../../src/operations/night/run-night.ts';
import { depth, fileSeed } from '../../deep.ts';
import { expectSame } from '../../expect-same.ts';
import { history, kinds, tellingsOf } from '../billing/histories.ts';
import { playStart, tellAll } from '../billing/plays.ts';
import { openBilling } from '../billing/testing-billing.ts';
import { moment } from '../testing-infobase.ts';
import {
  addAccounts,
  addHeld,
  dayAfterStart,
  dieAt,
  hashBase,
  listNightMovements,
  makeEffect,
  makeEffects,
  makeHeld,
  makeRandom,
  nightOptions,
  openBillingBase,
  postEffect,
  recordedAt,
} from './testing-night.ts';

const cards = 60;
const shape = { days: 14, greatest: 1_000 };

interface Day {
  /** Nights up to that of this day are run, after some that were missed. */
  readonly night: number;
  /** Posted after them. */
  readonly posted: readonly (readonly [cardId: number, effect: BillingEffect])[];
}

function makeDays(seed: number): Day[] {
  const random = makeRandom(seed);
  const days: Day[] = [];
  for (let night = 0; night < 16; night += 1 + Math.floor(random() * random() * 4)) {
    const posted = Array.from({ length: Math.floor(random() * 8) }, () => {
      return [1 + Math.floor(random() * cards), makeEffect(random, shape)] as const;
    });
    days.push({ night, posted });
  }
  return days;
}

async function openBase(seed: number): Promise<Infobase> {
  const infobase = await openBillingBase();
  await addAccounts(infobase, makeEffects(seed, cards, shape));
  await addHeld(infobase, makeHeld(seed, cards, { days: 12, greatest: 700 }));
  return infobase;
}

async function live(
  infobase: Infobase,
  days: readonly Day[],
  pass: (dueOn: number) => Promise<unknown>,
): Promise<void> {
  for (const { night, posted } of days) {
    await pass(night);
    const at = moment(`${dayAfterStart(night)}T12:00:00`);
    for (const [cardId, effect] of posted) await postEffect(infobase, cardId, effect, at);
  }
}

const passTo = (infobase: Infobase, night: number, options: Partial<NightOptions>) =>
  catchUpNights(infobase, recordedAt, { ...nightOptions(), dueOn: dayAfterStart(night), ...options });

test('what is written is what a night over all cards writes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.constantFrom(1, 7, 100), async (seed, chunkCards) => {
      const days = makeDays(seed);
      const [full, chosen] = [await openBase(seed), await openBase(seed)];
      await live(full, days, (night) => passTo(full, night, { isFull: true }));
      await live(chosen, days, (night) => passTo(chosen, night, { chunkCards }));
      expectSame(await listNightMovements(chosen), await listNightMovements(full));
      // Documents, registers, runs and marks alike.
      expect(await hashBase(chosen)).toBe(await hashBase(full));
      await full.close();
      await chosen.close();
    }),
    { numRuns: 12 * depth, seed: fileSeed },
  );
});

test('killed at any of its writes, and taken up by a night of either kind', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.constantFrom('before', 'after'), async (seed, where) => {
      const days = makeDays(seed);
      const random = makeRandom(seed);
      const [full, chosen] = [await openBase(seed), await openBase(seed)];
      await live(full, days, (night) => passTo(full, night, { isFull: true }));
      let deaths = 0;
      await live(chosen, days, async (night) => {
        const options = { chunkCards: 1 + Math.floor(random() * 20), isFull: random() < 0.3 };
        const { infobase: dying, hasLived } = dieAt(chosen, 1 + Math.floor(random() * 12), where);
        await passTo(dying, night, options).catch(() => undefined);
        if (!hasLived()) deaths += 1;
        await passTo(chosen, night, { isFull: random() < 0.3 });
      });
      expect(deaths).toBeGreaterThan(0);
      expectSame(await listNightMovements(chosen), await listNightMovements(full));
      expect(await hashBase(chosen)).toBe(await hashBase(full));
      await full.close();
      await chosen.close();
    }),
    { numRuns: 8 * depth, seed: fileSeed },
  );
});

describe.each(['compensate', 'keep'] as const)('histories of receipts, in time and late: %s', (lateOffline) => {
  test('the same lines, and every card read as its whole account has it', async () => {
    const given = fc.sample(history, { numRuns: 40 * depth, seed: fileSeed }).flatMap(tellingsOf);
    const lines = [];
    for (const isFull of [true, false]) {
      const infobase = await openBilling({ start: playStart, kinds, settings: { lateOffline } });
      const outcomes = await tellAll(infobase, given, { isFull });
      lines.push(await listNightMovements(infobase));
      for (const { faults } of outcomes) expect(faults).toEqual([]);
      for (const { name } of outcomes) {
        for (const card of ['A', 'B']) await expectWholeReading(infobase, `${name}-${card}`);
      }
      await infobase.close();
    }
    expect(lines[0]?.length).toBeGreaterThan(50);
    expectSame(lines[1], lines[0]);
  });
});

async function expectWholeReading(infobase: Infobase, number: string): Promise<void> {
  const now = moment('2026-01-12T12:00:00');
  await infobase.db.read(async (trx) => {
    const reading = await findCardReading(trx, number, now, { stage: 'billing', availability: 'balance' });
    const billing = await findBillingState(trx);
    if (reading === undefined || billing === undefined) throw new Error(`no card ${number}`);
    const account = await loadAccount(trx, reading.id);
    const burn = findNextBurn(account, lastNightOfCard(billing, reading.id));
    const shown = await foreseeBonus(trx, billing, reading, now);
    expectSame(
      [number, shown.expiringBonus, shown.expiringAt],
      [number, burn?.amount ?? 0, burn === undefined ? null : startOf(burn.on)],
    );
  });
}

test('cards that nothing is due of are not gone through', async () => {
  const infobase = await openBillingBase();
  const nothing = { bonus: 0, accumulation: 0, receipts: 0 };
  const accrued = (days: number): BillingEffect => ({
    balance: { ...nothing, bonus: 10 },
    rows: [{ measure: 'bonus', writeOffOn: dayAfterStart(days), amount: 10 }],
    pending: [],
  });
  await addAccounts(infobase, [accrued(9), accrued(1), accrued(9), accrued(1), accrued(9)]);
  const ends: number[] = [];
  const pass = async (night: number, isFull = false): Promise<number[]> => {
    ends.length = 0;
    await passTo(infobase, night, { chunkCards: 1, isFull, onProgress: ({ doneCardId }) => ends.push(doneCardId) });
    return [...ends];
  };
  // The first night of billing cannot rely on one before it.
  expect(await pass(0)).toEqual([1, 2, 3, 4, 5]);
  expect(await pass(1)).toEqual([2, 4, 5]);
  await postEffect(infobase, 3, accrued(7), recordedAt);
  expect(await pass(2)).toEqual([3, 5]);
  expect(await pass(3)).toEqual([5]);
  expect(await pass(4, true)).toEqual([1, 2, 3, 4, 5]);
  await infobase.close();
});

test('a card that a document comes of while the night runs is gone through where the night has not come to it', async () => {
  const infobase = await openBillingBase();
  const nothing = { bonus: 0, accumulation: 0, receipts: 0 };
  await addAccounts(
    infobase,
    Array.from({ length: 4 }, (_, index) => ({
      balance: { ...nothing, bonus: 10 },
      rows: [{ measure: 'bonus', writeOffOn: dayAfterStart(index === 1 ? 1 : 9), amount: 10 } as const],
      pending: [],
    })),
  );
  await passTo(infobase, 0, {});
  const spoilt = { balance: { ...nothing, bonus: 5 }, rows: [], pending: [] };
  let isPosted = false;
  await passTo(infobase, 1, {
    chunkCards: 1,
    pause: async () => {
      if (isPosted) return;
      isPosted = true;
      for (const cardId of [1, 4]) await postEffect(infobase, cardId, spoilt, recordedAt);
    },
  });
  const lines = async () => (await listNightMovements(infobase)).map(({ cardId, bonus }) => [cardId, bonus]);
  expect(await lines()).toEqual([
    [2, -10],
    [4, -5],
  ]);
  await passTo(infobase, 2, {});
  expect((await lines()).at(-1)).toEqual([1, -5]);
  await infobase.close();
});

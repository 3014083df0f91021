// What a card read shows of the bonus to come, read in parts, is what the ledger calculates from the whole account: on accounts
// with a thousand rows, with credits to come, and with holds over the nights to come.
import { loadAccount } from '../../../src/db/billing/billing-register.ts';
import { findBillingState, lastNightOfCard } from '../../../src/db/billing/billing-state.ts';
import { findCardReading } from '../../../src/db/cards/card-reading.ts';
import type { Trx } from '../../../src/db/db.ts';
import { findHeldNights } from '../../../src/db/night/night-hold.ts';
import { findNextBurn, type AccrualRow, type BillingEffect, type PendingCredit } from '../../../src/ledger/account.ts';
import { addDays, startOf, type LocalDate, type LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import { foreseeBonus, type BonusFuture } from '../../../src/operations/cards/foresee-bonus.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { depth, fileSeed } from '../../deep.ts';
import { expectSame } from '../../expect-same.ts';
import {
  addAccounts,
  addHeld,
  dayAfterStart,
  makeRandom,
  nightBefore,
  openBillingBase,
  recordedAt,
  startOn,
} from '../night/testing-night.ts';

const settings = { stage: 'billing', availability: 'balance' } as const;
const never = '3999-12-31' as LocalDate;

const at = (days: number): LocalDateTime => startOf(dayAfterStart(days));

let infobase: Infobase;
beforeEach(async () => {
  infobase = await openBillingBase();
});
afterEach(() => infobase.close());

/** @param held what the holds that stand now have set aside. */
async function read(trx: Trx, cardId: number, held: number): Promise<readonly [BonusFuture, BonusFuture]> {
  const reading = await findCardReading(trx, String(2_900_000_000 + cardId), recordedAt, settings);
  const billing = await findBillingState(trx);
  if (reading === undefined || billing === undefined) throw new Error(`no card ${cardId}`);
  const account = await loadAccount(trx, cardId);
  const holds = held === 0 ? undefined : await findHeldNights(trx, cardId, held, recordedAt);
  const bonusPending = [...account.pending.values()]
    .filter(({ measure }) => measure === 'bonus')
    .reduce((sum, { amount }) => sum + amount, 0);
  const burn = findNextBurn(account, lastNightOfCard(billing, cardId), holds?.heldAt);
  const calculated = {
    bonusPending,
    expiringBonus: burn?.amount ?? 0,
    expiringAt: burn === undefined ? null : startOf(burn.on),
  };
  return [await foreseeBonus(trx, billing, { ...reading, held }, recordedAt), calculated];
}

/** Dates that lie close, far apart, or both; many rows or few. */
function makeDense(random: () => number): BillingEffect {
  const upTo = (count: number): number => Math.floor(random() * count);
  const days = [20, 120, 1_500][upTo(3)]!;
  const rows: AccrualRow[] = [];
  let sum = 0;
  for (let count = [3, 30, 300][upTo(3)]!; count > 0; count -= 1) {
    const amount = 1 + upTo(1_000);
    const writeOffOn = random() < 0.03 ? never : dayAfterStart(upTo(days) - 3);
    rows.push({ measure: 'bonus', writeOffOn, amount });
    if (random() < 0.1) rows.push({ measure: 'accumulation', writeOffOn: dayAfterStart(upTo(days)), amount });
    if (writeOffOn > nightBefore) sum += amount;
  }
  const pending: PendingCredit[] = [];
  for (let count = random() < 0.5 ? upTo(4) : 0; count > 0; count -= 1) {
    const creditOn = dayAfterStart(upTo(days) - 3);
    // A fixed date may come before its credit does.
    const writeOffOn = addDays(creditOn, upTo(60) - 20);
    pending.push({ source: `R${count}`, measure: 'bonus', creditOn, writeOffOn, amount: 1 + upTo(3_000) });
  }
  // From a debt to more than the rows cover.
  const bonus = Math.round(sum * [1, 1.1, -0.2, random(), random(), random()][upTo(6)]!);
  return { balance: { bonus, accumulation: 0, receipts: 0 }, rows, pending };
}

test('random accounts, with and without holds', async () => {
  const random = makeRandom(fileSeed);
  const cards = 250 * depth;
  await addAccounts(
    infobase,
    Array.from({ length: cards }, () => makeDense(random)),
  );
  const held = Array.from({ length: cards }, () => {
    const nights = new Map<LocalDate, number>();
    for (let count = Math.floor(random() * 3); count > 0; count -= 1) {
      nights.set(dayAfterStart(Math.floor(random() * 12)), 1 + Math.floor(random() * 5_000));
    }
    return nights;
  });
  await addHeld(infobase, held);
  let burns = 0;
  await infobase.db.read(async (trx) => {
    for (let cardId = 1; cardId <= cards; cardId += 1) {
      for (const now of [0, 700]) {
        const [shown, calculated] = await read(trx, cardId, now);
        expectSame({ cardId, ...shown }, { cardId, ...calculated });
        if (shown.expiringBonus > 0) burns += 1;
      }
    }
  });
  expect(burns).toBeGreaterThan(cards / 2);
});

test('a card with a row for each of a thousand days, whatever of it is spent', async () => {
  const rows = Array.from({ length: 1_000 }, (_, index) => {
    return { measure: 'bonus', writeOffOn: dayAfterStart(index), amount: 10 } as const;
  });
  const spent = [0, 1, 10, 995, 5_000, 9_989, 9_990, 9_999, 10_000, 10_500];
  await addAccounts(
    infobase,
    spent.map((bonus) => ({ balance: { bonus: 10_000 - bonus, accumulation: 0, receipts: 0 }, rows, pending: [] })),
  );
  const shown = await infobase.db.read(async (trx) => {
    const futures: BonusFuture[] = [];
    for (const index of spent.keys()) futures.push((await read(trx, index + 1, 0))[0]);
    return futures.map(({ expiringBonus, expiringAt }) => [expiringBonus, expiringAt]);
  });
  expect(shown).toEqual([
    [10, startOf(startOn)],
    [9, startOf(startOn)],
    [10, at(1)],
    [5, at(99)],
    [10, at(500)],
    [1, at(998)],
    [10, at(999)],
    [1, at(999)],
    [0, null],
    [0, null],
  ]);
});

test('a card with a thousand rows takes a few short statements', async () => {
  const rows = Array.from({ length: 1_000 }, (_, index) => {
    return { measure: 'bonus', writeOffOn: dayAfterStart(index), amount: 10 } as const;
  });
  await addAccounts(infobase, [{ balance: { bonus: 4_000, accumulation: 0, receipts: 0 }, rows, pending: [] }]);
  let [calls, given] = [0, 0];
  await infobase.db.read(async (trx) => {
    const watched: Trx = Object.create(trx, {
      first: { value: (...call: Parameters<Trx['first']>) => ((calls += 1), trx.first(...call)) },
      list: {
        value: async (...call: Parameters<Trx['list']>) => {
          const found = await trx.list(...call);
          [calls, given] = [calls + 1, given + found.length];
          return found;
        },
      },
    });
    const reading = await findCardReading(trx, '2900000001', recordedAt, settings);
    const billing = await findBillingState(trx);
    await foreseeBonus(watched, billing!, reading!, recordedAt);
  });
  expect(calls).toBeLessThanOrEqual(12);
  expect(given).toBeLessThanOrEqual(40);
});

// A night as a run: repeated, killed between any two of its transactions and inside each, stopped, caught up with in
// order, refused, and run by one of many.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import {
  findBillingState,
  lastNightOfCard,
  removeBillingState,
  type BillingState,
} from '../../../src/db/billing/billing-state.ts';
import { statement } from '../../../src/db/statement.ts';
import type { LocalDate } from '../../../src/ledger/local-date-time.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { readNightRuns } from '../../../src/operations/night/read-night-runs.ts';
import {
  catchUpNights,
  findDueDate,
  findNextNight,
  runNight,
  type CatchUpOptions,
} from '../../../src/operations/night/run-night.ts';
import { moment, setSetting } from '../testing-infobase.ts';
import { depth, fileSeed } from '../../deep.ts';
import {
  addAccounts,
  dayAfterStart,
  hashBase,
  listNightMovements,
  makeEffects,
  nightBefore,
  nightOptions,
  openBillingBase,
  recordedAt,
  startOn,
  withWrites,
} from './testing-night.ts';

async function openFilledBase(seed = 1, cards = 60): Promise<Infobase> {
  const infobase = await openBillingBase();
  await addAccounts(infobase, makeEffects(seed, cards, { days: 8 }));
  return infobase;
}

const smallChunks = nightOptions({ chunkCards: 13 });

test('the same night a second time changes nothing', async () => {
  const infobase = await openFilledBase();
  await runNight(infobase, startOn, recordedAt, smallChunks);
  const once = await hashBase(infobase);
  expect(await runNight(infobase, startOn, recordedAt, smallChunks)).toEqual({
    code: 'done_before',
    lastNightOn: startOn,
  });
  expect(await runNight(infobase, nightBefore, recordedAt, smallChunks)).toMatchObject({ code: 'done_before' });
  expect(await hashBase(infobase)).toBe(once);
  await infobase.close();
});

test('a night out of order is refused, with the date that comes first', async () => {
  const infobase = await openFilledBase();
  const before = await hashBase(infobase);
  const end = await runNight(infobase, dayAfterStart(2), recordedAt, smallChunks);
  expect(end).toEqual({ code: 'not_next', nextOn: startOn });
  expect(await hashBase(infobase)).toBe(before);
  await infobase.close();
});

class Killed extends Error {}

const runNights = (infobase: Infobase): Promise<unknown> =>
  catchUpNights(infobase, moment('2026-11-03T05:00:00'), smallChunks);

// `write` calls db.write(work): lending it the transaction that is open makes its work part of that one.
async function writeIn(write: () => Promise<unknown>, infobase: Infobase, trx: unknown): Promise<void> {
  const { db } = infobase;
  const own = db.write.bind(db);
  db.write = (work) => work(trx as never);
  try {
    await write();
  } finally {
    db.write = own;
  }
}

async function hashUnbroken(seed: number): Promise<{ hash: string; writes: number }> {
  const infobase = await openFilledBase(seed);
  let writes = 0;
  await runNights(
    withWrites(infobase, (write) => {
      writes += 1;
      return write();
    }),
  );
  const hash = await hashBase(infobase);
  await infobase.close();
  return { hash, writes };
}

/** Breaks the write of that number, from 0, and every one after it: the process is dead. */
function kill(infobase: Infobase, at: number, when: 'before' | 'after' | 'inside'): Infobase {
  let number = 0;
  return withWrites(infobase, async (write) => {
    const own = number;
    number += 1;
    if (own > at || (own === at && when === 'before')) throw new Killed();
    if (own === at && when === 'inside') {
      // The transaction is complete but for its commit.
      return infobase.db.write(async (trx) => {
        await writeIn(write, infobase, trx);
        throw new Killed();
      });
    }
    const done = await write();
    if (own === at) throw new Killed();
    return done;
  });
}

describe('killed anywhere and run again, it ends as the unbroken run', () => {
  test.each(['before', 'inside', 'after'] as const)('%s each write', async (when) => {
    const seed = 20_261_101;
    const unbroken = await hashUnbroken(seed);
    expect(unbroken.writes).toBeGreaterThan(18);
    for (let at = 0; at < unbroken.writes; at += 1) {
      const infobase = await openFilledBase(seed);
      await expect(runNights(kill(infobase, at, when))).rejects.toThrow(Killed);
      await runNights(infobase);
      expect([at, await hashBase(infobase)]).toEqual([at, unbroken.hash]);
      await infobase.close();
    }
  });

  test('any number of times, in chunks of other sizes, by other runners once the lease has run out', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.array(fc.nat(6), { maxLength: 8 }), async (seed, deaths) => {
        const unbroken = await hashUnbroken(seed);
        const infobase = await openFilledBase(seed);
        let hours = 0;
        for (const at of deaths) {
          hours += 1;
          const options = { holder: `runner ${hours}`, readMs: () => hours * 3_600_000, chunkCards: 5 + at };
          const now = moment('2026-11-03T05:00:00');
          await catchUpNights(kill(infobase, at, 'after'), now, options).catch((reason: unknown) => {
            if (!(reason instanceof Killed)) throw reason;
          });
        }
        await catchUpNights(infobase, moment('2026-11-03T05:00:00'), { ...smallChunks, readMs: () => 1e12 });
        // Not even the ids of documents show how the runs were cut, though a credit may have come first.
        expect(await hashBase(infobase)).toBe(unbroken.hash);
        await infobase.close();
      }),
      { numRuns: 8 * depth, seed: fileSeed },
    );
  });
});

test('a run that is asked to stop ends after its chunk, and continues there', async () => {
  const [stopped, unbroken] = [await openFilledBase(3), await openFilledBase(3)];
  let chunks = 0;
  const end = await catchUpNights(stopped, recordedAt, {
    ...smallChunks,
    onProgress: () => {
      chunks += 1;
    },
    shouldStop: () => chunks === 2,
  });
  expect(end).toEqual({ nights: [], end: { code: 'stopped', businessOn: startOn } });
  expect(await readNightRuns(stopped, 1)).toMatchObject({ lastNightOn: nightBefore, runs: [{ doneCardId: 26 }] });
  // The lease was given back: another runner may go on at once.
  await catchUpNights(stopped, recordedAt, { ...smallChunks, holder: 'another' });
  await catchUpNights(unbroken, recordedAt, smallChunks);
  expect(await hashBase(stopped)).toBe(await hashBase(unbroken));
  await stopped.close();
  await unbroken.close();
});

describe('catching up', () => {
  test('runs every date in order, each with its own date, up to the one that is due', async () => {
    const infobase = await openFilledBase(4);
    const told: string[] = [];
    const options: CatchUpOptions = { ...smallChunks, onNight: ({ businessOn }) => void told.push(businessOn) };
    const early = await catchUpNights(infobase, moment('2026-11-05T01:59:59'), options);
    expect(early.end).toEqual({ code: 'up_to_date' });
    expect(told).toEqual(['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04']);
    expect(early.nights.map(({ businessOn }) => businessOn)).toEqual(told);
    await catchUpNights(infobase, moment('2026-11-05T02:00:00'), options);
    expect(told.at(-1)).toBe('2026-11-05');
    const dates = (await listNightMovements(infobase)).map(({ datedAt }) => datedAt);
    expect([...new Set(dates)]).toEqual(told.map((on) => `${on}T02:00:00`));
    // The clock set back brings no night again.
    expect(await catchUpNights(infobase, moment('2026-10-01T12:00:00'), options)).toEqual({
      nights: [],
      end: { code: 'up_to_date' },
    });
    await infobase.close();
  });

  test('takes another due date where the schedule has another time', () => {
    expect(findDueDate(moment('2026-11-05T04:29:59'), '04:30:00')).toBe('2026-11-04');
    expect(findDueDate(moment('2026-11-05T04:30:00'), '04:30:00')).toBe('2026-11-05');
    expect(findDueDate(moment('2027-01-01T00:00:00'), '02:00:00')).toBe('2026-12-31');
  });

  test('365 nights at once are 365 nights one by one, the base closed in between', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kkm-nights-'));
    const base = { name: 'night', file: join(folder, 'night.sqlite'), hasSubscription: true };
    const effects = makeEffects(5, 40, { days: 300 });
    const atOnce = await openBillingBase();
    const filled = await openBillingBase(base);
    for (const infobase of [atOnce, filled]) await addAccounts(infobase, effects);
    await filled.close();
    const now = moment('2027-10-31T12:00:00');
    const { nights } = await catchUpNights(atOnce, now, smallChunks);
    expect(nights).toHaveLength(365);
    for (let day = 0; day < 365; day += 1) {
      const infobase = await Infobase.open(base);
      expect(await runNight(infobase, dayAfterStart(day), now, smallChunks)).toMatchObject({ code: 'done' });
      await infobase.close();
    }
    const oneByOne = await Infobase.open(base);
    expect(await hashBase(oneByOne)).toBe(await hashBase(atOnce));
    expect((await listNightMovements(atOnce)).length).toBeGreaterThan(150);
    await atOnce.close();
    await oneByOne.close();
    rmSync(folder, { recursive: true });
  });
});

describe('is not run', () => {
  const reasons: readonly [
    string,
    Parameters<typeof openBillingBase>[0],
    (base: Infobase) => Promise<unknown>,
    string,
  ][] = [
    ['without the extended subscription', { hasSubscription: false }, async () => undefined, 'no_subscription'],
    ['in stage online', {}, (base) => setSetting(base, 'stage', 'online'), 'billing_off'],
    ['before billing is switched on', {}, (base) => base.db.write(removeBillingState), 'billing_off'],
  ];
  test.each(reasons)('%s', async (_, options, prepare, why) => {
    const infobase = await openBillingBase(options);
    await addAccounts(infobase, makeEffects(6, 10));
    await prepare(infobase);
    const before = await hashBase(infobase);
    const refusal = { code: 'not_run', why };
    expect(await runNight(infobase, startOn, recordedAt, smallChunks)).toEqual(refusal);
    expect(await catchUpNights(infobase, recordedAt, smallChunks)).toEqual({ nights: [], end: refusal });
    expect(await findNextNight(infobase, startOn)).toEqual(refusal);
    expect(await readNightRuns(infobase, 1)).toEqual({ obstacle: why, lastNightOn: null, runs: [] });
    expect(await hashBase(infobase)).toBe(before);
    await infobase.close();
  });

  test('once billing is switched off in the middle', async () => {
    const infobase = await openFilledBase(7);
    let chunks = 0;
    const end = await runNight(infobase, startOn, recordedAt, {
      ...smallChunks,
      pause: async () => {
        chunks += 1;
        if (chunks === 2) await setSetting(infobase, 'stage', 'online');
      },
    });
    expect([end, chunks]).toEqual([{ code: 'not_run', why: 'billing_off' }, 2]);
    await infobase.close();
  });
});

describe('the lease', () => {
  const other = { ...smallChunks, holder: 'two' };

  test('lets one of two runners run', async () => {
    const [infobase, alone] = [await openFilledBase(8), await openFilledBase(8)];
    const ends = await Promise.all([
      catchUpNights(infobase, recordedAt, smallChunks),
      catchUpNights(infobase, recordedAt, other),
    ]);
    await catchUpNights(alone, recordedAt, smallChunks);
    expect(ends.map(({ end }) => end)).toEqual([{ code: 'up_to_date' }, { code: 'held', holder: 'one' }]);
    expect(await hashBase(infobase)).toBe(await hashBase(alone));
    await infobase.close();
    await alone.close();
  });

  test('is given back at the end, and runs out for a dead runner', async () => {
    const infobase = await openFilledBase(9);
    await runNight(infobase, startOn, recordedAt, smallChunks);
    expect(await runNight(infobase, dayAfterStart(1), recordedAt, other)).toMatchObject({ code: 'done' });
    let chunks = 0;
    const dying = runNight(infobase, dayAfterStart(2), recordedAt, {
      ...smallChunks,
      leaseMs: 15_000,
      pause: async () => {
        chunks += 1;
        if (chunks === 2) throw new Killed();
      },
    });
    await expect(dying).rejects.toThrow(Killed);
    const at = (ms: number) => ({ ...other, readMs: () => ms });
    expect(await runNight(infobase, dayAfterStart(2), recordedAt, at(1_015_000))).toEqual({
      code: 'held',
      holder: 'one',
    });
    expect(await runNight(infobase, dayAfterStart(2), recordedAt, at(1_015_001))).toMatchObject({ code: 'done' });
    await infobase.close();
  });

  test('that was lost stops the run before it writes anything more', async () => {
    const [infobase, alone] = [await openFilledBase(10), await openFilledBase(10)];
    let chunks = 0;
    // The runner is suspended after its second chunk for so long that another takes the night over and ends it.
    const end = await runNight(infobase, startOn, recordedAt, {
      ...smallChunks,
      pause: async () => {
        chunks += 1;
        if (chunks !== 2) return;
        expect(await runNight(infobase, startOn, recordedAt, { ...other, readMs: () => 2_000_000 })).toMatchObject({
          code: 'done',
        });
      },
    });
    expect(end).toEqual({ code: 'held', holder: '' });
    await runNight(alone, startOn, recordedAt, smallChunks);
    expect(await hashBase(infobase)).toBe(await hashBase(alone));
    await infobase.close();
    await alone.close();
  });
});

test('in the middle of a night a card that it has passed is a night further', async () => {
  const infobase = await openFilledBase(11);
  const lastNightOf = (cardId: number): Promise<LocalDate> =>
    infobase.db.read(async (trx) => lastNightOfCard((await findBillingState(trx)) as BillingState, cardId));
  const seen: LocalDate[][] = [];
  await runNight(infobase, startOn, recordedAt, {
    ...smallChunks,
    pause: async () => {
      seen.push([await lastNightOf(13), await lastNightOf(14)]);
    },
  });
  expect(seen.slice(0, 2)).toEqual([
    [startOn, nightBefore],
    [startOn, startOn],
  ]);
  await infobase.close();
});

const totalsTo = statement<{ datedAt: string }, { cardId: number }>((knex, p) =>
  knex('billing_movement as m')
    .join('billing_document as d', 'd.id', 'm.document_id')
    .where('d.dated_at', '<=', p.datedAt)
    .groupBy('m.card_id')
    .orderBy('m.card_id')
    .select({ cardId: 'm.card_id' })
    .sum({ bonus: 'm.bonus', accumulation: 'm.accumulation', receipts: 'm.receipts' }),
);

const balances = statement<Record<string, never>, { cardId: number }>((knex) =>
  knex('billing_balance')
    .orderBy('card_id')
    .select({ cardId: 'card_id', bonus: 'bonus', accumulation: 'accumulation', receipts: 'receipts' }),
);

/** Running sums less the movements that made them, by the key of the register; rows that come to nothing are left out. */
const differencesOf = (table: string, movements: string, key: readonly string[]) =>
  statement<Record<string, never>, object>((knex) => {
    const columns = [...key, 'bonus', 'accumulation', 'receipts'];
    const taken = [...key, knex.raw('-bonus'), knex.raw('-accumulation'), knex.raw('-receipts')];
    return knex
      .from(
        knex(table)
          .select(columns)
          .unionAll([knex(movements).select(taken)])
          .as('entry'),
      )
      .groupBy([...key])
      .havingRaw('sum(bonus) <> 0 or sum(accumulation) <> 0 or sum(receipts) <> 0')
      .select([...key]);
  });

const registers = [
  differencesOf('billing_balance', 'billing_movement', ['card_id']),
  differencesOf('accrual_turnover', 'accrual_movement', ['card_id', 'write_off_on']),
  differencesOf('pending_credit', 'pending_movement', ['card_id', 'source', 'credit_on', 'write_off_on']),
];

test('opening + in - out = closing for every card, measure and night, in every register', async () => {
  const infobase = await openFilledBase(12, 120);
  for (let day = 0; day < 20; day += 1) {
    const on = dayAfterStart(day);
    await runNight(infobase, on, recordedAt, smallChunks);
    const [moved, standing, ...differences] = await infobase.db.read(async (trx) => [
      await trx.list(totalsTo, { datedAt: `${on}T23:59:59` }),
      await trx.list(balances, {}),
      ...(await Promise.all(registers.map((register) => trx.list(register, {})))),
    ]);
    expect([on, moved]).toEqual([on, standing]);
    expect([on, differences]).toEqual([on, [[], [], []]]);
  }
  expect((await listNightMovements(infobase)).length).toBeGreaterThan(200);
  await infobase.close();
});

// The clock of a test infobase: forward only, every night on the way in order, and nothing lost where the way is broken.
import { listBillingHistory } from '../../../src/db/billing/billing-history.ts';
import { findLeaseHolder, releaseLease, takeLease } from '../../../src/db/lease.ts';
import { listNightRuns } from '../../../src/db/night/night-run.ts';
import { clockOf } from '../../../src/clock.ts';
import type { LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import {
  advanceClock,
  giveTestClock,
  setClock,
  type AdvanceClockOptions,
} from '../../../src/operations/admin/move-clock.ts';
import { saveLifeRule } from '../../../src/operations/catalogs/save-life-rule.ts';
import { saveSetting } from '../../../src/operations/admin/save-setting.ts';
import { addCard, addKind, buildSale, moment, noon, openTestInfobase, register } from '../testing-infobase.ts';

const start = moment('2026-01-01T12:00:00');
const nightTime = '02:00:00';

const options: AdvanceClockOptions = {
  nightTime,
  holder: 'test',
  readMs: () => 0,
  wait: () => Promise.reject(new Error('nobody else is at a night')),
};

let infobase: Infobase;
beforeEach(async () => {
  infobase = await openTestInfobase({ hasSubscription: true });
  await giveTestClock(infobase, start);
});
afterEach(() => infobase.close());

const machine = { now: () => noon };
const now = (): LocalDateTime => clockOf(infobase, machine).now();
const advance = (to: string, more: Partial<AdvanceClockOptions> = {}) =>
  advanceClock(infobase, moment(to), { ...options, ...more });

/** Billing from the start of the clock; 1 ruble that lives two days from its sale. */
async function openBilling(): Promise<void> {
  const rule = { code: 'B', name: 'B', register: 'bonus', life: { sort: 'days', count: 2 } } as const;
  await saveLifeRule(infobase, start, rule);
  await addKind(infobase, { bonusRuleCode: 'B' });
  await addCard(infobase);
  await saveSetting(infobase, start, 'stage', 'billing');
  await register(infobase, buildSale({ receiptAt: start, bonusAccruedKopecks: 100 }), start);
}

test('an ordinary infobase keeps the time of the machine and cannot be moved', async () => {
  const ordinary = await openTestInfobase();
  const refusal = { ok: false, why: expect.stringContaining('is not a test infobase') };
  expect(clockOf(ordinary, machine).now()).toBe(noon);
  expect(await setClock(ordinary, start, { nightTime })).toEqual(refusal);
  expect(await advanceClock(ordinary, start, options)).toEqual(refusal);
  await ordinary.close();
});

test.each([
  ['2026-01-01T11:59:59', 'moves forward only'],
  ['2025-12-31T23:59:59', 'moves forward only'],
  ['3000-01-01T00:00:00', 'is after 2999-12-31T23:59:59'],
])('to %s: %s', async (to, why) => {
  const refusal = { ok: false, field: 'to', why: expect.stringContaining(why) };
  expect(await setClock(infobase, moment(to), { nightTime })).toEqual(refusal);
  expect(await advance(to)).toEqual(refusal);
  expect(now()).toBe(start);
});

test('more than ten years at once are refused', async () => {
  expect(await advance('2036-01-02T12:00:01')).toMatchObject({ ok: false, why: expect.stringContaining('3653 days') });
  expect(await advance('2036-01-02T12:00:00')).toMatchObject({ ok: true });
});

test('the same moment again is allowed, and no move makes callers give their passwords anew', async () => {
  const revision = await infobase.db.read((trx) => infobase.loadRevision(trx));
  expect(await setClock(infobase, start, { nightTime })).toMatchObject({ ok: true, before: start, now: start });
  expect(await setClock(infobase, moment('2026-01-02'), { nightTime })).toMatchObject({ ok: true });
  expect(await infobase.db.read((trx) => infobase.loadRevision(trx))).toBe(revision);
});

test('outside stage billing the clock moves and no night is run', async () => {
  expect(await setClock(infobase, moment('2026-01-02'), { nightTime })).toMatchObject({ ok: true, dueNights: null });
  expect(await advance('2026-02-01T00:00:00')).toMatchObject({ nights: [], obstacle: 'billing_off' });
  expect(now()).toBe('2026-02-01T00:00:00');
});

test('a day on is one night, with the clock at its date', async () => {
  await openBilling();
  // The night of the first day is still to run: nothing was there before it.
  await advance('2026-01-01T12:00:00');
  const seen: string[] = [];
  const outcome = await advance('2026-01-02T12:00:00', {
    onNight: ({ businessOn }) => seen.push(`${businessOn} ${now()}`),
  });
  expect(outcome).toMatchObject({ ok: true, before: start, now: '2026-01-02T12:00:00', dueNights: 1, obstacle: null });
  expect(seen).toEqual(['2026-01-02 2026-01-02T02:00:00']);
  expect(now()).toBe('2026-01-02T12:00:00');
});

test('nights are run in order, each recorded at its own date, and bonus burns in its own', async () => {
  await openBilling();
  const outcome = await advance('2026-01-05T01:59:59');
  expect(outcome.ok && outcome.nights.map(({ businessOn, startedAt }) => [businessOn, startedAt])).toEqual([
    // Missed when the clock stood at noon of that day already.
    ['2026-01-01', '2026-01-01T12:00:00'],
    ['2026-01-02', '2026-01-02T02:00:00'],
    ['2026-01-03', '2026-01-03T02:00:00'],
    ['2026-01-04', '2026-01-04T02:00:00'],
  ]);
  const history = await infobase.db.read((trx) =>
    listBillingHistory(trx, 1, { from: moment('2026-01-01'), to: noon }, 10),
  );
  expect(history.map(({ datedAt, bonus }) => [datedAt, bonus])).toEqual([
    [start, 100],
    ['2026-01-03T02:00:00', -100],
  ]);
});

test('set leaves the nights that have come due, and advance runs them first', async () => {
  await openBilling();
  expect(await setClock(infobase, moment('2026-01-03T02:00:00'), { nightTime })).toMatchObject({ dueNights: 3 });
  expect(await infobase.db.read((trx) => listNightRuns(trx, 10))).toEqual([]);
  expect(await advance('2026-01-03T02:00:00')).toMatchObject({ dueNights: 3, nights: [{}, {}, {}] });
  expect(now()).toBe('2026-01-03T02:00:00');
});

test('a dry run tells and moves nothing', async () => {
  await openBilling();
  expect(await advance('2026-01-03T12:00:00', { isDryRun: true })).toMatchObject({ dueNights: 3, nights: [] });
  const dry = { nightTime, isDryRun: true };
  expect(await setClock(infobase, moment('2026-01-03T12:00:00'), dry)).toMatchObject({ ok: true });
  expect(now()).toBe(start);
  expect(await infobase.db.read((trx) => listNightRuns(trx, 10))).toEqual([]);
});

test('a way that breaks off at a night goes on there', async () => {
  await openBilling();
  const broken = advance('2026-01-04T12:00:00', {
    onNight: ({ businessOn }) => {
      if (businessOn === '2026-01-02') throw new Error('killed');
    },
  });
  await expect(broken).rejects.toThrow('killed');
  expect(now()).toBe('2026-01-02T02:00:00');
  await infobase.db.write((trx) => releaseLease(trx, 'night', 'test'));
  const outcome = await advance('2026-01-04T12:00:00');
  expect(outcome.ok && outcome.nights.map(({ businessOn }) => businessOn)).toEqual(['2026-01-03', '2026-01-04']);
});

test('asked to stop, it stands where it had come to, and goes on from there', async () => {
  await openBilling();
  let asked = 0;
  const shouldStop = (): boolean => {
    asked += 1;
    return asked > 3;
  };
  const stopped = { ok: false, why: expect.stringMatching(/^stopped in the night of 2026-01-0\d$/) };
  expect(await advance('2026-01-05T12:00:00', { shouldStop })).toEqual(stopped);
  expect(now() < '2026-01-05').toBe(true);
  expect(await advance('2026-01-05T12:00:00')).toMatchObject({ ok: true, now: '2026-01-05T12:00:00' });
  expect(await infobase.db.read((trx) => listNightRuns(trx, 10))).toHaveLength(5);
});

test('another runner of a night is waited for', async () => {
  await openBilling();
  const lease = { name: 'night', holder: 'service', nowMs: 0, untilMs: 1_000 };
  await infobase.db.write((trx) => takeLease(trx, lease));
  let waits = 0;
  const wait = async (): Promise<void> => {
    waits += 1;
    if (waits === 3) await infobase.db.write((trx) => releaseLease(trx, 'night', 'service'));
  };
  expect(await advance('2026-01-02T12:00:00', { wait })).toMatchObject({ ok: true, nights: [{}, {}] });
  expect(waits).toBe(3);
  expect(await infobase.db.read((trx) => findLeaseHolder(trx, 'night'))).toBeUndefined();
});

test('without a subscription the clock moves and no night is run', async () => {
  const other = await openTestInfobase({ hasSubscription: false });
  await giveTestClock(other, start);
  await saveSetting(other, start, 'stage', 'billing');
  const outcome = await advanceClock(other, moment('2026-01-05'), options);
  expect(outcome).toMatchObject({ ok: true, nights: [], obstacle: 'no_subscription' });
  await other.close();
});

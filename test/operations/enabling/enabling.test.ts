// Switching billing on and off, step by step: what is required before, what tills get meanwhile, every way of stopping and
// continuing it, documents that fail, and what is left when it is off again.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBillingState } from '../../../src/db/billing/billing-state.ts';
import { enterExclusiveMode, findExclusiveMode } from '../../../src/db/admin/exclusive-mode.ts';
import { takeLease } from '../../../src/db/lease.ts';
import { statement } from '../../../src/db/statement.ts';
import { addDays } from '../../../src/ledger/local-date-time.ts';
import { resultCodes } from '../../../src/ledger/result.ts';
import { describeService } from '../../../src/operations/admin/describe-service.ts';
import { confirmations, disableBilling, findBillingRemains } from '../../../src/operations/enabling/disable-billing.ts';
import { billingLease, type EnablingOptions } from '../../../src/operations/enabling/enabling-steps.ts';
import { continueEnabling, repostDocuments } from '../../../src/operations/enabling/enable-billing.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { pauseEnablingRun } from '../../../src/operations/enabling/pause-enabling.ts';
import { previewEnabling, readBillingStatus } from '../../../src/operations/enabling/read-billing-status.ts';
import { nightTime } from '../../../src/ledger/night-moment.ts';
import { findNextNight } from '../../../src/operations/night/run-night.ts';
import { saveSetting } from '../../../src/operations/admin/save-setting.ts';
import { day, getAccount, listBillingRows } from '../billing/testing-billing.ts';
import { hashBase, dieAt } from '../night/testing-night.ts';
import {
  addCard,
  buildCancel,
  buildReserve,
  buildReturn,
  buildSale,
  cancel,
  getBalance,
  moment,
  openBalances,
  register,
  reserve,
  setSetting,
  showCard,
  upload,
} from '../testing-infobase.ts';
import { enable, eveningOf, hashTrade, openOnline, runner } from './testing-enabling.ts';
import { backUp } from '../testing-backup.ts';

const startOn = day('2026-11-01');
const today = day('2026-11-06');
const now = eveningOf(today);
const { done, exclusiveMode, beforeBilling } = resultCodes;

const folder = mkdtempSync(join(tmpdir(), 'kkm-billing-'));
let files = 0;
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const newFile = (): string => join(folder, String((files += 1)));

const opened: Infobase[] = [];
afterEach(async () => {
  for (const infobase of opened.splice(0)) await infobase.close();
});

const old = buildSale({ receiptNumber: 1, receiptAt: moment('2026-10-20T12:00:00'), bonusAccruedKopecks: 500 });
const sales = [1, 2, 3, 4, 5].map((date) =>
  buildSale({
    receiptNumber: 10 + date,
    receiptAt: moment(`2026-11-0${date}T0${date % 2}:30:00`),
    cardNumber: date % 2 === 0 ? 'B' : 'A',
    bonusAccruedKopecks: 100 * date,
    bonusRedeemedKopecks: 10 * date,
  }),
);

/** Two cards with something from October, and a receipt a day since; one is returned, one cancelled. */
async function openShop(options: Parameters<typeof openOnline>[2] = {}): Promise<Infobase> {
  const infobase = await openOnline({ K: { bonus: 'days:3', accumulation: 'months:2' } }, {}, options);
  opened.push(infobase);
  for (const number of ['A', 'B']) {
    await addCard(infobase, { number, kindCode: 'K' });
    await openBalances(infobase, number, { bonus: 10_000, accumulation: 5_000, receipts: 3 });
  }
  await upload(infobase, [{ ...old, cardNumber: 'A' }], now);
  for (const sale of sales) await register(infobase, { ...sale, offline: true }, now);
  const back = { receiptAt: moment('2026-11-05T10:00:00'), sumWithDiscountKopecks: 5_000 };
  await upload(infobase, [buildReturn({ ...old, cardNumber: 'A' }, back)], now);
  await cancel(infobase, buildCancel(sales[3] ?? old), now);
  return infobase;
}

const goOn = (infobase: Infobase, options: Partial<EnablingOptions> = {}) =>
  continueEnabling(infobase, now, { ...runner, ...options });

const statusOf = (infobase: Infobase) => readBillingStatus(infobase, now, { limit: 5, nightTime, nowMs: 0 });

async function hashUnbroken(): Promise<string> {
  const infobase = await openShop();
  expect(await enable(infobase, startOn, today, { stepItems: 2 })).toEqual({ code: 'done' });
  return hashBase(infobase);
}

test('opens the balances the day before, posts what has come since, and serves the tills again', async () => {
  const infobase = await openShop();
  const trade = await hashTrade(infobase);
  const before = [await getBalance(infobase, 'A'), await getBalance(infobase, 'B')];
  expect(await previewEnabling(infobase, now, startOn, nightTime)).toEqual({
    ok: true,
    cards: 2,
    receiptsBefore: 1,
    receiptsSince: 5,
    nights: 6,
  });
  expect(await enable(infobase, startOn, today)).toEqual({ code: 'done' });
  expect(await hashTrade(infobase)).toBe(trade);
  expect([await getBalance(infobase, 'A'), await getBalance(infobase, 'B')]).toEqual(before);
  const rows = await listBillingRows(infobase, 'A');
  expect(rows[0]).toMatchObject({
    kind: 'OpeningBalance',
    origin: 'opening',
    datedAt: '2026-10-31T23:59:59',
    bonus: 10_500,
    accumulation: 15_000,
    receipts: 4,
  });
  // What was there at the start burns three days later, with the first sale's bonus; so the return of the old sale finds
  // nothing to take. Of the third's 3.00 the fifth has spent 0.50.
  expect(rows.filter(({ kind }) => kind === 'WriteOff').map(({ datedAt, bonus }) => [datedAt, bonus])).toEqual([
    ['2026-11-04T02:00:00', -10_560],
    ['2026-11-06T02:00:00', -250],
  ]);
  expect(await infobase.db.read(findBillingState)).toEqual({ startOn, lastNightOn: today, lastReceiptId: 7 });
  expect(await infobase.db.read(findExclusiveMode)).toBeUndefined();
  expect(await describeService(infobase, now, '1')).toMatchObject({ code: done, billingEnabled: true });
  expect((await showCard(infobase, 'A', now)).code).toBe(done);
  expect(await statusOf(infobase)).toMatchObject({
    stage: 'billing',
    exclusive: null,
    holder: null,
    enabling: { phase: 'done', documents: 5, counts: { posted: 5, waiting: 0, failed: 0 }, nightsDone: 6 },
  });
});

test.each<[what: string, prepare: (infobase: Infobase) => Promise<unknown>, on: string, why: RegExp]>([
  ['a branch', (infobase) => setSetting(infobase, 'role', 'branch'), '2026-11-01', /central base.*branch/],
  ['stage cards', (infobase) => setSetting(infobase, 'stage', 'cards'), '2026-11-01', /stage is cards/],
  ['a day to come', async () => undefined, '2026-11-07', /2026-11-07 is after 2026-11-06/],
  ['a day of another century', async () => undefined, '1926-11-01', /too long ago/],
  [
    'exclusive mode of other work',
    (infobase) => infobase.db.write((trx) => enterExclusiveMode(trx, { purpose: 'disabling', sinceAt: now })),
    '2026-11-01',
    /exclusive mode is on/,
  ],
])('%s is refused, and nothing is done', async (_, prepare, on, why) => {
  const infobase = await openShop();
  await prepare(infobase);
  const hash = await hashBase(infobase);
  expect(await enable(infobase, day(on), today)).toMatchObject({ code: 'refused', why: expect.stringMatching(why) });
  expect(await hashBase(infobase)).toBe(hash);
});

test('without the extended subscription, and twice, it is refused', async () => {
  const poor = await openShop({ hasSubscription: false });
  expect(await enable(poor, startOn, today)).toMatchObject({
    code: 'refused',
    why: expect.stringMatching(/subscription/),
  });
  const infobase = await openShop();
  await enable(infobase, startOn, today);
  expect(await enable(infobase, startOn, today)).toMatchObject({ code: 'refused', why: 'billing is on already' });
  expect(await goOn(infobase)).toMatchObject({ code: 'refused' });
});

test('meanwhile tills get 10, nights and settings wait, and a second runner is kept away', async () => {
  const infobase = await openShop();
  const seen: unknown[] = [];
  const end = await enable(infobase, startOn, today, {
    stepItems: 1,
    pause: async () => {
      if (seen.length > 0) return;
      const sale = buildSale({ receiptNumber: 90, cardNumber: 'A', receiptAt: now });
      seen.push((await showCard(infobase, 'A', now)).code, (await register(infobase, sale, now)).code);
      seen.push((await upload(infobase, [sale], now)).code, (await reserve(infobase, buildReserve(sale), now)).code);
      seen.push(await findNextNight(infobase, today));
      seen.push((await saveSetting(infobase, now, 'stage', 'online')).ok);
      seen.push((await goOn(infobase, { holder: 'two' })).code);
      seen.push((await enable(infobase, startOn, today, { holder: 'two' })).code);
    },
  });
  expect(end).toEqual({ code: 'done' });
  const ten = exclusiveMode;
  expect(seen).toEqual([ten, ten, ten, ten, { code: 'not_run', why: 'enabling' }, false, 'held', 'refused']);
  expect(await hashBase(infobase)).toBe(await hashUnbroken());
});

test('stopped after any step and continued, it ends as an uninterrupted run', async () => {
  const unbroken = await hashUnbroken();
  let isFinished = false;
  for (let steps = 0; !isFinished; steps += 1) {
    const infobase = await openShop();
    let left = steps;
    const stopping = { stepItems: 2, shouldStop: () => (left -= 1) < 0 };
    const end = await enable(infobase, startOn, today, stopping);
    isFinished = end.code === 'done';
    if (!isFinished) {
      expect(end).toEqual({ code: 'stopped' });
      expect((await showCard(infobase, 'A', now)).code).toBe(exclusiveMode);
      expect(await goOn(infobase, { stepItems: 2 })).toEqual({ code: 'done' });
    }
    expect([steps, await hashBase(infobase)]).toEqual([steps, unbroken]);
    await infobase.close();
  }
});

test.each(['before', 'after'])('killed %s any commit and continued, it ends as an uninterrupted run', async (where) => {
  const unbroken = await hashUnbroken();
  let isFinished = false;
  for (let writes = 1; !isFinished; writes += 1) {
    const infobase = await openShop();
    const dying = dieAt(infobase, writes, where);
    const outcome = await enable(dying.infobase, startOn, today, { stepItems: 2 }).catch(
      (reason: Error) => reason.message,
    );
    isFinished = dying.hasLived();
    if (isFinished) expect(outcome).toEqual({ code: 'done' });
    else expect(outcome).toBe('killed');
    // The dead runner's lease runs out by the machine's clock.
    const later = { ...runner, holder: 'two', stepItems: 2, readMs: () => 2_000_000 };
    if (!isFinished) {
      const again = await continueEnabling(infobase, now, later);
      // Killed before it had begun, there is nothing to continue; after its last commit, nothing is left.
      if (again.code === 'refused') {
        const { enabling } = await statusOf(infobase);
        if (enabling === null) expect(await enable(infobase, startOn, today, later)).toEqual({ code: 'done' });
        else expect(enabling.phase).toBe('done');
      } else expect(again).toEqual({ code: 'done' });
    }
    expect([writes, await hashBase(infobase)]).toEqual([writes, unbroken]);
    await infobase.close();
  }
});

test('pauses after its step if another process asks, and continues', async () => {
  const infobase = await openShop();
  let steps = 0;
  const pausing = async (): Promise<void> => {
    steps += 1;
    if (steps === 3) expect(await pauseEnablingRun(infobase)).toBe(true);
  };
  expect(await enable(infobase, startOn, today, { stepItems: 1, pause: pausing })).toEqual({ code: 'paused' });
  expect(await statusOf(infobase)).toMatchObject({ enabling: { isPaused: true }, exclusive: { purpose: 'enabling' } });
  expect((await showCard(infobase, 'A', now)).code).toBe(exclusiveMode);
  expect(await goOn(infobase)).toEqual({ code: 'done' });
  expect(await pauseEnablingRun(infobase)).toBe(false);
});

test('a document that fails is listed with the reason, holds back the end, and is posted again by itself', async () => {
  const infobase = await openShop();
  const change = (text: string) =>
    infobase.db.write((trx) =>
      trx.change(
        statement<Record<string, never>>((knex) => knex.raw(text)),
        {},
      ),
    );
  await change(`create trigger poison before insert on billing_document when new.dated_at = '2026-11-03T01:30:00'
    begin select raise(abort, 'no room for it'); end`);
  expect(await enable(infobase, startOn, today, { stepItems: 2 })).toEqual({ code: 'failed' });
  const { enabling } = await statusOf(infobase);
  expect(enabling).toMatchObject({ phase: 'posting', counts: { posted: 4, waiting: 0, failed: 1 } });
  expect(enabling?.failed).toEqual([
    expect.objectContaining({ receiptNumber: 13, cardNumber: 'A', why: 'no room for it' }),
  ]);
  expect((await showCard(infobase, 'A', now)).code).toBe(exclusiveMode);
  const receiptId = enabling?.failed[0]?.receiptId ?? 0;
  const repost = (which: Parameters<typeof repostDocuments>[2]) => repostDocuments(infobase, now, which, runner);
  expect(await repost({ receiptId })).toEqual({ code: 'failed' });
  expect(await repost({ receiptId: 1 })).toMatchObject({ code: 'refused' });
  await change('drop trigger poison');
  expect(await repost({ receiptId })).toEqual({ code: 'done' });
  const other = await openShop();
  await enable(other, startOn, today);
  for (const card of ['A', 'B']) expect(await getAccount(infobase, card)).toEqual(await getAccount(other, card));
});

test('edits and late facts dated before the start never touch billing', async () => {
  const infobase = await openShop();
  await enable(infobase, startOn, today);
  const before = [await getAccount(infobase, 'A'), await getAccount(infobase, 'B')];
  const late = buildSale({
    receiptNumber: 70,
    receiptAt: moment('2026-10-31T23:00:00'),
    cardNumber: 'B',
    bonusAccruedKopecks: 700,
  });
  expect((await upload(infobase, [late], now)).results[0]?.code).toBe(beforeBilling);
  const { results } = await upload(infobase, [{ ...late, bonusAccruedKopecks: 900 }], now);
  expect(results[0]?.code).toBe(beforeBilling);
  await cancel(infobase, buildCancel(late), now);
  expect([await getAccount(infobase, 'A'), await getAccount(infobase, 'B')]).toEqual(before);
});

const options = () => ({ ...runner, backupFile: newFile(), backUp, confirm: confirmations });

describe('switching off', () => {
  test('makes a backup that tills could be served from, destroys what billing wrote, and leaves the rest', async () => {
    const infobase = await openShop();
    const schema = statement<Record<string, never>, { sql: string }>((knex) =>
      knex('sqlite_master').select('sql').whereNotNull('sql').orderBy('name'),
    );
    const tables = await infobase.db.read((trx) => trx.list(schema, {}));
    const [trade, empty] = [await hashTrade(infobase), await hashBase(infobase)];
    await enable(infobase, startOn, today);
    const billed = await hashBase(infobase);
    const off = options();
    const end = await disableBilling(infobase, now, off);
    expect(end).toMatchObject({ code: 'done', removed: { documents: expect.any(Number), nights: 6 } });
    expect([await hashTrade(infobase), await hashBase(infobase)]).toEqual([trade, empty]);
    expect(await infobase.db.read((trx) => trx.list(schema, {}))).toEqual(tables);
    expect((await showCard(infobase, 'A', now)).code).toBe(done);
    expect(await findBillingRemains(infobase)).toBeUndefined();
    const backup = await Infobase.open({ name: 'backup', file: off.backupFile, hasSubscription: true });
    opened.push(backup);
    expect(await hashBase(backup)).toBe(billed);
    expect((await showCard(backup, 'A', now)).code).toBe(done);
  });

  test.each([[['1', '2']], [['1', '3']], [['2', '3']], [[]]])(
    'with %j confirmed alone nothing is done',
    async (confirm) => {
      const infobase = await openShop();
      await enable(infobase, startOn, today);
      const hash = await hashBase(infobase);
      const off = { ...options(), confirm };
      expect(await disableBilling(infobase, now, off)).toMatchObject({ code: 'refused', why: /not confirmed/ });
      expect([await hashBase(infobase), existsSync(off.backupFile)]).toEqual([hash, false]);
    },
  );

  test('where no backup can be made nothing is done, and tills are served', async () => {
    const infobase = await openShop();
    await enable(infobase, startOn, today);
    const hash = await hashBase(infobase);
    const off = { ...options(), backupFile: join(folder, 'no', 'such', 'folder') };
    expect(await disableBilling(infobase, now, off)).toMatchObject({ code: 'no_backup' });
    expect(await hashBase(infobase)).toBe(hash);
    expect((await showCard(infobase, 'A', now)).code).toBe(done);
  });

  test.each(['before', 'after'])(
    'killed %s any commit it has done nothing or all, and is done again',
    async (where) => {
      let isFinished = false;
      for (let writes = 1; !isFinished; writes += 1) {
        const infobase = await openShop();
        const empty = await hashBase(infobase);
        await enable(infobase, startOn, today);
        const billed = await hashBase(infobase);
        const dying = dieAt(infobase, writes, where);
        const outcome = await disableBilling(dying.infobase, now, options()).catch((reason: Error) => reason.message);
        isFinished = dying.hasLived();
        if (!isFinished) expect(outcome).toBe('killed');
        expect([billed, empty]).toContain(await hashBase(infobase));
        const again = await disableBilling(infobase, now, { ...options(), holder: 'two', readMs: () => 2_000_000 });
        expect(again.code).toMatch(/^(done|refused)$/);
        expect(await hashBase(infobase)).toBe(empty);
        expect((await showCard(infobase, 'A', now)).code).toBe(done);
        await infobase.close();
      }
    },
  );

  test('takes back a switching-on that was left unfinished, and keeps away from one that is at work', async () => {
    const infobase = await openShop();
    const empty = await hashBase(infobase);
    let left = 4;
    await enable(infobase, startOn, today, { stepItems: 1, shouldStop: () => (left -= 1) < 0 });
    await infobase.db.write((trx) =>
      takeLease(trx, { name: billingLease, holder: 'other', nowMs: 1_000_000, untilMs: 1_000_500 }),
    );
    expect(await disableBilling(infobase, now, options())).toEqual({ code: 'held', holder: 'other' });
    const later = { ...options(), readMs: () => 1_001_000 };
    expect(await disableBilling(infobase, now, later)).toMatchObject({ code: 'done' });
    expect(await hashBase(infobase)).toBe(empty);
    expect((await showCard(infobase, 'A', now)).code).toBe(done);
    expect(await disableBilling(infobase, now, options())).toEqual({ code: 'refused', why: 'billing is off' });
    expect(await enable(infobase, addDays(startOn, 1), today)).toEqual({ code: 'done' });
  });
});

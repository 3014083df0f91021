// A card's operations of a period are those of its whole history within it, whatever order their dates came in; and they are
// found by the index of card and date.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import type { Trx } from '../../../src/db/db.ts';
import { addSeconds, type LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import { listCardOperations, type CardOperation } from '../../../src/operations/cards/list-card-operations.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { runNight } from '../../../src/operations/night/run-night.ts';
import { depth, fileSeed } from '../../deep.ts';
import { expectSame } from '../../expect-same.ts';
import {
  addAccounts,
  dayAfterStart,
  makeEffects,
  makeRandom,
  nightOptions,
  openBillingBase,
  postEffect,
  recordedAt,
} from '../night/testing-night.ts';
import { addCard, buildSale, moment, openTestInfobase, read, testCard, upload } from '../testing-infobase.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kkm-operations-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const list = async (
  infobase: Infobase,
  cardNumber: string,
  from: LocalDateTime | null,
  to: LocalDateTime | null,
  limit: number | null,
): Promise<readonly CardOperation[]> => {
  const reply = await listCardOperations(infobase, read({ cardNumber, from, to, limit }));
  expect(reply.code).toBe(0);
  return reply.operations;
};

const start = moment('2026-11-01T00:00:00');
const secondsOfMonth = 30 * 86_400;

/** Asks for random periods, and compares with the whole history. */
async function tryPeriods(infobase: Infobase, cardNumber: string, random: () => number): Promise<void> {
  const all = await list(infobase, cardNumber, null, null, null);
  expect(all.length).toBeGreaterThan(200);
  for (let run = 0; run < 150 * depth; run += 1) {
    const at = (): LocalDateTime | null =>
      random() < 0.15 ? null : addSeconds(start, Math.floor((random() * 1.2 - 0.1) * secondsOfMonth));
    const [from, to] = [at(), at()];
    const limit = [null, 1, 3, 10, 100, 101][Math.floor(random() * 6)]!;
    const within = all.filter(({ datedAt }) => (from === null || datedAt >= from) && (to === null || datedAt <= to));
    expectSame(await list(infobase, cardNumber, from, to, limit), limit === null ? within : within.slice(-limit));
  }
  const { datedAt } = all[100]!;
  expect(await list(infobase, cardNumber, datedAt, datedAt, null)).toContainEqual(all[100]);
}

/** A moment of the month; some come twice. */
const anyMoment = (random: () => number): LocalDateTime =>
  addSeconds(start, Math.floor(random() * 400) * Math.floor(secondsOfMonth / 400));

test('in stage online', async () => {
  const random = makeRandom(fileSeed);
  const infobase = await openTestInfobase();
  await addCard(infobase);
  const sales = Array.from({ length: 250 }, (_, index) =>
    buildSale({ receiptNumber: index + 1, receiptAt: anyMoment(random), bonusAccruedKopecks: index }),
  );
  await upload(infobase, sales, moment('2026-12-01T12:00:00'));
  await tryPeriods(infobase, testCard.number, random);
  await infobase.close();
});

test('in stage billing, with nights', async () => {
  const random = makeRandom(fileSeed);
  const infobase = await openBillingBase();
  // The same account at every seed: one that begins with a debt may have nothing that a night takes.
  await addAccounts(infobase, makeEffects(1, 1));
  for (let night = 0; night < 25; night += 1) {
    for (let count = 0; count < 10; count += 1) {
      const bonus = 1 + Math.floor(random() * 500);
      const row = {
        measure: 'bonus',
        writeOffOn: dayAfterStart(night + Math.floor(random() * 9)),
        amount: bonus,
      } as const;
      const effect = { balance: { bonus, accumulation: 0, receipts: 0 }, rows: [row], pending: [] };
      await postEffect(infobase, 1, effect, anyMoment(random));
    }
    await runNight(infobase, dayAfterStart(night), recordedAt, nightOptions());
  }
  await tryPeriods(infobase, '2900000001', random);
  const nights = (await list(infobase, '2900000001', null, null, null)).filter(({ comment }) => comment !== null);
  expect(nights.some(({ comment }) => comment?.includes('истекли'))).toBe(true);
  await infobase.close();
});

test('the rows of a period are chosen by the index of card and date', async () => {
  const plans: string[] = [];
  for (const stage of ['online', 'billing']) {
    const file = join(folder, `${stage}.sqlite`);
    const infobase = stage === 'billing' ? await openBillingBase({ file }) : await openTestInfobase({ file });
    await addCard(infobase);
    const texts = new Set<string>();
    const readRows = infobase.db.read.bind(infobase.db);
    jest.spyOn(infobase.db, 'read').mockImplementation((work) =>
      readRows((trx) =>
        work(
          new Proxy(trx, {
            get: (target, name: 'list') => {
              const own = target[name].bind(target);
              return (...call: Parameters<Trx['list']>) => {
                if (name === 'list') texts.add(call[0].compile('better-sqlite3').sql);
                return own(...call);
              };
            },
          }),
        ),
      ),
    );
    await list(infobase, testCard.number, start, moment('2026-11-02T00:00:00'), null);
    const connection = new BetterSqlite(file);
    for (const sql of texts) {
      if (!sql.includes('chosen')) continue;
      const count = sql.split('?').length - 1;
      const steps = connection.prepare(`explain query plan ${sql}`).all(...Array.from({ length: count }, () => 1));
      plans.push((steps as { readonly detail: string }[]).map(({ detail }) => detail).join('\n'));
    }
    connection.close();
    await infobase.close();
  }
  expect(plans).toHaveLength(2);
  expect(plans[0]).toMatch(/COVERING INDEX accumulation_movement_dated \(card_id=\? AND dated_at>\? AND dated_at<\?\)/);
  expect(plans[1]).toMatch(/COVERING INDEX billing_movement_dated \(card_id=\? AND dated_at>\? AND dated_at<\?\)/);
  // Each of the chosen rows is looked up; none of the others is.
  for (const plan of plans) expect(plan).not.toMatch(/_movement_card|SCAN (accumulation|billing)_movement|AUTOMATIC/);
});

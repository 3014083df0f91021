// The preview of a night to come is what that night then does, if nothing happens in between; and it changes nothing.
import * as fc from 'fast-check';
import { measureNames, type MeasureName } from '../../../src/ledger/account.ts';
import type { LocalDate } from '../../../src/ledger/local-date-time.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { previewNight, type NightLine, type PreviewOptions } from '../../../src/operations/night/preview-night.ts';
import { catchUpNights, runNight } from '../../../src/operations/night/run-night.ts';
import { setSetting } from '../testing-infobase.ts';
import { depth, fileSeed } from '../../deep.ts';
import {
  addAccounts,
  addHeld,
  dayAfterStart,
  hashBase,
  listNightMovements,
  makeEffects,
  makeHeld,
  nightBefore,
  nightOptions,
  openBillingBase,
  recordedAt,
  startOn,
  type NightMovement,
} from './testing-night.ts';

type Line = Pick<
  NightMovement,
  'kind' | 'cardId' | MeasureName | 'coveredBonus' | 'coveredAccumulation' | 'coveredReceipts'
>;

const noneCovered = { coveredBonus: null, coveredAccumulation: null, coveredReceipts: null };

function sumParts(parts: readonly { readonly measure: MeasureName; readonly amount: number }[], sign: 1 | -1) {
  const total = { bonus: 0, accumulation: 0, receipts: 0 };
  for (const { measure, amount } of parts) total[measure] += sign * amount;
  return total;
}

/** A line foreseen, as the register would have it. */
function toMovements({ cardId, writeOffs, credits }: NightLine): Line[] {
  const coveredOf = (measure: MeasureName) => writeOffs.find((one) => one.measure === measure)?.covered ?? null;
  const covered = {
    coveredBonus: coveredOf('bonus'),
    coveredAccumulation: coveredOf('accumulation'),
    coveredReceipts: coveredOf('receipts'),
  };
  return [
    ...(writeOffs.length > 0 ? [{ kind: 'WriteOff', cardId, ...sumParts(writeOffs, -1), ...covered }] : []),
    ...(credits.length > 0 ? [{ kind: 'Accrual', cardId, ...sumParts(credits, 1), ...noneCovered }] : []),
  ];
}

async function foresee(infobase: Infobase, on: LocalDate, options: PreviewOptions = {}) {
  const lines: NightLine[] = [];
  const preview = await previewNight(infobase, on, { chunkCards: 37, onLine: (line) => lines.push(line), ...options });
  return { preview, lines };
}

const byKindAndCard = (a: Line, b: Line): number =>
  a.kind === b.kind ? a.cardId - b.cardId : a.kind > b.kind ? -1 : 1;

async function listMovementsOf(infobase: Infobase, on: LocalDate): Promise<Line[]> {
  const movements = (await listNightMovements(infobase)).filter(({ datedAt }) => datedAt === `${on}T02:00:00`);
  return movements.map(
    ({ datedAt: _datedAt, comment: _comment, line: _line, bonusAfter: _bonusAfter, ...line }) => line,
  );
}

function sumOf(lines: readonly Line[], kind: string) {
  const own = lines.filter((line) => line.kind === kind);
  const sums = measureNames.map((measure) => [measure, own.reduce((sum, line) => sum + BigInt(line[measure]), 0n)]);
  return { lines: own.length, sums: Object.fromEntries(sums) as Record<MeasureName, bigint> };
}

test('it is what the night then does, up to 400 days ahead', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.oneof(fc.nat(5), fc.nat(40), fc.nat(400)),
      fc.nat(6),
      async (seed, ahead, doneBefore) => {
        const infobase = await openBillingBase();
        await addAccounts(infobase, makeEffects(seed, 150, { days: ahead + 10 }));
        await addHeld(infobase, makeHeld(seed, 150, { days: ahead + doneBefore + 2, greatest: 100_000 }));
        for (let day = 0; day < doneBefore; day += 1) {
          await runNight(infobase, dayAfterStart(day), recordedAt, nightOptions());
        }
        const on = dayAfterStart(doneBefore + ahead);
        const before = await hashBase(infobase);
        const { preview, lines } = await foresee(infobase, on);
        expect(await hashBase(infobase)).toBe(before);
        await catchUpNights(infobase, recordedAt, { ...nightOptions(), dueOn: on });
        const fact = await listMovementsOf(infobase, on);
        expect(lines.flatMap(toMovements).toSorted(byKindAndCard)).toEqual(fact);
        const [taken, given] = [sumOf(fact, 'WriteOff'), sumOf(fact, 'Accrual')];
        for (const measure of measureNames) taken.sums[measure] = -taken.sums[measure];
        expect(preview).toEqual({
          code: 'done',
          businessOn: on,
          nightsBefore: ahead,
          writeOff: taken,
          accrual: given,
        });
        await infobase.close();
      },
    ),
    { numRuns: 20 * depth, seed: fileSeed },
  );
});

test('in the middle of a night it knows which cards that night has passed', async () => {
  const infobase = await openBillingBase();
  await addAccounts(infobase, makeEffects(21, 100, { days: 4 }));
  const previews: unknown[] = [];
  await runNight(infobase, startOn, recordedAt, {
    ...nightOptions({ chunkCards: 30 }),
    pause: async () => void previews.push((await foresee(infobase, dayAfterStart(2))).lines),
  });
  const { lines } = await foresee(infobase, dayAfterStart(2));
  expect(lines.length).toBeGreaterThan(10);
  expect(previews).toEqual([lines, lines, lines, lines]);
  await infobase.close();
});

test('lets others in between its chunks, shows how far it is, and stops when asked', async () => {
  const infobase = await openBillingBase();
  await addAccounts(infobase, makeEffects(22, 100));
  const events: unknown[] = [];
  let pauses = 0;
  const { preview } = await foresee(infobase, startOn, {
    pause: async () => {
      pauses += 1;
    },
    onProgress: ({ doneCardId, lastCardId }) => events.push([doneCardId, lastCardId]),
    shouldStop: () => pauses === 2,
  });
  expect(preview).toEqual({ code: 'stopped' });
  expect(events).toEqual([
    [37, 100],
    [74, 100],
  ]);
  await infobase.close();
});

test('refuses a night that is done, one too far away, and a base without nights', async () => {
  const infobase = await openBillingBase();
  expect(await previewNight(infobase, nightBefore)).toEqual({ code: 'done_before', lastNightOn: nightBefore });
  expect(await previewNight(infobase, '2036-11-02' as LocalDate)).toEqual({ code: 'too_far', lastOn: '2036-10-31' });
  expect(await previewNight(infobase, '2036-10-31' as LocalDate)).toMatchObject({ code: 'done', nightsBefore: 3_652 });
  await setSetting(infobase, 'stage', 'online');
  expect(await previewNight(infobase, startOn)).toEqual({ code: 'not_run', why: 'billing_off' });
  await infobase.close();
  const unsubscribed = await openBillingBase({ hasSubscription: false });
  expect(await previewNight(unsubscribed, startOn)).toEqual({ code: 'not_run', why: 'no_subscription' });
  await unsubscribed.close();
});

test('totals outgrow what a number keeps exactly', async () => {
  const infobase = await openBillingBase();
  const great = 9_007_199_254_740_991;
  const balance = { bonus: great, accumulation: 0, receipts: 0 };
  await addAccounts(
    infobase,
    [1, 2, 3].map(() => ({ balance, rows: [], pending: [] })),
  );
  const preview = await previewNight(infobase, dayAfterStart(0));
  expect(preview).toMatchObject({ writeOff: { lines: 3, sums: { bonus: 27_021_597_764_222_973n } } });
  await infobase.close();
});

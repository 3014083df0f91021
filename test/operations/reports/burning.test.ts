// What burns when: the report foresees what the nights then take, from each card and in all.
import * as fc from 'fast-check';
import { addDays } from '../../../src/ledger/local-date-time.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { depth, fileSeed } from '../../deep.ts';
import { history, kinds, tellingsOf } from '../billing/histories.ts';
import { playStart, tellAll } from '../billing/plays.ts';
import { day, getLastNight, openBilling, passNight } from '../billing/testing-billing.ts';
import { addCard, buildSale, moment, openTestInfobase, register } from '../testing-infobase.ts';
import { askAll, readByPages, readReport } from './testing-reports.ts';
import { openReport } from '../../../src/operations/reports/open-report.ts';

const midway = 4;

interface Burnt {
  readonly card?: string | undefined;
  readonly date?: string | undefined;
  readonly cards?: string;
  readonly bonus: string;
  readonly accumulation: string;
  readonly receipts: string;
}

/** Written off by the nights after a date, by card and date: the documents of the nights themselves. */
async function listWriteOffs(infobase: Infobase, from: string): Promise<Burnt[]> {
  const movements = (await readReport(infobase, 'movements')) as (Burnt & { readonly documentKind: string })[];
  return movements
    .filter(({ documentKind, date = '' }) => documentKind === 'WriteOff' && date.slice(0, 10) > from)
    .map(({ card, date, bonus, accumulation, receipts }) => {
      const [taken, aged, counted] = [bonus, accumulation, receipts].map((text) => text.replace(/^-/, ''));
      return { card, date: date?.slice(0, 10), bonus: taken, accumulation: aged, receipts: counted } as Burnt;
    });
}

test('what is foreseen is what the nights take', async () => {
  const infobase = await openBilling({ start: playStart, kinds });
  const histories = fc.sample(history, { numRuns: 60 * depth, seed: fileSeed });
  // Midway through: much has been accrued, and little of it has burned.
  await tellAll(
    infobase,
    histories.flatMap(tellingsOf).map((telling) => ({ ...telling, lastDay: midway })),
  );
  const last = await getLastNight(infobase);
  const end = addDays(last, 15);
  const foreseen = (await readReport(infobase, 'burning', { by: 'card', to: end })) as Burnt[];
  expect(foreseen.length).toBeGreaterThan(5);
  expect(await readByPages(infobase, 'burning', { by: 'card', to: end }, 6)).toEqual(foreseen);
  const byDay = (await readReport(infobase, 'burning', { by: 'day', to: end })) as Burnt[];
  for (let on = addDays(last, 1); on <= end; on = addDays(on, 1)) await passNight(infobase, on);
  const order = (a: Burnt, b: Burnt): number => (`${a.card} ${a.date}` < `${b.card} ${b.date}` ? -1 : 1);
  const taken = await listWriteOffs(infobase, last);
  expect(
    foreseen
      .map(({ card, date, bonus, accumulation, receipts }) => ({ card, date, bonus, accumulation, receipts }))
      .toSorted(order),
  ).toEqual(taken.toSorted(order));
  const days = [...new Set(taken.map(({ date = '' }) => date))].toSorted((a, b) => (a < b ? -1 : 1));
  expect(byDay.map(({ date, cards }) => [date, cards])).toEqual(
    days.map((on) => [on, String(taken.filter(({ date }) => date === on).length)]),
  );
  await infobase.close();
});

test('weeks begin on Monday, months on their first day, and only the period counts', async () => {
  const infobase = await openBilling({
    start: playStart,
    kinds: { BASE: { bonus: 'days:20' }, GOLD: { bonus: 'days:40' } },
  });
  await addCard(infobase, { number: '1' });
  await addCard(infobase, { number: '2', kindCode: 'GOLD' });
  const at = moment('2026-01-01T12:00:00');
  for (const [index, cardNumber] of ['1', '2'].entries()) {
    const sale = buildSale({ cardNumber, receiptNumber: index + 1, receiptAt: at, bonusAccruedKopecks: 1_000 });
    expect(await register(infobase, sale, at)).toMatchObject({ code: 0 });
  }
  const sums = { bonus: '10.00', accumulation: '0.00', receipts: '0' };
  const one = { cards: '1', ...sums };
  expect(await readReport(infobase, 'burning')).toEqual([
    { date: '2026-01-01', ...one },
    { date: '2026-02-01', ...one },
  ]);
  // 21.01.2026 is a Wednesday, 10.02.2026 a Tuesday.
  expect(await readReport(infobase, 'burning', { by: 'week' })).toEqual([
    { date: '2026-01-19', ...one },
    { date: '2026-02-09', ...one },
  ]);
  const february = { from: day('2026-02-01'), to: day('2026-02-28') };
  expect(await readReport(infobase, 'burning', { ...february, by: 'card' })).toEqual([
    { card: '2', kind: 'GOLD', date: '2026-02-10', ...sums },
  ]);
  expect(await readReport(infobase, 'burning', { by: 'kind', kindCode: 'GOLD' })).toEqual([{ kind: 'GOLD', ...one }]);
  expect(await readReport(infobase, 'burning', { cardNumber: '1', by: 'day' })).toEqual([
    { date: '2026-01-21', ...one },
  ]);
  expect(await readReport(infobase, 'burning', { by: 'total' })).toEqual([
    { cards: '2', bonus: '20.00', accumulation: '0.00', receipts: '0' },
  ]);
  await infobase.close();
});

test('nothing burns without billing', async () => {
  const infobase = await openTestInfobase();
  expect(await openReport(infobase, 'burning', askAll)).toEqual({
    ok: false,
    why: 'the infobase is not in stage billing',
    remedy: 'enable_billing',
  });
  await infobase.close();
});

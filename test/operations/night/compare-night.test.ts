// `kkm night compare`: its documented side is what the night then writes, and its lots are those of the worked example.
import * as fc from 'fast-check';
import { measureNames } from '../../../src/ledger/account.ts';
import { addDays } from '../../../src/ledger/local-date-time.ts';
import { compareNight, type NightComparisonLine } from '../../../src/operations/night/compare-night.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { depth, fileSeed } from '../../deep.ts';
import { addCard, buildSale, moment, openTestInfobase, register } from '../testing-infobase.ts';
import { history, kinds, lastDay, tellingsOf } from '../billing/histories.ts';
import { playStart, tellAll } from '../billing/plays.ts';
import {
  addRuledKind,
  day,
  getCardId,
  listBillingRows,
  openBilling,
  passNight,
  passNightsTo,
  postManual,
} from '../billing/testing-billing.ts';

async function compare(infobase: Infobase, on: string) {
  const lines: NightComparisonLine[] = [];
  const found = await compareNight(infobase, day(on), { onLine: (line) => void lines.push(line) });
  if (found.code !== 'done') throw new Error(found.code);
  return { total: found.total, lines };
}

test('E8: the documented rule takes 50 where lots would lose 100', async () => {
  const infobase = await openBilling({ kinds: { K: { bonus: 'days:29' } } });
  await addCard(infobase, { number: 'C', kindCode: 'K' });
  await addCard(infobase, { number: 'other', kindCode: 'K' });
  await passNight(infobase, day('2021-01-01'));
  const at = moment('2021-01-01T12:00:00');
  const sale = { cardNumber: 'C', receiptAt: at, sumWithDiscountKopecks: 0, receiptCountDelta: 0 };
  await register(infobase, buildSale({ ...sale, bonusAccruedKopecks: 10_000 }), at);
  await register(infobase, buildSale({ ...sale, receiptNumber: 2, bonusRedeemedKopecks: 5_000 }), at);
  await addRuledKind(infobase, 'K', { bonus: 'days:9' });
  await register(infobase, buildSale({ ...sale, receiptNumber: 3, bonusAccruedKopecks: 10_000 }), at);
  const line = { cardNumber: 'C', measure: 'bonus', balance: 15_000, covered: 10_000, held: 0 };
  const apart = { documented: 5_000, lots: 10_000, documentedSoFar: 5_000, lotsSoFar: 10_000 };
  const foreseen = await compare(infobase, '2021-01-10');
  expect(foreseen.lines).toEqual([{ ...line, ...apart }]);
  expect(foreseen.total).toMatchObject({ lines: 1, apart: 1, documented: { bonus: 5_000n }, lots: { bonus: 10_000n } });
  // In the end both have burned what was not spent.
  expect((await compare(infobase, '2021-01-30')).lines).toMatchObject([
    { documented: 10_000, lots: 5_000, documentedSoFar: 15_000, lotsSoFar: 15_000 },
  ]);
  // A night done is compared by what is known now.
  await passNightsTo(infobase, day('2021-01-12'));
  expect(await compare(infobase, '2021-01-10')).toEqual(foreseen);
  expect((await compare(infobase, '2021-01-11')).lines).toEqual([]);
  await infobase.close();
});

test('a document without rows has no life in either: it burns the first night', async () => {
  const infobase = await openBilling();
  await addCard(infobase, { number: 'C' });
  await postManual(infobase, await getCardId(infobase, 'C'), { on: day('2020-12-31'), balance: { bonus: 70 } });
  expect((await compare(infobase, '2021-01-01')).lines).toMatchObject([{ documented: 70, lots: 70, covered: 0 }]);
  await infobase.close();
});

test('the documented side of the next night is what that night writes', async () => {
  const given = fc.sample(history, { numRuns: 20 * depth, seed: fileSeed });
  const infobase = await openBilling({ start: playStart, kinds });
  await tellAll(infobase, given.flatMap(tellingsOf));
  for (let count = lastDay + 1; count <= lastDay + 4; count += 1) {
    const on = addDays(playStart, count);
    const { lines, total } = await compare(infobase, on);
    const foreseen = new Map<string, Record<string, number>>();
    for (const { cardNumber, measure, documented } of lines) {
      if (documented > 0) foreseen.set(cardNumber, { ...foreseen.get(cardNumber), [measure]: documented });
    }
    await passNight(infobase, on);
    for (const cardNumber of new Set(lines.map((line) => line.cardNumber))) {
      const written = (await listBillingRows(infobase, cardNumber)).filter((row) => {
        return row.kind === 'WriteOff' && row.origin === 'night' && row.datedAt.startsWith(on);
      });
      const taken = measureNames.flatMap((measure) => {
        const amount = written.reduce((sum, row) => sum - row[measure], 0);
        return amount === 0 ? [] : [[measure, amount] as const];
      });
      expect([cardNumber, Object.fromEntries(taken)]).toEqual([cardNumber, foreseen.get(cardNumber) ?? {}]);
    }
    expect(total.lines).toBe(lines.length);
  }
  await infobase.close();
});

test('dates that no night has, and a base without billing, are refused', async () => {
  const infobase = await openBilling();
  expect(await compareNight(infobase, day('2020-12-31'))).toEqual({ code: 'before_start', startOn: '2021-01-01' });
  expect(await compareNight(infobase, day('2031-01-02'))).toMatchObject({ code: 'too_far' });
  expect(await compareNight(infobase, day('2021-01-01'), { shouldStop: () => true })).toEqual({ code: 'stopped' });
  await infobase.close();
  const online = await openTestInfobase();
  expect(await compareNight(online, day('2021-01-01'))).toEqual({ code: 'not_run', why: 'billing_off' });
  await online.close();
});

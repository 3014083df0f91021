// Facts that come while a night is running, or has been interrupted: for a card that the night has handled they are of the day
// after it, for another of the day before. Whatever comes then, the registers hold what the facts make.
import * as fc from 'fast-check';
import type { Settings } from '../../../src/ledger/settings.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { runNight } from '../../../src/operations/night/run-night.ts';
import { depth, fileSeed } from '../../deep.ts';
import { addCard, buildReturn, buildSale, moment, showCard, upload } from '../testing-infobase.ts';
import { history, kinds, tellingsOf, type History } from '../billing/histories.ts';
import { listFaults, playStart, tellAll } from '../billing/plays.ts';
import {
  day,
  getAccount,
  listBillingRows,
  nightOptions,
  openBilling,
  passNight,
  passNightsTo,
} from '../billing/testing-billing.ts';

const rules = { kinds: { K: { bonus: 'days:4' } } } as const;
const cards = ['C1', 'C2', 'C3', 'C4'] as const;
const sale = (cardNumber: string, receiptNumber: number, on: string, fields = {}) =>
  buildSale({ kkm: cardNumber, cardNumber, receiptNumber, receiptAt: moment(`${on}T10:00:00`), ...fields });

/** Four cards with 100 each to the night of the 5th, which is next. */
async function openEve(settings: Partial<Settings> = {}): Promise<Infobase> {
  const infobase = await openBilling({ ...rules, settings });
  await passNight(infobase, day('2021-01-01'));
  for (const number of cards) {
    await addCard(infobase, { number, kindCode: 'K' });
    await upload(
      infobase,
      [sale(number, 1, '2021-01-01', { bonusAccruedKopecks: 100 })],
      moment('2021-01-01T11:00:00'),
    );
  }
  await passNightsTo(infobase, day('2021-01-04'));
  return infobase;
}

const spendings = (on: string) => cards.map((card) => sale(card, 2, on, { bonusRedeemedKopecks: 60, offline: true }));
const night = day('2021-01-05');
const now = moment('2021-01-05T02:00:05');

describe.each(['running', 'broken off'])('while a night is %s', (how) => {
  /** The night of the 5th, with an upload when the first two cards are through it. */
  async function runWith(infobase: Infobase, on: string): Promise<void> {
    let chunks = 0;
    const pause = async (): Promise<void> => {
      chunks += 1;
      if (chunks === 1 && how === 'running') await upload(infobase, spendings(on), now);
    };
    const options = { ...nightOptions, chunkCards: 2, pause };
    if (how === 'broken off') {
      const end = await runNight(infobase, night, now, { ...options, shouldStop: () => chunks === 1 });
      expect(end.code).toBe('stopped');
      await upload(infobase, spendings(on), now);
    }
    await passNight(infobase, night, options);
  }

  test('what was spent the day before is made good where the night had burned it', async () => {
    const infobase = await openEve();
    await runWith(infobase, '2021-01-04');
    for (const card of cards) {
      expect([card, (await getAccount(infobase, card)).bonus]).toEqual([card, 0]);
      expect(await listFaults(infobase, card)).toEqual([]);
    }
    const made = async (card: string) =>
      (await listBillingRows(infobase, card)).map(({ origin, bonus }) => [origin, bonus]);
    expect(await made('C1')).toEqual([
      ['receipt', 100],
      ['night', -100],
      ['receipt', -60],
      ['compensation', 60],
    ]);
    expect(await made('C4')).toEqual([
      ['receipt', 100],
      ['receipt', -60],
      ['night', -40],
    ]);
    await infobase.close();
  });

  test('what is spent on the day itself finds the card as the night has left it, or not yet', async () => {
    const infobase = await openEve();
    await runWith(infobase, '2021-01-05');
    expect((await getAccount(infobase, 'C2')).bonus).toBe(-60);
    expect((await getAccount(infobase, 'C3')).bonus).toBe(0);
    for (const card of cards) expect(await listFaults(infobase, card)).toEqual([]);
    await passNight(infobase, day('2021-01-06'));
    for (const card of cards) expect(await listFaults(infobase, card)).toEqual([]);
    await infobase.close();
  });

  test('kept as it comes, it leaves a debt on the cards that the night has passed', async () => {
    const infobase = await openEve({ lateOffline: 'keep' });
    await runWith(infobase, '2021-01-04');
    expect((await getAccount(infobase, 'C1')).bonus).toBe(-60);
    expect((await getAccount(infobase, 'C4')).bonus).toBe(0);
    for (const card of cards) expect(await listFaults(infobase, card)).toEqual([]);
    await infobase.close();
  });
});

test('a card that the night has passed is not foretold that night again', async () => {
  const infobase = await openEve();
  const spent = sale('C1', 2, '2021-01-04', { bonusRedeemedKopecks: 30 });
  await upload(infobase, [spent], moment('2021-01-04T11:00:00'));
  await runNight(infobase, night, now, { ...nightOptions, chunkCards: 2, shouldStop: stopAfter(1) });
  // Given back after the night, with its row run out: the next night takes it, not the one that runs.
  await upload(infobase, [buildReturn(spent, { receiptAt: moment('2021-01-05T01:00:00') })], now);
  expect(await showCard(infobase, 'C1', now)).toMatchObject({ expiringBonus: 30, expiringAt: '2021-01-06T00:00:00' });
  expect(await showCard(infobase, 'C4', now)).toMatchObject({ expiringBonus: 100, expiringAt: '2021-01-05T00:00:00' });
  await passNightsTo(infobase, day('2021-01-06'));
  expect((await listBillingRows(infobase, 'C1')).at(-1)).toMatchObject({ origin: 'night', bonus: -30 });
  await infobase.close();
});

function stopAfter(chunks: number): () => boolean {
  let asked = 0;
  return () => (asked += 1) > chunks;
}

describe.each(['compensate', 'keep'] as const)('%s', (lateOffline) => {
  test('random facts between the chunks of every night leave the registers in order', async () => {
    const given: History[] = fc.sample(history, { numRuns: 20 * depth, seed: fileSeed });
    const infobase = await openBilling({ start: playStart, kinds, settings: { lateOffline } });
    const outcomes = await tellAll(infobase, given.flatMap(tellingsOf), { isDuringNight: true });
    outcomes.forEach(({ faults }, index) => {
      expect({ history: given[Math.floor(index / 3)], telling: index % 3, faults }).toMatchObject({ faults: [] });
    });
    await infobase.close();
  });
});

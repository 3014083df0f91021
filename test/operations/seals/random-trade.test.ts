// Random trade with seals at random: whatever tills do, and in whatever order it arrives, no seal differs afterwards.
import { addDays, type LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import type { Receipt } from '../../../src/ledger/receipt.ts';
import { depth, fileSeed } from '../../deep.ts';
import {
  buildCancel,
  buildReserve,
  buildReturn,
  buildSale,
  cancel,
  moment,
  register,
  release,
  reserve,
  upload,
} from '../testing-infobase.ts';
import { openRandom, type Random } from './random.ts';
import { closeDay, firstDay, openSealTrial, verify } from './testing-seals.ts';

const days = 6;
const stepsADay = 14;

/** One of few receipts, so that it comes again with other content, is returned, cancelled and reported. */
function pickSale(random: Random, day: number): Receipt {
  const on = Math.max(0, day - random.below(4));
  return buildSale({
    kkm: `KKM-${1 + random.below(2)}`,
    shiftNumber: 100 + on,
    receiptNumber: 1 + random.below(5),
    receiptAt: moment(`${addDays(firstDay, on)}T11:00:00`),
    cardNumber: `29000000${1 + random.below(4)}`,
    sumWithDiscountKopecks: random.pick([10_000, 20_000]),
    bonusAccruedKopecks: random.pick([0, 100, 300]),
    bonusRedeemedKopecks: random.pick([0, 0, 50]),
  });
}

async function step(infobase: Infobase, random: Random, day: number, now: LocalDateTime): Promise<string> {
  const sale = pickSale(random, day);
  const returned = buildReturn(sale, { receiptNumber: 101 + random.below(3) });
  const deeds = {
    register: () => register(infobase, sale, now),
    giveBack: () => register(infobase, returned, now),
    upload: () =>
      upload(
        infobase,
        [sale, pickSale(random, day)].filter(({ kkm }) => kkm === sale.kkm),
        now,
      ),
    uploadReturn: () => upload(infobase, [returned], now),
    cancel: () => cancel(infobase, buildCancel(sale), now),
    cancelReturn: () => cancel(infobase, buildCancel(returned), now),
    reserve: () => reserve(infobase, buildReserve(sale, { amountKopecks: 10 }), now),
    release: () => release(infobase, buildReserve(sale, { amountKopecks: 10 }), now),
  };
  const name = random.pick(Object.keys(deeds) as (keyof typeof deeds)[]);
  await deeds[name]();
  return `${now} ${name} ${sale.kkm} ${sale.shiftNumber} ${sale.receiptNumber}`;
}

test('no seal differs, whatever comes after it', async () => {
  const random = openRandom(fileSeed);
  for (let run = 0; run < 4 * depth; run += 1) {
    const trial = await openSealTrial();
    const told: string[] = [];
    try {
      for (let day = 0; day < days; day += 1) {
        for (let count = 0; count < stepsADay; count += 1) {
          const now = moment(`${addDays(firstDay, day)}T12:${String(10 + count)}:00`);
          told.push(await step(trial.infobase, random, day, now));
          if (random.chance(0.2)) expect([told, await verify(trial.infobase)]).toMatchObject([told, { found: 0 }]);
        }
        // A day may stay open.
        if (random.chance(0.7)) told.push(`seal: ${(await closeDay(trial.infobase, day)).code}`);
        expect([told, await verify(trial.infobase)]).toMatchObject([told, { found: 0 }]);
      }
    } finally {
      await trial.end();
    }
  }
});

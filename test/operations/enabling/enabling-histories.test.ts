// Switching billing on over random histories ends where billing would be, had it been on from the start with the opening
// sums in it; switching it off and on again ends there once more.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { addDays } from '../../../src/ledger/local-date-time.ts';
import { addMeasures, noMeasures } from '../../../src/ledger/measures.ts';
import type { Settings } from '../../../src/ledger/settings.ts';
import { confirmations, disableBilling } from '../../../src/operations/enabling/disable-billing.ts';
import { depth, fileSeed } from '../../deep.ts';
import { expectSame } from '../../expect-same.ts';
import {
  history,
  kinds,
  lastDay,
  olderHistory,
  tellOver,
  type History,
  type OlderHistory,
} from '../billing/histories.ts';
import { inTime, listFaults, playStart, tellAll, type Fact, type Telling } from '../billing/plays.ts';
import { getAccount, listBillingRows, openBilling } from '../billing/testing-billing.ts';
import { enable, eveningOf, hashTrade, openOnline, runner } from './testing-enabling.ts';
import { backUp } from '../testing-backup.ts';

const runs = 136 * depth;
const batch = 34;
const end = addDays(playStart, lastDay);

const policies: readonly Partial<Settings>[] = [
  {},
  { restoreTerm: 'new_life' },
  { returnFigures: 'proportion' },
  { returnFigures: 'till', restoreTerm: 'new_life' },
];

/** An operator makes no document of billing in stage online. */
function tellingOf({ facts, kinds: chosen, held }: History, fit: (fact: Fact) => Fact = (fact) => fact): Telling {
  const told = facts.filter(({ kind }) => kind !== 'document').map(fit);
  return { facts: told, kinds: chosen, arrivals: inTime(told), held, lastDay };
}

const sinceStart = (fact: Fact): Fact => ({ ...fact, day: Math.max(0, fact.day) });

/** Facts dated before the start, and undone facts of any date: a cancelled sale cancels its returns too. */
const isOfBefore = ({ kind, day }: Fact): boolean => kind === 'cancel_sale' || kind === 'cancel_return' || day < 0;

const onlyBefore = (telling: Telling): Telling => ({
  ...telling,
  arrivals: telling.arrivals.filter(({ fact }) => isOfBefore(fact)),
});

async function inBatches(
  work: (settings: Partial<Settings>, histories: readonly History[]) => Promise<void>,
): Promise<void> {
  const histories = fc.sample(history, { numRuns: runs, seed: fileSeed });
  for (let from = 0; from < runs; from += batch) {
    await work(policies[(from / batch) % policies.length] ?? {}, histories.slice(from, from + batch));
  }
}

const allCards = (names: readonly { readonly name: string }[]): string[] =>
  names.flatMap(({ name }) => [`${name}-A`, `${name}-B`]);

test(
  `${runs} random histories since the start: the same balances, rows and pending credits as live billing`,
  () =>
    inBatches(async (settings, histories) => {
      const tellings = histories.map((one) => tellingOf(one, sinceStart));
      const [online, live] = [
        await openOnline(kinds, settings),
        await openBilling({ start: playStart, kinds, settings }),
      ];
      try {
        const told = await tellAll(online, tellings, { stage: 'online' });
        const expected = await tellAll(live, tellings);
        expectSame(await enable(online, playStart, end), { code: 'done' });
        for (const [index, { name }] of told.entries()) {
          for (const card of ['A', 'B'] as const) {
            const account = await getAccount(online, `${name}-${card}`);
            expectSame(
              { history: histories[index], card, account },
              {
                history: histories[index],
                card,
                account: expected[index]?.billing[card],
              },
            );
            expectSame(await listFaults(online, `${name}-${card}`), []);
          }
        }
      } finally {
        await Promise.all([online.close(), live.close()]);
      }
    }),
  60_000 * depth,
);

test(
  `${runs} random histories round the start: the opening is what was there before it, and all is what the facts make`,
  () =>
    inBatches(async (settings, histories) => {
      const tellings = histories.map((one) => tellingOf(one));
      const [online, before] = [await openOnline(kinds, settings), await openOnline(kinds, settings)];
      try {
        const told = await tellAll(online, tellings, { stage: 'online' });
        const expected = await tellAll(before, tellings.map(onlyBefore), { stage: 'online' });
        const trade = await hashTrade(online);
        expectSame(await enable(online, playStart, end), { code: 'done' });
        expectSame(await hashTrade(online), trade);
        for (const [index, { name }] of told.entries()) {
          for (const card of ['A', 'B'] as const) {
            const rows = await listBillingRows(online, `${name}-${card}`);
            const opening = rows
              .filter(({ kind }) => kind === 'OpeningBalance')
              .reduce((sums, row) => addMeasures(sums, row), noMeasures);
            expectSame(
              { history: histories[index], card, opening },
              {
                history: histories[index],
                card,
                opening: expected[index]?.trade[card],
              },
            );
            expectSame(
              { history: histories[index], faults: await listFaults(online, `${name}-${card}`) },
              {
                history: histories[index],
                faults: [],
              },
            );
          }
        }
      } finally {
        await Promise.all([online.close(), before.close()]);
      }
    }),
  60_000 * depth,
);

test(
  `${runs} random histories: on, trade, off, on with the same start leaves the same`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kkm-enabling-'));
    let backups = 0;
    try {
      await inBatches(async (settings, histories) => {
        const tellings = histories.map((one) => tellingOf(one));
        const infobase = await openOnline(kinds, settings);
        try {
          const first = await tellAll(infobase, tellings, { stage: 'online' });
          expectSame(await enable(infobase, playStart, end), { code: 'done' });
          // What is dated before the start and comes later would be in the next opening alone.
          const live = await tellAll(
            infobase,
            histories.map((one) => tellingOf(one, sinceStart)),
          );
          const cards = allCards([...first, ...live]);
          const before = await Promise.all(cards.map((card) => getAccount(infobase, card)));
          const trade = await hashTrade(infobase);
          const backupFile = join(folder, `${(backups += 1)}`);
          const off = { ...runner, backupFile, backUp, confirm: confirmations };
          expectSame((await disableBilling(infobase, eveningOf(end), off)).code, 'done');
          expectSame(await hashTrade(infobase), trade);
          expectSame(await enable(infobase, playStart, end), { code: 'done' });
          const after = await Promise.all(cards.map((card) => getAccount(infobase, card)));
          expectSame(after, before);
        } finally {
          await infobase.close();
        }
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  60_000 * depth,
);

/**
 * What came too late, an edit of what is older, and documents by hand are of the first billing alone; and a return dated
 * before its sale is in the opening only until the sale is known.
 */
function takeFitting({ history: one, toldBefore }: OlderHistory): OlderHistory {
  const isOfLaterSale = (fact: Fact): boolean =>
    fact.kind === 'return' &&
    one.facts.some((sale) => sale.kind === 'sale' && sale.number === fact.of && sale.day >= 0);
  const isEditOf = (fact: Fact): boolean =>
    fact.kind === 'cancel_return' && toldBefore.some((part) => part.kind === 'return' && part.number === fact.of);
  const kept = toldBefore.filter((fact) => !isOfLaterSale(fact));
  const facts = one.facts.filter((fact) => {
    if (toldBefore.includes(fact)) return kept.includes(fact);
    return fact.kind !== 'document' && fact.day >= 0 && !isEditOf(fact);
  });
  return { history: { ...one, facts }, toldBefore: kept };
}

// Each is sent three times.
const olderRuns = 40 * depth;
const olderBatch = 10;

test(
  `${olderRuns} random histories with returns of what is older: off, and on with the same start, leaves the same`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kkm-enabling-'));
    const older = fc.sample(olderHistory, { numRuns: olderRuns, seed: fileSeed });
    try {
      for (let from = 0; from < olderRuns; from += olderBatch) {
        const settings = policies[(from / olderBatch) % policies.length] ?? {};
        const infobase = await openOnline(kinds, settings);
        const told = older.slice(from, from + olderBatch).map(takeFitting);
        const cards = allCards(await tellOver(infobase, told));
        const before = await Promise.all(cards.map((card) => getAccount(infobase, card)));
        const off = { ...runner, backupFile: join(folder, String(from)), backUp, confirm: confirmations };
        expectSame((await disableBilling(infobase, eveningOf(end), off)).code, 'done');
        expectSame(await enable(infobase, playStart, end), { code: 'done' });
        const after = await Promise.all(cards.map((card) => getAccount(infobase, card)));
        const wrong = cards.findIndex((_, index) => JSON.stringify(before[index]) !== JSON.stringify(after[index]));
        expectSame(
          { history: told[Math.floor(wrong / 6)], account: after[wrong] },
          {
            history: told[Math.floor(wrong / 6)],
            account: before[wrong],
          },
        );
        await infobase.close();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  60_000 * depth,
);

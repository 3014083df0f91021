// What `npm run bench:growth` makes and writes: a base that keeps the rules of the schema, and tables from made-up figures.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { makeGrowthBase } from '../../bench/growth-base.ts';
import {
  writeGrowth,
  writeGrowthVerdicts,
  writeNights,
  type GrowthFigures,
  type NightFigures,
} from '../../bench/growth-report.ts';
import { makeDataset } from '../../bench/dataset.ts';
import { makeFigures } from './make-figures.ts';

function listIndexes(base: BetterSqlite.Database): unknown[] {
  return base.prepare("select name, sql from sqlite_master where type = 'index' order by name").all();
}

test('a base of growth has ten movements a card, and every index of an infobase', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-growth-'));
  try {
    const grown = new BetterSqlite(await makeGrowthBase(folder, 7));
    const usual = new BetterSqlite(await makeDataset(folder, 7));
    expect(listIndexes(grown)).toEqual(listIndexes(usual));
    expect(grown.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(grown.pragma('foreign_key_check')).toEqual([]);
    const counts = grown.prepare('select count(*) as movements from accumulation_movement group by card_id').all();
    expect(counts).toEqual(Array.from({ length: 7 }, () => ({ movements: 10 })));
    const differing = grown
      .prepare(
        `select card_id from accumulation_movement join accumulation_balance using (card_id) group by card_id
         having sum(accumulation_movement.bonus) <> accumulation_balance.bonus
           or sum(accumulation_movement.receipts) <> accumulation_balance.receipts
           or max(bonus_after) <> accumulation_balance.bonus`,
      )
      .all();
    expect(differing).toEqual([]);
    grown.close();
    usual.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const size = (cards: number, cardUs: readonly number[], receiptUs: readonly number[]): GrowthFigures => ({
  cards,
  card: cardUs.map((us) => makeFigures(us)),
  receipt: receiptUs.map((us) => makeFigures(us)),
});
// The machine is half as fast in the second round, which changes no ratio.
const sizes = [
  size(10_000, [60, 120, 60], [200, 400, 200]),
  size(100_000, [66, 132, 66], [240, 480, 240]),
  size(2_000_000, [72, 144, 72], [300, 600, 300]),
];
const night = (cards: number, cpuMs: number): NightFigures => ({
  cards,
  first: { cpuMs, clockMs: cpuMs * 2, burns: 411 },
  later: { cpuMs: 300, clockMs: 600, burns: 13 },
});
const nights = [night(10_000, 400), night(100_000, 1_000), night(2_000_000, 22_000)];

test('each size is compared with the smallest one in the same round', () => {
  expect(writeGrowth(sizes).split('\n').slice(2)).toEqual([
    expect.stringMatching(/^\| 10000 cards +\| +60 \| +1\.00 \| .*\| +200 \| +1\.00 \|/),
    expect.stringMatching(/^\| 100000 cards +\| +66 \| +1\.10 \| .*\| +240 \| +1\.20 \|/),
    expect.stringMatching(/^\| 2000000 cards +\| +72 \| +1\.20 \| .*\| +300 \| +1\.50 \|/),
  ]);
  expect(writeNights(nights).split('\n').at(-1)).toMatch(/\| +22\.00 \| +44\.00 \| +411 \| +11\.00 \| +1\.10 \|/);
});

test('what grows by more than the goal is missed, and says by how much', () => {
  expect(writeGrowthVerdicts(sizes, nights).split('\n')).toEqual([
    'card of 100000 cards / of 10000: 1.10 times, goal <= 1.3: reached',
    'receipt of 100000 cards / of 10000: 1.20 times, goal <= 1.3: reached',
    'card of 2000000 cards / of 10000: 1.20 times, goal <= 1.3: reached',
    'receipt of 2000000 cards / of 10000: 1.50 times, goal <= 1.3: MISSED by 15 %',
    "a card's part of a night, 2000000 cards / 100000: 1.10 times, goal <= 1.3: reached",
  ]);
});

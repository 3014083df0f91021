// The tables of a run, written from made-up figures: what is reached, what is missed and by how much.
import type { Measured, Round } from '../../bench/measured.ts';
import { writeReport } from '../../bench/report.ts';
import { makeFigures as figures } from './make-figures.ts';

const round: Round = {
  full: {
    card: {
      ceiling: figures(66),
      service: figures(100),
      billing: figures(140),
      nodeSoapSqlite: figures(220),
      stock: figures(800),
    },
    receipt: {
      ceiling: figures(240),
      service: figures(300),
      billing: figures(600),
      serviceNormal: figures(270),
      nodeSoapSqlite: figures(750),
      stock: figures(1800),
    },
  },
  half: {
    card: { service: figures(100, { p99Ms: 4.5 }), ceiling: figures(66, { p99Ms: 3 }) },
    receipt: { service: figures(300, { p99Ms: 12 }), ceiling: figures(240, { p99Ms: 8 }) },
  },
  long: {
    richCard: figures(290),
    tenOnline: figures(150),
    dayOnline: figures(180),
    tenBilling: figures(250),
    dayBilling: figures(300),
  },
};

const reached: Measured = {
  cards: 100_000,
  tills: 16,
  hasCores: true,
  fsyncMs: 1,
  phpLack: 'there is no php here',
  readyMs: 790,
  idleBytes: 99 * 1024 ** 2,
  busyBytes: 150 * 1024 ** 2,
  rounds: [round, round],
};

/** The goals by what they are about: what was measured, and the verdict. */
function readVerdicts(report: string): Record<string, string> {
  const lines = report.split('\n');
  const rows = lines.slice(lines.findIndex((line) => line.startsWith('| against')) + 2);
  const cells = rows.filter((row) => row.startsWith('|')).map((row) => row.split('|').map((cell) => cell.trim()));
  return Object.fromEntries(cells.map((row) => [row[1] ?? '', `${row[2]}, ${row[5]}: ${row[6]}`]));
}

test('every goal has a row with what was measured', () => {
  expect(readVerdicts(writeReport(reached))).toEqual({
    'card: service / ceiling: bare http, same SQL, FULL': '0.66, >= 0.6: reached',
    'receipt: service / ceiling: bare http, same SQL, FULL': '0.80, >= 0.8: reached',
    'card: service / node-soap + better-sqlite3 (NORMAL)': '2.20, >= 2.2: reached',
    'receipt: service / node-soap + better-sqlite3 (NORMAL)': '2.50, >= 2.5: reached',
    'card: service / express + node-soap + Knex (NORMAL)': '8.00, >= 8: reached',
    'receipt: service / express + node-soap + Knex (NORMAL)': '6.00, >= 6: reached',
    'card: service / PHP SoapServer + SQLite (NORMAL)': '-, >= 2.5: not judged',
    'receipt: service / PHP SoapServer + SQLite (NORMAL)': '-, >= 2: not judged',
    'receipt: service / the service, synchronous=NORMAL': '0.90, >= 0.85: reached',
    'card: stage billing / online': '1.40, <= 1.5: reached',
    'card: 1,000 rows of A in stage billing / online': '2.90, <= 3: reached',
    'receipt: stage billing / online': '2.00, -: -',
    'operations of one day in 10,000 / the latest ten, online': '1.20, <= 2: reached',
    'operations of one day in 10,000 / the latest ten, billing': '1.20, <= 2: reached',
    "card: p99 at half load (10000/s of 16 tills) / the ceiling's": '1.50, <= 1.5: reached',
    "receipt: p99 at half load (3333/s of 16 tills) / the ceiling's": '1.50, <= 1.5: reached',
    'start to ready with 100000 cards': '790 ms, <= 800 ms: reached',
    'memory with nothing to do': '99 MB, <= 100 MB: reached',
  });
  expect(writeReport(reached)).toContain('Every figure is reached.');
});

test('a missed goal says by how much', () => {
  const slow: Round = {
    ...round,
    full: { ...round.full, card: { ...round.full.card, billing: figures(180), ceiling: figures(57) } },
    long: { ...round.long, dayOnline: figures(600) },
  };
  const report = writeReport({ ...reached, rounds: [slow], readyMs: 1000, idleBytes: 125 * 1024 ** 2 });
  expect(readVerdicts(report)).toMatchObject({
    'card: service / ceiling: bare http, same SQL, FULL': '0.57, >= 0.6: MISSED by 5.0 %',
    'card: stage billing / online': '1.80, <= 1.5: MISSED by 20 %',
    'operations of one day in 10,000 / the latest ten, online': '4.00, <= 2: MISSED by 100 %',
    'start to ready with 100000 cards': '1000 ms, <= 800 ms: MISSED by 25 %',
    'memory with nothing to do': '125 MB, <= 100 MB: MISSED by 25 %',
  });
  expect(report).toContain('\n  card: stage billing / online: <= 1.5, by 20 %\n');
});

test('a ratio is the median of the rounds, with the least and the greatest beside it', () => {
  const rounds = [50, 66, 90].map((us): Round => ({
    ...round,
    full: { ...round.full, card: { ...round.full.card, ceiling: figures(us) } },
  }));
  expect(writeReport({ ...reached, rounds })).toMatch(/card: service \/ ceiling.*\| +0\.66 \| +0\.50\.\.0\.90 \|/);
});

test('what waits for the disk or for a core is not judged while other work has the cores', () => {
  const card = { ...round.full.card, service: figures(100, { cpuShare: 0.5 }) };
  const report = writeReport({ ...reached, rounds: [{ ...round, full: { ...round.full, card } }] });
  const verdicts = readVerdicts(report);
  expect(Object.keys(verdicts).filter((what) => verdicts[what]?.endsWith('not judged'))).toEqual([
    'card: service / PHP SoapServer + SQLite (NORMAL)',
    'receipt: service / PHP SoapServer + SQLite (NORMAL)',
    'receipt: service / the service, synchronous=NORMAL',
    "card: p99 at half load (10000/s of 16 tills) / the ceiling's",
    "receipt: p99 at half load (3333/s of 16 tills) / the ceiling's",
  ]);
  expect(report).toContain('Other work had the cores: the service got 50 % of one');
});

test('another Node release is compared with the running one, without a goal', () => {
  const full = {
    card: { ...round.full.card, 'Node 24.1.0': figures(80) },
    receipt: { ...round.full.receipt, 'Node 24.1.0': figures(330) },
  };
  const report = writeReport({ ...reached, rounds: [{ ...round, full }] });
  expect(readVerdicts(report)).toMatchObject({
    [`card: service on Node 24.1.0 / on Node ${process.versions.node}`]: '1.25, -: -',
    [`receipt: service on Node 24.1.0 / on Node ${process.versions.node}`]: '0.91, -: -',
  });
  expect(report).toContain('| the service on Node 24.1.0 ');
});

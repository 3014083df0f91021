// The night at size: a base of many cards with five rows of «Обороты начислений» each, its night in the service's own
// worker thread, and meanwhile cards read and receipts rung in this thread, as tills do.
//   tsx bench/night.ts [--cards 1000000] [--chunk N] [--pause 3] [--nights 4] [--keep FILE]
// The first night of a base goes through every card and burns a third of them; those after it only what is due since.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startNightWorker } from '../src/jobs/night/start-night-worker.ts';
import { addDays, dateOf, type LocalDateTime } from '../src/ledger/local-date-time.ts';
import { Infobase } from '../src/operations/infobase.ts';
import { readCard } from '../src/operations/cards/read-card.ts';
import { readNightRuns } from '../src/operations/night/read-night-runs.ts';
import { registerReceipt } from '../src/operations/receipts/register-receipt.ts';
import { firstNightCardNumber, firstNightOn, makeNightBase, rowsOfCard } from './night-base.ts';
import { readBesideMs } from './processor-time.ts';
import { decide } from './verdict.ts';

/** Trade without a night, for comparison. */
const aloneMs = 10_000;

/** Of a million cards or fewer; the time of a night grows with them. */
const targets = { firstSeconds: 12, laterSeconds: 2, megabytes: 250, readP99Ms: 20, receiptP99Ratio: 2 } as const;

interface Latencies {
  readonly reads: number[];
  readonly receipts: number[];
}

/** Reads cards (about 500 a second) and rings receipts (about 50 a second) until `isOver`. */
async function trade(
  infobase: Infobase,
  cards: number,
  now: LocalDateTime,
  firstTurn: number,
  isOver: () => boolean,
): Promise<Latencies> {
  const reads: number[] = [];
  const receipts: number[] = [];
  const anyCard = (): string => String(firstNightCardNumber + 1 + Math.floor(Math.random() * cards));
  const ringing: Promise<void>[] = [];
  for (let turn = firstTurn; !isOver(); turn += 1) {
    const begunAt = performance.now();
    await readCard(infobase, now, { ok: true, value: { kkm: 'K-1', cardNumber: anyCard(), operationAt: null } });
    reads.push(performance.now() - begunAt);
    if (turn % 10 === 0) ringing.push(ring(infobase, turn, anyCard(), now, receipts));
    await sleep(2);
  }
  await Promise.all(ringing);
  return { reads, receipts };
}

async function ring(
  infobase: Infobase,
  receiptNumber: number,
  cardNumber: string,
  now: LocalDateTime,
  latencies: number[],
): Promise<void> {
  const begunAt = performance.now();
  const value = {
    operationId: null,
    kind: 'Sale',
    kkm: 'K-1',
    shiftNumber: Number(dateOf(now).slice(-2)),
    receiptNumber,
    receiptAt: now,
    cardNumber,
    sumKopecks: 100_000,
    sumWithDiscountKopecks: 100_000,
    bonusAccruedKopecks: 1_000,
    bonusRedeemedKopecks: 0,
    accumulationDeltaKopecks: null,
    receiptCountDelta: null,
    offline: false,
    cashier: null,
    fn: null,
    fd: null,
    fp: null,
    original: null,
    lines: [],
  } as const;
  const { code } = await registerReceipt(infobase, now, { ok: true, value });
  if (code !== 0) throw new Error(`a receipt was answered ${code}`);
  latencies.push(performance.now() - begunAt);
}

function findPercentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function describe(name: string, values: readonly number[]): string {
  const [p50, p99, most] = [0.5, 0.99, 1].map((share) => findPercentile(values, share).toFixed(2));
  return `${name}: ${values.length}, p50 ${p50} ms, p99 ${p99} ms, greatest ${most} ms`;
}

interface Night {
  readonly isFirst: boolean;
  readonly isReached: boolean;
  readonly receipts: readonly number[];
  readonly receiptsAlone: readonly number[];
}

/** One figure in a line, with its goal. @returns whether it is reached. */
function print(what: string, figure: number, unit: string, goal: number): boolean {
  const { verdict, isReached } = decide(figure, { sort: 'most', value: goal });
  const digits = unit === 'MB' ? 0 : 2;
  console.log(`  ${what}: ${figure.toFixed(digits)} ${unit}, goal ${goal} ${unit}: ${verdict}`);
  return isReached !== false;
}

async function measureNight(
  file: string,
  cards: number,
  pace: { chunkCards?: number; pauseMs: number },
): Promise<Night> {
  const options = { name: 'bench', file, hasSubscription: true };
  const infobase = await Infobase.open(options);
  const { lastNightOn } = await readNightRuns(infobase, 0);
  if (lastNightOn === null) throw new Error('billing is off in the base kept');
  const dueOn = addDays(lastNightOn, 1);
  const isFirst = dueOn === firstNightOn;
  const now = `${dueOn}T02:00:30` as LocalDateTime;
  let [isOver, greatestRss] = [false, 0];
  const watch = setInterval(() => {
    greatestRss = Math.max(greatestRss, process.memoryUsage.rss());
  }, 20);
  const idleRss = process.memoryUsage.rss();
  const aloneUntil = performance.now() + aloneMs;
  const alone = await trade(infobase, cards, now, 0, () => performance.now() > aloneUntil);
  const trading = trade(infobase, cards, now, alone.reads.length, () => isOver);
  const [begunAt, cpuBefore] = [performance.now(), readBesideMs()];
  const { nights, end } = await startNightWorker({ infobase: options, now, dueOn, holder: 'bench', ...pace }, {}).ended;
  const seconds = (performance.now() - begunAt) / 1000;
  const cpuSeconds = (readBesideMs() - cpuBefore) / 1000;
  isOver = true;
  const { reads, receipts } = await trading;
  clearInterval(watch);
  await infobase.close();
  const [run] = nights;
  if (run === undefined) throw new Error(`the night ended with ${JSON.stringify(end)}`);
  console.log(`night of ${dueOn}: «Списание» ${run.writeOffLines}, «Начисление» ${run.accrualLines}`);
  console.log(`  processor time of all threads but that of the tills: ${cpuSeconds.toFixed(2)} s`);
  console.log(`  ${describe('card reads meanwhile', reads)}`);
  console.log(`  ${describe('receipts meanwhile', receipts)}`);
  console.log(`  ${describe('receipts before it', alone.receipts)}`);
  console.log(`  memory of the process before it: ${Math.round(idleRss / 1024 ** 2)} MB`);
  const secondsGoal =
    ((isFirst ? targets.firstSeconds : targets.laterSeconds) * Math.max(cards, 1_000_000)) / 1_000_000;
  const verdicts = [
    print('by the clock', seconds, 's', secondsGoal),
    print('memory at most', greatestRss / 1024 ** 2, 'MB', targets.megabytes),
    print('card reads, p99', findPercentile(reads, 0.99), 'ms', targets.readP99Ms),
  ];
  return { isFirst, isReached: !verdicts.includes(false), receipts, receiptsAlone: alone.receipts };
}

/** A short night has few receipts, so those of all nights of a sort are taken together. */
function compareReceipts(nights: readonly Night[]): boolean {
  const verdicts = [true, false].map((isFirst) => {
    const some = nights.filter((night) => night.isFirst === isFirst);
    if (some.length === 0) return true;
    const [meanwhile, before] = [some.flatMap((one) => one.receipts), some.flatMap((one) => one.receiptsAlone)];
    const [p99, own] = [findPercentile(meanwhile, 0.99), findPercentile(before, 0.99)];
    console.log(
      `receipts during ${isFirst ? 'the first night' : `${some.length} later nights`}: ${meanwhile.length}, p99 ${p99.toFixed(2)} ms; before: ${before.length}, ${own.toFixed(2)} ms`,
    );
    return print('against their own', p99 / own, 'times', targets.receiptP99Ratio);
  });
  return !verdicts.includes(false);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cards: { type: 'string', default: '1000000' },
      chunk: { type: 'string' },
      pause: { type: 'string', default: '3' },
      nights: { type: 'string', default: '4' },
      keep: { type: 'string' },
      make: { type: 'boolean', default: false },
    },
  });
  if (values.make) return makeNightBase(values.keep ?? '', Number(values.cards));
  const cards = Number(values.cards);
  const chunk = values.chunk === undefined ? {} : { chunkCards: Number(values.chunk) };
  const pace = { ...chunk, pauseMs: Number(values.pause) };
  const folder = mkdtempSync(join(tmpdir(), 'kkm-bench-night-'));
  try {
    const file = values.keep ?? join(folder, 'bench.sqlite');
    if (!existsSync(file)) {
      const begunAt = performance.now();
      // In a process of its own: its caches are no part of what the night needs.
      const made = spawnSync(
        process.execPath,
        [...process.execArgv, __filename, '--make', '--keep', file, '--cards', values.cards],
        { stdio: 'inherit' },
      );
      if (made.status !== 0) throw new Error('the base could not be made');
      const seconds = ((performance.now() - begunAt) / 1000).toFixed(1);
      console.log(`${cards} cards with ${cards * rowsOfCard} rows of «Обороты начислений» made in ${seconds} s`);
    }
    console.log(
      `chunks of ${values.chunk ?? 'any number of'} cards, pause ${pace.pauseMs} ms, Node ${process.version}`,
    );
    const nights: Night[] = [];
    for (let night = 0; night < Number(values.nights); night += 1) nights.push(await measureNight(file, cards, pace));
    const isReached = compareReceipts(nights) && nights.every((night) => night.isReached);
    console.log(isReached ? 'Every figure is reached.' : 'MISSED: see above.');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();

// `npm run bench:growth`: what a card read, a receipt and a night cost as the base grows from 10,000 cards with ten movements
// each to millions. All bases are open at once and take turns, so a drift of the machine changes none of the ratios.
//   npm run bench:growth -- [--max 2000000] [--rounds 6] [--seconds 2] [--quick] [--no-night] [--folder DIR]
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { startNightWorker } from '../src/jobs/night/start-night-worker.ts';
import { addDays, type LocalDateTime } from '../src/ledger/local-date-time.ts';
import { bytesOfGrowthCard, makeGrowthBase } from './growth-base.ts';
import {
  writeGrowthVerdicts,
  writeGrowth,
  writeNights,
  type GrowthFigures,
  type NightFigures,
} from './growth-report.ts';
import { bytesOfNightCard, firstNightOn, makeNightBase } from './night-base.ts';
import { readBesideMs } from './processor-time.ts';
import { callKinds, firstReceiptNumber, type CallKind } from './requests.ts';
import { callServer, tills } from './rounds.ts';
import { Load, RunningServer } from './servers.ts';
import { describeServiceRun, servicePath } from './variants/service.ts';

const allSizes = [10_000, 100_000, 1_000_000, 2_000_000, 5_000_000] as const;

interface Plan {
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpCalls: number;
  readonly hasNight: boolean;
}

interface Size {
  readonly cards: number;
  readonly server: RunningServer;
  nextReceiptNumber: number;
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** All bases of calls stand beside each other; a night's base follows them alone. */
function reserveDisk(folder: string, { sizes, hasNight }: Plan): void {
  const calls = sizes.reduce((sum, cards) => sum + cards * bytesOfGrowthCard, 0);
  const night = hasNight ? Math.max(...sizes) * bytesOfNightCard : 0;
  const needed = Math.max(calls, night);
  const { bavail, bsize } = statfsSync(folder);
  console.log(
    `bases of ${sizes.join(', ')} cards need ${gigabytes(needed)} in ${folder}, ${gigabytes(bavail * bsize)} free`,
  );
  if (needed > bavail * bsize) throw new Error('--folder: expected a disk with so much room, or a smaller --max');
}

/** @param opened gets each size as soon as it runs, so that it is stopped also where a later one fails. */
async function openSizes(folder: string, sizes: readonly number[], opened: Size[]): Promise<void> {
  for (const cards of sizes) {
    const begunAt = performance.now();
    const own = join(folder, String(cards));
    mkdirSync(own);
    const file = await makeGrowthBase(own, cards);
    console.log(`${cards} cards made in ${((performance.now() - begunAt) / 1000).toFixed(0)} s`);
    const server = await RunningServer.open(own, describeServiceRun(file));
    opened.push({ cards, server, nextReceiptNumber: firstReceiptNumber });
  }
}

async function call(load: Load, size: Size, kind: CallKind, amount: { seconds: number; calls?: number }) {
  const figures = await callServer(load, size.server, {
    kind,
    port: size.server.port,
    path: servicePath,
    tills,
    warmUpSeconds: 0.2,
    ...amount,
    firstCard: 0,
    cards: size.cards,
    firstReceiptNumber: size.nextReceiptNumber,
  });
  size.nextReceiptNumber = figures.nextReceiptNumber;
  return figures;
}

async function measureCalls(load: Load, sizes: readonly Size[], plan: Plan): Promise<GrowthFigures[]> {
  const { seconds, warmUpCalls: calls } = plan;
  for (const size of sizes) for (const kind of callKinds) await call(load, size, kind, { seconds, calls });
  const figures: GrowthFigures[] = sizes.map(({ cards }) => ({ cards, card: [], receipt: [] }));
  for (let round = 0; round < plan.rounds; round += 1) {
    console.log(`round ${round + 1} of ${plan.rounds}`);
    for (const kind of callKinds) {
      for (const [index, size] of sizes.entries()) {
        figures[index]?.[kind].push(await call(load, size, kind, { seconds }));
      }
    }
  }
  return figures;
}

/** The first night goes through every card; the one after it only through what is due. */
async function measureNights(folder: string, cards: number): Promise<NightFigures> {
  const file = join(folder, 'night.sqlite');
  await makeNightBase(file, cards);
  const infobase = { name: 'bench', file, hasSubscription: true };
  const measure = async (dueOn: typeof firstNightOn): Promise<NightFigures['first']> => {
    const now = `${dueOn}T02:00:30` as LocalDateTime;
    const [begunAt, cpuBefore] = [performance.now(), readBesideMs()];
    const { nights, end } = await startNightWorker({ infobase, now, dueOn, holder: 'bench' }, {}).ended;
    const [run] = nights;
    if (run === undefined) throw new Error(`the night ended with ${JSON.stringify(end)}`);
    return { cpuMs: readBesideMs() - cpuBefore, clockMs: performance.now() - begunAt, burns: run.writeOffLines };
  };
  const figures = { cards, first: await measure(firstNightOn), later: await measure(addDays(firstNightOn, 1)) };
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
  return figures;
}

function readPlan(): Plan & { readonly folder: string } {
  const { values } = parseArgs({
    options: {
      max: { type: 'string', default: '2000000' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      'no-night': { type: 'boolean', default: false },
      folder: { type: 'string', default: tmpdir() },
    },
  });
  const { quick, folder } = values;
  const sizes = allSizes.filter((cards) => cards <= Number(values.max));
  if (sizes.length < 2) throw new Error(`--max: expected at least ${allSizes[1]}, got "${values.max}"`);
  return {
    sizes,
    rounds: Number(values.rounds ?? (quick ? 2 : 6)),
    seconds: Number(values.seconds ?? (quick ? 1 : 2)),
    warmUpCalls: quick ? 2_000 : 20_000,
    hasNight: !values['no-night'],
    folder,
  };
}

async function measureGrowth(folder: string, plan: Plan): Promise<GrowthFigures[]> {
  const load = await Load.start();
  const opened: Size[] = [];
  try {
    await openSizes(folder, plan.sizes, opened);
    return await measureCalls(load, opened, plan);
  } finally {
    load.stop();
    for (const { server } of opened) await server.stop();
    for (const cards of plan.sizes) rmSync(join(folder, String(cards)), { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const plan = readPlan();
  const folder = mkdtempSync(join(plan.folder, 'kkm-bench-growth-'));
  try {
    reserveDisk(folder, plan);
    const figures = await measureGrowth(folder, plan);
    console.log(`\n${writeGrowth(figures)}\n`);
    const nights: NightFigures[] = [];
    for (const cards of plan.hasNight ? plan.sizes : []) nights.push(await measureNights(folder, cards));
    if (plan.hasNight) console.log(`${writeNights(nights)}\n`);
    console.log(writeGrowthVerdicts(figures, nights));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((reason: unknown) => {
  console.error(reason instanceof Error ? reason.message : reason);
  process.exitCode = 1;
});

// `npm run bench`: measures the service against what could stand in its place, all in one run, for figures of different
// runs cannot be compared. Variants take turns in short rounds, and what is told is the median of the rounds.
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { makeDataset } from './dataset.ts';
import { addLongCards, makeBillingBase } from './long-cards.ts';
import type { Measured } from './measured.ts';
import { findMedian } from './median.ts';
import { writeReport } from './report.ts';
import { Bench, tills, type Bases, type Pace } from './rounds.ts';
import { findPhpLack, hasCores, Load, variantNames } from './servers.ts';
import { installNode } from './variants/other-node.ts';

interface Plan extends Pace {
  /** Other Node releases for the service. */
  readonly nodes: readonly string[];
  readonly jsonFile: string | undefined;
  readonly folder: string;
}

const usage = `npm run bench -- [--cards N] [--quick] [--rounds N] [--seconds S] [--node 24,26] [--folder DIR] [--json FILE]
  --cards    cards in the database, 100000 by default
  --quick    two minutes, and twice as noisy
  --rounds   turns of every variant; --seconds: how long each turn lasts
  --node     other Node releases for the service, which are installed for the run and compared in the same rounds
  --folder   where the databases are written: the disk decides what a commit costs
  --json     writes every figure to a file as well`;

function readPlan(): Plan | undefined {
  const { values } = parseArgs({
    options: {
      cards: { type: 'string', default: '100000' },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      node: { type: 'string' },
      folder: { type: 'string', default: tmpdir() },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { quick } = values;
  return {
    cards: readNumber('cards', values.cards),
    rounds: readNumber('rounds', values.rounds ?? (quick ? '2' : '6')),
    seconds: readNumber('seconds', values.seconds ?? (quick ? '1' : '2')),
    // V8 compiles a part of the code only after ten thousand calls.
    warmUpCalls: quick ? 2_000 : 20_000,
    starts: quick ? 2 : 3,
    nodes: values.node === undefined ? [] : values.node.split(','),
    jsonFile: values.json,
    folder: values.folder,
  };
}

function readNumber(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || value > 5_000_000) throw new Error(`--${name}: expected a number above 0, got "${text}"`);
  return value;
}

/** What one commit with FULL waits for: 4 KB written and forced to the disk. */
function measureFsync(folder: string): number {
  const file = openSync(join(folder, 'fsync'), 'w');
  const page = Buffer.alloc(4096, 1);
  const times = Array.from({ length: 60 }, (_, index) => {
    const startedAt = performance.now();
    writeSync(file, page, 0, page.length, index * page.length);
    fdatasyncSync(file);
    return performance.now() - startedAt;
  });
  closeSync(file);
  return findMedian(times);
}

async function makeBases(folder: string, cards: number): Promise<Bases> {
  console.log(`making ${cards} cards`);
  const online = await makeDataset(folder, cards);
  addLongCards(online, cards);
  const billing = join(folder, 'billing.sqlite');
  makeBillingBase(online, cards, billing);
  return { online, billing };
}

async function measure(plan: Plan, folder: string, load: Load): Promise<Measured> {
  const nodes = plan.nodes.map((release, index) => {
    console.log(`installing Node ${release} and compiling better-sqlite3 for it`);
    return installNode(release, join(folder, `node-${index}`));
  });
  const bench = new Bench(plan, folder, await makeBases(folder, plan.cards), load);
  const phpLack = findPhpLack();
  try {
    const start = await bench.measureStart();
    const names = variantNames.filter((name) => name !== 'php' || phpLack === undefined);
    await bench.start(names, nodes);
    const fsyncMs = measureFsync(folder);
    return { cards: plan.cards, tills, hasCores, fsyncMs, phpLack, ...start, ...(await bench.measureRounds()) };
  } finally {
    await bench.stop();
  }
}

async function main(): Promise<void> {
  const plan = readPlan();
  if (plan === undefined) {
    console.log(usage);
    return;
  }
  const startedAt = performance.now();
  const folder = mkdtempSync(join(plan.folder, 'kkm-bench-'));
  const load = await Load.start();
  try {
    const measured = await measure(plan, folder, load);
    console.log(writeReport(measured));
    console.log(`\n${Math.round((performance.now() - startedAt) / 1000)} s in all`);
    if (plan.jsonFile !== undefined) writeFileSync(plan.jsonFile, `${JSON.stringify(measured, undefined, 2)}\n`);
  } finally {
    load.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((reason: unknown) => {
  console.error(reason instanceof Error ? reason.message : reason);
  process.exitCode = 1;
});

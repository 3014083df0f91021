// `npm run bench`: measures the service against what could stand in its place, all in one run, for figures of different
// runs cannot be compared. Variants take turns in short rounds, and what is told is the median of the rounds.
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { makeDataset } from './dataset.ts';
import { findMedian, writeReport, type CallFigures, type Measured, type Round } from './report.ts';
import { callKinds, firstReceiptNumber, type CallKind } from './requests.ts';
import { findPhpLack, hasCores, Load, RunningServer, variantNames, type VariantName } from './servers.ts';
import { servicePath } from './variants/service.ts';

const tills = 16;

interface Plan {
  readonly cards: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly starts: number;
  readonly jsonFile: string | undefined;
  readonly folder: string;
}

const usage = `npm run bench -- [--cards N] [--quick] [--rounds N] [--seconds S] [--folder DIR] [--json FILE]
  --cards    cards in the database, 100000 by default
  --quick    under a minute, and twice as noisy
  --rounds   turns of every variant; --seconds: how long each turn lasts
  --folder   where the databases are written: the disk decides what a commit costs
  --json     writes every figure to a file as well`;

function readPlan(): Plan | undefined {
  const { values } = parseArgs({
    options: {
      cards: { type: 'string', default: '100000' },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
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
    // Some 20,000 card reads: V8 compiles a part of the code only after ten thousand.
    warmUpSeconds: quick ? 1 : 4,
    starts: quick ? 2 : 3,
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

class Bench {
  private readonly plan: Plan;
  private readonly folder: string;
  private readonly dataset: string;
  private readonly load: Load;
  private readonly servers = new Map<VariantName, RunningServer>();
  private readonly receiptNumbers = new Map<VariantName, number>();

  constructor(plan: Plan, folder: string, dataset: string, load: Load) {
    this.plan = plan;
    this.folder = folder;
    this.dataset = dataset;
    this.load = load;
  }

  /** Starts the service a few times alone: the time to ready, and the memory once it has nothing to do. */
  async measureStart(): Promise<Pick<Measured, 'readyMs' | 'idleBytes'>> {
    const readyMs: number[] = [];
    let idleBytes: number | undefined;
    for (let index = 0; index < this.plan.starts; index += 1) {
      const server = await RunningServer.start('service', join(this.folder, `start-${index}`), this.dataset);
      readyMs.push(server.readyMs);
      if (index === this.plan.starts - 1) {
        await wait(1000);
        idleBytes = server.readMemory();
      }
      await server.stop();
    }
    return { readyMs: findMedian(readyMs), idleBytes };
  }

  async start(names: readonly VariantName[]): Promise<void> {
    for (const name of names) {
      this.servers.set(name, await RunningServer.start(name, join(this.folder, name), this.dataset));
    }
  }

  async measureRounds(): Promise<Pick<Measured, 'rounds' | 'busyBytes'>> {
    const rounds: Round[] = [];
    for (const name of this.servers.keys()) for (const kind of callKinds) await this.call(name, kind, 'warm up');
    for (let index = 0; index < this.plan.rounds; index += 1) {
      console.log(`round ${index + 1} of ${this.plan.rounds}`);
      const round: Round = { full: {}, half: {} };
      for (const kind of callKinds) {
        const figures: Partial<Record<VariantName, CallFigures>> = {};
        for (const name of this.listFor(kind)) figures[name] = await this.call(name, kind, 'full');
        round.full[kind] = figures;
      }
      for (const kind of callKinds) {
        const rate = findMedian([...rounds, round].map(({ full }) => full[kind]?.service?.callsPerSecond ?? 0));
        round.half[kind] = {
          service: await this.call('service', kind, rate / 2),
          ceiling: await this.call('ceiling', kind, rate / 2),
        };
      }
      rounds.push(round);
    }
    return { rounds, busyBytes: this.servers.get('service')?.readMemory() };
  }

  async stop(): Promise<void> {
    for (const server of this.servers.values()) await server.stop();
  }

  /** NORMAL differs from FULL in what it writes only. */
  private listFor(kind: CallKind): VariantName[] {
    return [...this.servers.keys()].filter((name) => name !== 'serviceNormal' || kind === 'receipt');
  }

  private async call(name: VariantName, kind: CallKind, rate: 'full' | 'warm up' | number): Promise<CallFigures> {
    const server = this.servers.get(name) as RunningServer;
    const { plan } = this;
    const firstNumber = this.receiptNumbers.get(name) ?? firstReceiptNumber;
    const cpuBefore = server.readCpuMs();
    const startedAt = performance.now();
    const order = {
      kind,
      port: server.port,
      path: servicePath,
      tills,
      seconds: rate === 'warm up' ? plan.warmUpSeconds : plan.seconds,
      warmUpSeconds: 0.2,
      ...(typeof rate === 'number' ? { callsPerSecond: rate } : {}),
      cards: plan.cards,
      firstReceiptNumber: firstNumber,
    };
    const figures = await this.load.measure(order).catch((reason: unknown) => {
      throw new Error(`${name}, ${kind}: ${String(reason)}; ${server.describeEnd()}`);
    });
    this.receiptNumbers.set(name, figures.nextReceiptNumber);
    server.dropOutput();
    if (figures.failures > 0) {
      throw new Error(`${name}: ${figures.failures} wrong answers to ${kind}; the first:\n${figures.firstFailure}`);
    }
    const cpuMs = (server.readCpuMs() ?? Number.NaN) - (cpuBefore ?? Number.NaN);
    return {
      ...figures,
      cpuMicroseconds: (cpuMs * 1000) / (figures.nextReceiptNumber - firstNumber),
      cpuShare: cpuMs / (performance.now() - startedAt),
    };
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
    console.log(`making ${plan.cards} cards`);
    const dataset = await makeDataset(folder, plan.cards);
    const bench = new Bench(plan, folder, dataset, load);
    const phpLack = findPhpLack();
    try {
      const start = await bench.measureStart();
      await bench.start(variantNames.filter((name) => name !== 'php' || phpLack === undefined));
      const measured: Measured = {
        cards: plan.cards,
        tills,
        hasCores,
        fsyncMs: measureFsync(folder),
        phpLack,
        ...start,
        ...(await bench.measureRounds()),
      };
      console.log(writeReport(measured));
      console.log(`\n${Math.round((performance.now() - startedAt) / 1000)} s in all`);
      if (plan.jsonFile !== undefined) writeFileSync(plan.jsonFile, `${JSON.stringify(measured, undefined, 2)}\n`);
    } finally {
      await bench.stop();
    }
  } finally {
    load.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((reason: unknown) => {
  console.error(reason instanceof Error ? reason.message : reason);
  process.exitCode = 1;
});

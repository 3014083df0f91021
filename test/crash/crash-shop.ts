// A shop under the kill switch: an infobase with cards, the built service over it, the tills and their journal, and the checks
// that follow each kill and the last one.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../../src/cli.ts';
import { giveTestClock } from '../../src/operations/admin/move-clock.ts';
import { Infobase } from '../../src/operations/infobase.ts';
import { openWorkshop, type BuiltService, type Workshop } from '../commands/service/built-service.ts';
import { depth, fileSeed } from '../deep.ts';
import { addRuledKind, day, type KindRules } from '../operations/billing/testing-billing.ts';
import { enable } from '../operations/enabling/testing-enabling.ts';
import { makeRandom } from '../operations/night/testing-night.ts';
import { addCard, noon, openBalances } from '../operations/testing-infobase.ts';
import { copyTemplate } from '../soap/testing-service.ts';
import { Wire } from '../soap/wire.ts';
import { openKiller, type Killer } from './killed-program.ts';
import { expectLedger, opening, readLedger, tillCards } from './shop-ledger.ts';
import type { TillCall } from './till-call.ts';
import { exchange, TillFleet } from './till-fleet.ts';
import { TillJournal } from './till-journal.ts';

export interface CrashShop {
  readonly workshop: Workshop;
  readonly killer: Killer;
  readonly file: string;
  readonly journal: TillJournal;
  readonly fleet: TillFleet;
  /** The scenario's own numbers, from `least` on, below `least + count`. */
  pick(least: number, count: number): number;
  /** Starts the service where nothing kills it. */
  serve(environment?: Readonly<Record<string, string>>): Promise<BuiltService>;
  /** After a start: what is answered is there, what was not is sent again; then all of that is there. */
  checkAfterKill(service: BuiltService): Promise<void>;
  /** Every call again: each answered as before, with the duplicate mark; then the whole ledger is verified. */
  checkAll(service: BuiltService): Promise<void>;
  checkLedger(): void;
  verify(): Promise<void>;
  /** Runs `kkm` to its end in this process; it must come to a good one. */
  run(args: readonly string[]): Promise<void>;
  /** Writes the figures of the scenario: what was lost or doubled has failed it before. */
  report(scenario: string, kills: number): void;
}

export const cardNumbers = Array.from({ length: 12 }, (_, index) => `${tillCards}${10 + index}`);

/** How many kills a scenario takes: DEEP=10, the long form, has ten times as many. */
export function countKills(few: number): number {
  return few * depth;
}

export interface ShopOptions {
  readonly stage: 'online' | 'billing';
  /** Of the cards' only kind; by default sums are credited at once and never burn. */
  readonly rules?: KindRules;
  readonly tills?: number;
  /** Gets the empty data folder first. */
  readonly prepare?: (dataDir: string) => void;
}

const longLife: KindRules = { bonus: 'years:30', accumulation: 'years:30' };

export async function openCrashShop({ stage, rules, tills = 6, prepare }: ShopOptions): Promise<CrashShop> {
  const workshop = openWorkshop();
  const file = join(workshop.dataDir, 'trade.sqlite');
  mkdirSync(workshop.dataDir);
  prepare?.(workshop.dataDir);
  await fill(file, stage, rules ?? longLife);
  const journal = new TillJournal();
  const random = makeRandom(fileSeed);
  const startedAt = process.hrtime();
  const run = (args: readonly string[]): Promise<void> => runUnbroken([...args, '--data-dir', workshop.dataDir]);
  const checkLedger = (): void => expectLedger(readLedger(file), journal, rules !== undefined);
  const verify = (): Promise<void> => run(['verify', '--deep']);
  const killer = openKiller(workshop);
  return {
    workshop,
    killer,
    async serve(environment = {}) {
      const service = await killer.serve({ environment });
      if (service === undefined) throw new Error('nobody has killed it');
      return service;
    },
    file,
    journal,
    fleet: new TillFleet({ seed: fileSeed, tills, cardNumbers, journal }),
    pick: (least, count) => least + Math.floor(random() * count),
    async checkAfterKill({ port }) {
      checkLedger();
      const calls = [...journal.entries.values()].filter(({ isByFile }) => !isByFile).map(({ call }) => call);
      // Those without an answer, and the last ones, most of which have one.
      const open = calls.filter((call) => !journal.isAnswered(call));
      await sendAgain(port, journal, file, [...open, ...calls.slice(-30)]);
      checkLedger();
    },
    async checkAll({ port }) {
      await sendAgain(port, journal, file, [...journal.entries.keys()]);
      checkLedger();
      expect([...journal.entries.keys()].filter((call) => !journal.isAnswered(call))).toEqual([]);
      await verify();
    },
    checkLedger,
    verify,
    run,
    report(scenario, kills) {
      const { answered, repeated } = journal;
      const [seconds] = process.hrtime(startedAt);
      process.stdout.write(
        `${scenario}: kills ${kills}, answered calls ${answered}, repeated ${repeated}, lost 0, doubled 0, ${seconds} s\n`,
      );
    },
  };
}

async function runUnbroken(args: readonly string[]): Promise<void> {
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  const [readStdin, environment] = [() => Promise.resolve(''), { PORT: '0' }];
  const code = await runCli([...args], { out: say, err: say, readStdin, isTerminal: false, environment });
  expect([args, code, said]).toEqual([args, 0, said]);
}

async function fill(file: string, stage: 'online' | 'billing', rules: KindRules): Promise<void> {
  await copyTemplate(file);
  const infobase = await Infobase.open({ name: 'trade', file, hasSubscription: true });
  await addRuledKind(infobase, 'BASE', rules);
  for (const number of cardNumbers) {
    await addCard(infobase, { number });
    await openBalances(infobase, number, opening);
  }
  await giveTestClock(infobase, noon);
  if (stage === 'billing')
    expect(await enable(infobase, day('2026-11-20'), day('2026-11-22'))).toEqual({ code: 'done' });
  await infobase.close();
}

/** By one connection: a call that is in the ledger is a duplicate, one that is not is none. */
async function sendAgain(port: number, journal: TillJournal, file: string, calls: readonly TillCall[]): Promise<void> {
  const known = new Set(readLedger(file).receipts.map(({ key }) => key));
  const wire = await Wire.open(port);
  try {
    for (const call of calls) {
      const wasAnswered = journal.isAnswered(call);
      journal.noteSent(call);
      const { status, body } = await exchange(wire, call);
      const { code, isDuplicate } = journal.noteReply(call, status, body.toString());
      for (const one of call.calls) known.add(one.key);
      if (call.kind === 'Upload' || code !== 0) continue;
      if (call.receipt !== undefined) expect([call.key, isDuplicate]).toEqual([call.key, known.has(call.key)]);
      else if (wasAnswered) expect([call.kind, call.key, isDuplicate]).toEqual([call.kind, call.key, true]);
      known.add(call.key);
    }
  } finally {
    wire.close();
  }
}

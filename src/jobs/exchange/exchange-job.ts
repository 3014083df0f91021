// «Оперативное снятие текущих продаж с ККМ» (SEED): looks into the exchange folder of each infobase served, on a schedule
// and at the start, and loads what tills have left there.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Job } from 'node-schedule';
import type { Logger } from 'winston';
import type { Clock } from '../../clock.ts';
import type { JobCounts } from '../../job-counts.ts';
import { OneRun } from '../../one-run.ts';
import type { Infobase } from '../../operations/infobase.ts';
import type { ShiftFileReader } from '../../operations/exchange/shift-file.ts';
import type { ExchangeSchedule } from '../../schedules.ts';
import { nameRunner } from '../name-runner.ts';
import { findTills, runExchange, type ExchangeEnd, type FoundTills } from './run-exchange.ts';
import type { ShiftFileReport } from '../../operations/exchange/shift-file-report.ts';

export const exchangeJobName = 'Оперативное снятие текущих продаж с ККМ';

export interface ExchangeJobOptions {
  readonly bases: readonly { readonly infobase: Infobase; readonly clock: Clock }[];
  /** Names of the infobases of the folder, the first of which has its tills in the folder itself. */
  readonly infobases: readonly string[];
  readonly folder: string;
  readonly schedule: ExchangeSchedule;
  readonly timeZone: string;
  /** By the name of the infobase. */
  readonly readerOf: (infobase: string) => ShiftFileReader;
  readonly log: Logger;
  readonly counts?: JobCounts;
}

/** The folder of an infobase: EXCHANGE_DIR itself for the first of those served, EXCHANGE_DIR/<infobase> for the others. */
export function locateExchange(folder: string, infobases: readonly string[], infobase: string): string {
  return infobase === infobases[0] ? folder : join(folder, infobase);
}

/** The tills' folders of an infobase; a folder that is not a till's, but another infobase's, is left out. */
export async function findTillsOf(folder: string, infobases: readonly string[], infobase: string): Promise<FoundTills> {
  const isFirst = infobase === infobases[0];
  const root = locateExchange(folder, infobases, infobase);
  // Not every infobase of a service has an exchange.
  if (!isFirst && !existsSync(root)) return { tills: [], troubles: [] };
  return findTills(root, (name) => isFirst && infobases.includes(name));
}

export class ExchangeJob {
  private readonly options: ExchangeJobOptions;
  private readonly holder = { holder: nameRunner(), readMs: Date.now };
  private job: Job | undefined;
  private readonly passes = new OneRun(() => this.work());
  private wasAsked = false;
  private isStopping = false;

  constructor(options: ExchangeJobOptions) {
    this.options = options;
  }

  start(): void {
    const { schedule, timeZone } = this.options;
    this.job = new Job(exchangeJobName, () => void this.look());
    this.job.schedule({ rule: schedule.cron, tz: timeZone });
    void this.look();
  }

  /** Stops after the current fifty receipts; the next run goes on there. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.job?.cancel();
    await this.passes.current;
  }

  /** One pass over the infobases at a time, and one more where it was asked for meanwhile; resolves after it. */
  look(): Promise<void> {
    this.wasAsked = true;
    return this.passes.start();
  }

  private async work(): Promise<void> {
    const { bases, log, counts } = this.options;
    while (this.wasAsked && !this.isStopping) {
      this.wasAsked = false;
      for (const { infobase, clock } of bases) {
        try {
          this.report(infobase.name, await this.run(infobase, clock));
        } catch (reason) {
          counts?.note(infobase.name, 'exchange', false);
          log.error('exchange failed', { infobase: infobase.name, error: reason });
        }
      }
    }
  }

  private async run(infobase: Infobase, clock: Clock): Promise<ExchangeEnd> {
    const { folder, infobases, readerOf, log, counts } = this.options;
    let failures = 0;
    // The clock of a test infobase is as fresh as the last look at the revision.
    await infobase.db.read((trx) => infobase.loadRevision(trx));
    const end = await runExchange({
      ...(await findTillsOf(folder, infobases, infobase.name)),
      infobase,
      isOwnFolder: true,
      reader: readerOf(infobase.name),
      readNow: () => clock.now(),
      holder: this.holder,
      shouldStop: () => this.isStopping,
      onFile: (report) => {
        if (report.result === 'failed') failures += 1;
        this.tellFile(infobase.name, report);
      },
      // What keeps it out now keeps it out at the next look, too: it is logged once.
      onTrouble: ({ place, why, reason }, isNew) => {
        failures += 1;
        if (isNew) log.error('exchange failed', { infobase: infobase.name, place, error: reason ?? why });
      },
    });
    if (failures > 0) counts?.note(infobase.name, 'exchange', false);
    else if (end.code === 'done' || end.code === 'waiting') counts?.note(infobase.name, 'exchange', true);
    return end;
  }

  private tellFile(infobase: string, report: ShiftFileReport): void {
    const { file, kkm, result } = report;
    const { log } = this.options;
    // The reason is in the report beside the file: a value in it may be a card number.
    if (result === 'failed') log.error('exchange file failed', { infobase, kkm, file });
    else if (result === 'repeat') log.info('exchange file repeated', { infobase, kkm, file });
    else {
      const { accepted, linked, rejected } = report;
      log.info('exchange file loaded', { infobase, kkm, file, accepted, linked, rejected });
    }
  }

  private report(infobase: string, end: ExchangeEnd): void {
    const { log } = this.options;
    if (end.code === 'waiting') log.info('exchange waits', { infobase, code: end.gate });
    if (end.code === 'held') log.info('exchange held', { infobase, holder: end.holder });
  }
}

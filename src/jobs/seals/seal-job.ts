// Seals the business days of the infobases served, each once its night has been. The date decides, not a firing: it looks every
// minute, so that a day is sealed soon after its night however long that took, and a day that was missed at the next start.
import type { Logger } from 'winston';
import type { Clock } from '../../clock.ts';
import type { JobCounts } from '../../job-counts.ts';
import { OneRun } from '../../one-run.ts';
import type { AnnouncedJob } from '../../operations/admin/announce-service.ts';
import type { Infobase, InfobaseOptions } from '../../operations/infobase.ts';
import { findDueSeal } from '../../operations/seals/find-due-seal.ts';
import type { Seal } from '../../operations/seals/list-seals.ts';
import type { SealEnd } from '../../operations/seals/make-seal.ts';
import { recordSealRun, type SealRunRow } from '../../operations/seals/seal-run.ts';
import type { NightSchedule } from '../../schedules.ts';
import { nameRunner } from '../name-runner.ts';
import { startSealWorker, type StartedSeal, type StartSeal } from './start-seal-worker.ts';

export const sealJobName = 'Опломбирование дня';

/** What a service says of this job: a day is sealed once its night has been. */
export function announceSeals({ cron }: NightSchedule): AnnouncedJob {
  return { job: 'seal', schedule: cron, folder: null };
}

export interface SealJobOptions {
  /** And how a worker opens each. */
  readonly bases: readonly { readonly infobase: Infobase; readonly clock: Clock; readonly options: InfobaseOptions }[];
  /** The time of the day at which the night begins. */
  readonly nightTime: string;
  readonly log: Logger;
  readonly counts?: JobCounts;
  readonly startSeal?: StartSeal;
}

const watchMs = 60_000;

export class SealJob {
  private readonly options: SealJobOptions;
  private readonly holder = nameRunner();
  private watch: NodeJS.Timeout | undefined;
  private started: StartedSeal | undefined;
  private readonly passes = new OneRun(() => this.work());
  private isStopping = false;

  constructor(options: SealJobOptions) {
    this.options = options;
  }

  /** A minute after the start, which has tills to answer first. */
  start(): void {
    this.watch = setInterval(() => void this.run(), watchMs);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.watch);
    this.started?.stop();
    await this.passes.current;
  }

  /** One pass over the infobases at a time. Resolves after it. */
  run(): Promise<void> {
    return this.passes.start();
  }

  private async work(): Promise<void> {
    for (const base of this.options.bases) {
      if (this.isStopping) return;
      try {
        await this.keep(base);
      } catch (reason) {
        this.options.counts?.note(base.infobase.name, 'seal', false);
        this.options.log.error('sealing failed', { infobase: base.infobase.name, error: reason });
      }
    }
  }

  /** The worker is started only where a day is due: a look costs a few short queries. */
  private async keep({ infobase, clock, options }: SealJobOptions['bases'][number]): Promise<void> {
    const { nightTime, startSeal = startSealWorker } = this.options;
    // The clock of a test infobase is as fresh as the last look at the revision.
    await infobase.db.read((trx) => infobase.loadRevision(trx));
    const now = clock.now();
    const due = await infobase.db.read((trx) => findDueSeal(infobase, trx, now, nightTime));
    if (due.code !== 'due') return;
    const record = (run: Pick<SealRunRow, 'businessOn' | 'why'>): Promise<void> =>
      this.record(infobase, { ...run, startedAt: now, finishedAt: clock.now() });
    let end: SealEnd;
    try {
      this.started = startSeal({ infobase: options, now, nightTime, holder: this.holder });
      // It was asked to stop before the thread had started.
      if (this.isStopping) this.started.stop();
      end = await this.started.ended;
    } catch (reason) {
      await record({ businessOn: null, why: (reason as Error).message });
      throw reason;
    } finally {
      this.started = undefined;
    }
    if (end.code !== 'sealed') return;
    this.tell(infobase.name, end.seal);
    await record({ businessOn: end.seal.businessOn, why: null });
  }

  /** The day is sealed, or is not, whether that can be recorded or not. */
  private async record(infobase: Infobase, run: SealRunRow): Promise<void> {
    try {
      await recordSealRun(infobase, run);
    } catch (reason) {
      this.options.log.warn('sealing not recorded', { infobase: infobase.name, error: reason });
    }
  }

  /** The digest is in the log, so that one is kept where nobody who changes the database comes. */
  private tell(infobase: string, { businessOn, units, changed, digest }: Seal): void {
    this.options.counts?.note(infobase, 'seal', true);
    this.options.log.info('day sealed', { infobase, businessOn, units, changed, digest });
  }
}

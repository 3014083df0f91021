// Makes a backup of each infobase served by schedule, and removes old ones. Whatever goes wrong is logged and shown among the
// jobs, and the service goes on.
import { join } from 'node:path';
import { Job } from 'node-schedule';
import type { Logger } from 'winston';
import type { JobCounts } from '../../job-counts.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { OneRun } from '../../one-run.ts';
import type { AnnouncedJob } from '../../operations/admin/announce-service.ts';
import { recordBackupRun, type BackupRunRow } from '../../operations/admin/backup-run.ts';
import type { KeepPolicy } from '../../operations/admin/keep-policy.ts';
import { explainBackup, nameBackup } from '../../operations/admin/make-backup.ts';
import type { Infobase, InfobaseOptions } from '../../operations/infobase.ts';
import {
  releaseRunnerLease,
  renewRunnerLease,
  takeRunnerLease,
  type Held,
  type Runner,
} from '../../operations/runner-lease.ts';
import type { NightSchedule } from '../../schedules.ts';
import { nameRunner } from '../name-runner.ts';
import type { BackupDone } from './backup-worker.ts';
import { startBackupWorker, type StartBackup, type StartedBackup } from './start-backup-worker.ts';

export const backupJobName = 'Резервное копирование';

/** What a service says of this job; without a folder it is not run. */
export function announceBackup({ cron }: NightSchedule, folder: string | undefined): AnnouncedJob {
  return folder === undefined
    ? { job: 'backup', schedule: null, folder: null }
    : { job: 'backup', schedule: cron, folder };
}

export interface BackupJobOptions {
  /** And how a worker opens each. */
  readonly bases: readonly { readonly infobase: Infobase; readonly options: InfobaseOptions }[];
  readonly folder: string;
  readonly schedule: NightSchedule;
  readonly keep: KeepPolicy;
  readonly timeZone: string;
  /** The machine's clock in that zone, also where an infobase has a clock of its own. */
  readonly readNow: () => LocalDateTime;
  readonly productVersion: string;
  readonly log: Logger;
  readonly counts?: JobCounts;
  readonly startBackup?: StartBackup;
}

/** A backup may take minutes in one statement, in which no step could renew the lease: the job renews it. */
const leaseMs = 60_000;
const renewMs = 20_000;

export class BackupJob {
  private readonly options: BackupJobOptions;
  private readonly runner: Runner = { holder: nameRunner(), readMs: Date.now, leaseMs };
  private job: Job | undefined;
  private started: StartedBackup | undefined;
  private readonly passes = new OneRun(() => this.work());
  private isStopping = false;

  constructor(options: BackupJobOptions) {
    this.options = options;
  }

  start(): void {
    const { schedule, timeZone } = this.options;
    this.job = new Job(backupJobName, () => void this.run());
    this.job.schedule({ rule: schedule.cron, tz: timeZone });
  }

  /** Stops a copy that is being made; nothing of it is left. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.job?.cancel();
    this.started?.stop();
    await this.passes.current;
  }

  /** One pass over the infobases at a time: a firing during a pass is left out. Resolves after it. */
  run(): Promise<void> {
    return this.passes.start();
  }

  private async work(): Promise<void> {
    for (const base of this.options.bases) {
      if (this.isStopping) return;
      const { name } = base.infobase;
      try {
        await this.keep(base);
      } catch (reason) {
        this.options.counts?.note(name, 'backup', false);
        this.options.log.error('backup failed', { infobase: name, error: reason });
      }
    }
  }

  private async keep({ infobase, options }: BackupJobOptions['bases'][number]): Promise<void> {
    const { log } = this.options;
    const held = await this.take(infobase);
    if (held !== undefined) {
      log.info('backup held', { infobase: infobase.name, holder: held.holder });
      return;
    }
    const timer = setInterval(() => this.renew(infobase), renewMs);
    try {
      await this.backUp(infobase, options);
    } finally {
      clearInterval(timer);
      // A database that cannot be written to is backed up all the same.
      await infobase.db.write((trx) => releaseRunnerLease(trx, 'backup', this.runner)).catch(() => undefined);
    }
  }

  private async backUp(infobase: Infobase, options: InfobaseOptions): Promise<void> {
    const { folder, keep, readNow, productVersion, startBackup = startBackupWorker } = this.options;
    const startedAt = readNow();
    const file = join(folder, nameBackup(infobase.name, startedAt));
    const request = { file, madeAt: startedAt, productVersion, origin: 'schedule' } as const;
    let done: BackupDone;
    try {
      this.started = startBackup({ infobase: options, request, keep });
      // It was asked to stop before the thread had started.
      if (this.isStopping) this.started.stop();
      done = await this.started.ended;
    } catch (reason) {
      await this.record(infobase, { ...nothing, startedAt, why: (reason as Error).message });
      throw reason;
    } finally {
      this.started = undefined;
    }
    const run = this.report(infobase.name, done);
    if (run !== undefined) await this.record(infobase, { ...nothing, startedAt, ...run });
  }

  /** @returns what is recorded of it: nothing, if the service stopped it. */
  private report(infobase: string, { end, removed, trouble }: BackupDone): Partial<BackupRunRow> | undefined {
    const { log, folder, counts } = this.options;
    if (trouble !== null) log.warn('old backups not removed', { infobase, folder, why: trouble });
    if (end.code === 'done') {
      const { file, manifest } = end;
      counts?.note(infobase, 'backup', true);
      log.info('backup made', { infobase, file, bytes: manifest.bytes, removed: removed.length });
      return { file, bytes: manifest.bytes };
    }
    const why = explainBackup(end);
    if (end.code === 'stopped') {
      log.info('backup stopped', { infobase });
      return undefined;
    }
    counts?.note(infobase, 'backup', false);
    log.error('backup failed', { infobase, folder, why });
    return { why };
  }

  private async record(infobase: Infobase, run: Omit<BackupRunRow, 'finishedAt'>): Promise<void> {
    try {
      await recordBackupRun(infobase, { ...run, finishedAt: this.options.readNow() });
    } catch (reason) {
      this.options.log.warn('backup not recorded', { infobase: infobase.name, error: reason });
    }
  }

  /** Who else is at it. Where the lease cannot be written, a backup is needed more than ever. */
  private take(infobase: Infobase): Promise<Held | undefined> {
    return infobase.db.write((trx) => takeRunnerLease(trx, 'backup', this.runner)).catch(() => undefined);
  }

  private renew(infobase: Infobase): void {
    void infobase.db.write((trx) => renewRunnerLease(trx, 'backup', this.runner)).catch(() => undefined);
  }
}

const nothing = { file: null, bytes: null, why: null };

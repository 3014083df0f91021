// Keeps the nights of the bases served: those missed before the service takes new work, then each one when it is due.
// The date decides, not the firing: whatever wakes this up, it runs the dates that are due and not done.
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Job } from 'node-schedule';
import type { Logger } from 'winston';
import type { Clock } from '../../clock.ts';
import type { JobCounts } from '../../job-counts.ts';
import { OneRun } from '../../one-run.ts';
import type { Infobase, InfobaseOptions } from '../../operations/infobase.ts';
import { findDueDate, findNextNight, type CatchUp } from '../../operations/night/run-night.ts';
import { nameRunner } from '../name-runner.ts';
import type { NightSchedule } from '../../schedules.ts';
import { startNightWorker, type StartedNight, type StartNight } from './start-night-worker.ts';

/** A base whose nights are kept, and how a worker opens it. */
export interface NightBase {
  readonly infobase: Infobase;
  readonly clock: Clock;
  readonly options: InfobaseOptions;
}

export interface NightJobOptions {
  readonly bases: readonly NightBase[];
  readonly schedule: NightSchedule;
  readonly timeZone: string;
  readonly log: Logger;
  readonly counts?: JobCounts;
  readonly startNight?: StartNight;
}

/** "Биллинг: дисконтные карты - ночной регламент" (SEED). */
export const nightJobName = 'Биллинг: дисконтные карты - ночной регламент';

/**
 * Besides the firing a look every five minutes: cron-parser loses a firing that falls into the hour skipped by a change
 * of clocks (America/Havana at midnight), a run may have failed, and the node that ran the night may have died.
 */
const watchMs = 5 * 60_000;
/** How often the start asks whether another runner has finished or lost its lease. */
const heldMs = 500;

export class NightJob {
  private readonly options: NightJobOptions;
  private readonly holder = nameRunner();
  private readonly stopping = new AbortController();
  private job: Job | undefined;
  private watch: NodeJS.Timeout | undefined;
  private night: StartedNight | undefined;
  private readonly passes = new OneRun(() => this.work());
  private caughtUp: string | undefined;
  private wasAsked = false;
  private hasFired = false;

  constructor(options: NightJobOptions) {
    this.options = options;
  }

  /** Whether a look at the bases is on its way, with the nights that it finds due. */
  get isAtWork(): boolean {
    return this.passes.current !== undefined;
  }

  /** The infobase whose missed nights are being run before the start. */
  get catchingUp(): string | undefined {
    return this.caughtUp;
  }

  /**
   * Runs every night that was missed, to the end; where another runner is at it, waits for that.
   * @throws with the name and the file of the infobase, where one cannot be run.
   */
  async catchUp(): Promise<void> {
    for (const base of this.options.bases) {
      try {
        this.caughtUp = base.infobase.name;
        await this.catchUpBase(base);
      } catch (cause) {
        const { name, file } = base.options;
        throw new Error(
          `infobase "${name}": a night that is due cannot be run: ${(cause as Error).message} (${file})`,
          {
            cause,
          },
        );
      } finally {
        this.caughtUp = undefined;
      }
    }
  }

  private async catchUpBase(base: NightBase): Promise<void> {
    let end = await this.runDue(base);
    if (end.code === 'not_run' && end.why !== 'billing_off') this.tellObstacle(base, end.why);
    if (end.code === 'held') this.tellHolder(base, end.holder);
    while (end.code === 'held' && !this.stopping.signal.aborted) {
      await sleep(heldMs);
      end = await this.runDue(base);
    }
  }

  /** Sets the schedule, and looks at once: a date may have come due since the catch-up began. */
  start(): void {
    const { schedule, timeZone } = this.options;
    this.job = new Job(nightJobName, () => {
      this.hasFired = true;
      this.ask();
    });
    this.job.schedule({ rule: schedule.cron, tz: timeZone });
    this.watch = setInterval(() => this.ask(), watchMs);
    this.ask();
  }

  /** Stops a night after the current chunk; the next start goes on there. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.job?.cancel();
    clearInterval(this.watch);
    this.night?.stop();
    await this.passes.current;
  }

  /** One pass over the infobases at a time, and one more where it was asked for meanwhile. */
  private ask(): void {
    this.wasAsked = true;
    void this.passes.start();
  }

  private async work(): Promise<void> {
    while (this.wasAsked && !this.stopping.signal.aborted) {
      const isFiring = this.hasFired;
      this.wasAsked = false;
      this.hasFired = false;
      for (const base of this.options.bases) await this.keep(base, isFiring);
    }
  }

  private async keep(base: NightBase, isFiring: boolean): Promise<void> {
    const { log, counts } = this.options;
    const { name } = base.infobase;
    try {
      const end = await this.runDue(base);
      counts?.note(name, 'night', true);
      if (end.code === 'not_run' && isFiring) this.tellObstacle(base, end.why);
      if (end.code === 'held') this.tellHolder(base, end.holder);
    } catch (reason) {
      counts?.note(name, 'night', false);
      log.error('night failed', { infobase: name, error: reason });
    }
  }

  private tellObstacle({ infobase }: NightBase, why: string): void {
    this.options.log.info('night not run', { infobase: infobase.name, why });
  }

  private tellHolder({ infobase }: NightBase, holder: string): void {
    this.options.log.info('night held', { infobase: infobase.name, holder });
  }

  /** The worker is started only where a date is due: a look costs one query. */
  private async runDue(base: NightBase): Promise<CatchUp['end']> {
    const { infobase, clock, options } = base;
    const { schedule, log, counts, startNight = startNightWorker } = this.options;
    for (;;) {
      // The clock of a test infobase is as fresh as the last look at the revision.
      await infobase.db.read((trx) => infobase.loadRevision(trx));
      const now = clock.now();
      const dueOn = findDueDate(now, schedule.time);
      const next = await findNextNight(infobase, dueOn);
      if (next.code !== 'due') return next;
      if (this.stopping.signal.aborted) return { code: 'stopped', businessOn: next.businessOn };
      let beganMs = performance.now();
      let seconds = 0;
      this.night = startNight(
        { infobase: options, now, dueOn, holder: this.holder },
        {
          onNight: ({ businessOn, writeOffLines, accrualLines }) => {
            const endedMs = performance.now();
            seconds = (endedMs - beganMs) / 1000;
            beganMs = endedMs;
            log.info('night done', { infobase: infobase.name, businessOn, writeOffLines, accrualLines });
          },
        },
      );
      // It was asked to stop before the night had started.
      if (this.stopping.signal.aborted) this.night.stop();
      const { end, bonus } = await this.night.ended.finally(() => {
        this.night = undefined;
      });
      if (bonus !== undefined) counts?.noteNight(infobase.name, { seconds, ...bonus });
      // A long catch-up may have gone past the next night's time.
      if (end.code !== 'up_to_date') return end;
    }
  }
}

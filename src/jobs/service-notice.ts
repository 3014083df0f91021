// Records in each infobase served that this service is up and what it runs, every few seconds, until it stops.
import type { Logger } from 'winston';
import { systemClock } from '../clock.ts';
import { OneRun } from '../one-run.ts';
import { announceService, withdrawService, type AnnouncedJob } from '../operations/admin/announce-service.ts';
import type { Infobase } from '../operations/infobase.ts';
import { nameRunner } from './name-runner.ts';

/** A write of one row; three of them may fail before the service counts as gone. */
const beatMs = 20_000;
const lifeMs = 4 * beatMs;

export interface ServiceNoticeOptions {
  readonly infobases: readonly Infobase[];
  readonly listJobs: (infobase: Infobase) => readonly AnnouncedJob[];
  readonly timeZone: string;
  readonly log: Logger;
}

/** What it cannot write is logged once and tried again; tills do not notice. */
export class ServiceNoticeJob {
  private readonly options: ServiceNoticeOptions;
  private readonly runner = nameRunner();
  private readonly startedAt;
  private readonly failing = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  /** One at a time: they must not pile up while a database is locked for long. */
  private readonly passes = new OneRun(() => this.tellAll((infobase) => this.announceIn(infobase)));

  constructor(options: ServiceNoticeOptions) {
    this.options = options;
    this.startedAt = systemClock(options.timeZone).now();
  }

  start(): void {
    void this.passes.start();
    this.timer = setInterval(() => void this.passes.start(), beatMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.passes.current;
    await this.tellAll((infobase) => withdrawService(infobase, this.runner));
  }

  private announceIn(infobase: Infobase): Promise<void> {
    const { runner, startedAt } = this;
    const { timeZone, listJobs } = this.options;
    const nowMs = Date.now();
    const notice = { runner, startedAt, timeZone, jobs: listJobs(infobase) };
    return announceService(infobase, notice, nowMs, nowMs + lifeMs);
  }

  private async tellAll(work: (infobase: Infobase) => Promise<void>): Promise<void> {
    for (const infobase of this.options.infobases) {
      try {
        await work(infobase);
        this.failing.delete(infobase.name);
      } catch (reason) {
        if (this.failing.has(infobase.name)) continue;
        this.failing.add(infobase.name);
        this.options.log.warn('service notice failed', { infobase: infobase.name, error: reason });
      }
    }
  }
}

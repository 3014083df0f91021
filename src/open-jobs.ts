// The jobs that the service runs by itself, by its configuration.
import type { Logger } from 'winston';
import { systemClock } from './clock.ts';
import { infobaseOptionsOf, type Config } from './config.ts';
import { announceBackup, BackupJob } from './jobs/backup/backup-job.ts';
import { ExchangeJob, locateExchange } from './jobs/exchange/exchange-job.ts';
import { openExchangeDesk } from './jobs/exchange/open-exchange-desk.ts';
import { listJobs } from './jobs/list-jobs.ts';
import { NightJob } from './jobs/night/night-job.ts';
import { announceSeals, SealJob } from './jobs/seals/seal-job.ts';
import { ServiceNoticeJob } from './jobs/service-notice.ts';
import type { JobCounts } from './job-counts.ts';
import type { LocalDateTime } from './ledger/local-date-time.ts';
import type { AnnouncedJob } from './operations/admin/announce-service.ts';
import type { JobsReport } from './operations/admin/jobs-report.ts';
import type { ExchangeDesk } from './operations/exchange/exchange-desk.ts';
import type { ShiftFileReader } from './operations/exchange/shift-file.ts';
import type { Infobase } from './operations/infobase.ts';
import { readProductVersion } from './product-version.ts';
import type { ServedInfobase } from './soap/served-infobase.ts';

export interface ServiceJobs {
  readonly nights: NightJob;
  /** Undefined if there is no exchange folder. */
  readonly exchange: ExchangeJob | undefined;
  /** Undefined if there is no folder for backups. */
  readonly backups: BackupJob | undefined;
  readonly seals: SealJob;
  readonly notice: ServiceNoticeJob;
  readonly desk: ExchangeDesk;
  /** What is said of the jobs of an infobase that is served. */
  readonly list: (infobase: Infobase) => Promise<JobsReport>;
}

export interface OpenJobsOptions {
  readonly config: Config;
  readonly served: readonly ServedInfobase[];
  readonly log: Logger;
  readonly counts: JobCounts;
  /** The reader of shift files of an infobase. */
  readonly readerOf: (infobase: string) => ShiftFileReader;
}

export function openJobs(options: OpenJobsOptions): ServiceJobs {
  const { config, served, log, readerOf } = options;
  const exchange = openExchange(options);
  const { exchangeDir: folder, infobases } = config;
  return {
    nights: openNights(options),
    exchange,
    backups: openBackups(options),
    seals: openSeals(options),
    notice: openNotice(config, served, log),
    desk: openExchangeDesk({ folder, infobases, look: async () => exchange?.look(), readerOf }),
    list: (infobase) => listJobsOf(config, infobase),
  };
}

function listJobsOf(config: Config, infobase: Infobase): Promise<JobsReport> {
  const { nightSchedule, exchangeSchedule, exchangeDir, infobases, timeZone } = config;
  const { backupSchedule, backupDir: backupFolder } = config;
  const exchangeFolder = exchangeDir === undefined ? undefined : locateExchange(exchangeDir, infobases, infobase.name);
  const own = { nightSchedule, exchangeSchedule, exchangeFolder, backupSchedule, backupFolder, timeZone };
  return listJobs(infobase, own, Date.now());
}

function openNights({ config, served, log, counts }: OpenJobsOptions): NightJob {
  const { nightSchedule: schedule, timeZone } = config;
  const bases = served.map(({ infobase, clock }) => {
    return { infobase, clock, options: infobaseOptionsOf(config, infobase.name) };
  });
  return new NightJob({ bases, schedule, timeZone, log, counts });
}

function openSeals({ config, served, log, counts }: OpenJobsOptions): SealJob {
  const bases = served.map(({ infobase, clock }) => {
    return { infobase, clock, options: infobaseOptionsOf(config, infobase.name) };
  });
  return new SealJob({ bases, nightTime: config.nightSchedule.time, log, counts });
}

function openExchange({ config, served, log, counts, readerOf }: OpenJobsOptions): ExchangeJob | undefined {
  const { exchangeDir: folder, exchangeSchedule: schedule, infobases, timeZone } = config;
  if (folder === undefined) return undefined;
  return new ExchangeJob({ bases: served, infobases, folder, schedule, timeZone, readerOf, log, counts });
}

function openBackups({ config, served, log, counts }: OpenJobsOptions): BackupJob | undefined {
  const { backupDir: folder, backupSchedule: schedule, backupKeep: keep, timeZone } = config;
  if (folder === undefined) return undefined;
  const bases = served.map(({ infobase }) => ({ infobase, options: infobaseOptionsOf(config, infobase.name) }));
  const productVersion = readProductVersion();
  const readNow = (): LocalDateTime => systemClock(timeZone).now();
  return new BackupJob({ bases, folder, schedule, keep, timeZone, readNow, productVersion, log, counts });
}

/** The same jobs for `kkm jobs`, which has not the settings of the running service. */
function openNotice(config: Config, served: readonly ServedInfobase[], log: Logger): ServiceNoticeJob {
  const { nightSchedule, exchangeDir, exchangeSchedule, backupSchedule, backupDir, timeZone } = config;
  const listExchange = (name: string): Omit<AnnouncedJob, 'job'> =>
    exchangeDir === undefined
      ? { schedule: null, folder: null }
      : { schedule: exchangeSchedule.cron, folder: locateExchange(exchangeDir, config.infobases, name) };
  const announce = ({ name }: Infobase): readonly AnnouncedJob[] => [
    { job: 'night', schedule: nightSchedule.cron, folder: null },
    { job: 'exchange', ...listExchange(name) },
    announceBackup(backupSchedule, backupDir),
    announceSeals(nightSchedule),
  ];
  return new ServiceNoticeJob({ infobases: served.map(({ infobase }) => infobase), listJobs: announce, timeZone, log });
}

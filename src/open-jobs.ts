// The jobs that the service runs by itself, by its configuration.
import type { Logger } from 'winston';
import { infobaseOptionsOf, type Config } from './config.ts';
import { ExchangeJob, locateExchange } from './jobs/exchange/exchange-job.ts';
import { NightJob } from './jobs/night/night-job.ts';
import { ServiceNoticeJob } from './jobs/service-notice.ts';
import type { AnnouncedJob } from './operations/admin/announce-service.ts';
import type { ShiftFileReader } from './operations/exchange/shift-file.ts';
import type { Infobase } from './operations/infobase.ts';
import type { ServedInfobase } from './soap/served-infobase.ts';

export interface ServiceJobs {
  readonly nights: NightJob;
  /** Undefined if there is no exchange folder. */
  readonly exchange: ExchangeJob | undefined;
  readonly notice: ServiceNoticeJob;
}

/** @param openReader opens the reader of shift files, if there is an exchange folder. */
export function openJobs(
  config: Config,
  served: readonly ServedInfobase[],
  log: Logger,
  openReader: () => ShiftFileReader,
): ServiceJobs {
  return {
    nights: openNights(config, served, log),
    exchange: openExchange(config, served, log, openReader),
    notice: openNotice(config, served, log),
  };
}

function openNights(config: Config, served: readonly ServedInfobase[], log: Logger): NightJob {
  const { nightSchedule: schedule, timeZone } = config;
  const bases = served.map(({ infobase, clock }) => {
    return { infobase, clock, options: infobaseOptionsOf(config, infobase.name) };
  });
  return new NightJob({ bases, schedule, timeZone, log });
}

function openExchange(
  config: Config,
  served: readonly ServedInfobase[],
  log: Logger,
  openReader: () => ShiftFileReader,
): ExchangeJob | undefined {
  const { exchangeDir: folder, exchangeSchedule: schedule, infobases, timeZone } = config;
  if (folder === undefined) return undefined;
  return new ExchangeJob({ bases: served, infobases, folder, schedule, timeZone, reader: openReader(), log });
}

/** The same jobs for `kkm jobs`, which has not the settings of the running service. */
function openNotice(config: Config, served: readonly ServedInfobase[], log: Logger): ServiceNoticeJob {
  const { nightSchedule, exchangeDir, exchangeSchedule, timeZone } = config;
  const listExchange = (name: string): Omit<AnnouncedJob, 'job'> =>
    exchangeDir === undefined
      ? { schedule: null, folder: null }
      : { schedule: exchangeSchedule.cron, folder: locateExchange(exchangeDir, config.infobases, name) };
  const listJobs = ({ name }: Infobase): readonly AnnouncedJob[] => [
    { job: 'night', schedule: nightSchedule.cron, folder: null },
    { job: 'exchange', ...listExchange(name) },
  ];
  return new ServiceNoticeJob({ infobases: served.map(({ infobase }) => infobase), listJobs, timeZone, log });
}

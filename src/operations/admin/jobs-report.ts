// What is said of the scheduled jobs of a base, at whatever door.
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import type { ResultCode } from '../../ledger/result.ts';
import type { ExchangeRunRow, StandingTrouble } from '../exchange/exchange-run.ts';
import type { NightObstacle } from '../night/run-night.ts';
import type { SealObstacle, SealRunRow } from '../seals/seal-run.ts';
import type { AnnouncedService } from './announce-service.ts';
import type { BackupRunRow } from './backup-run.ts';

/** What is said of every job. */
interface Scheduled {
  readonly name: string;
  /** The service that runs it; null where none is up. */
  readonly runner: string | null;
  /** The cron line, in the time zone; null where it is not run at all. */
  readonly schedule: string | null;
  readonly timeZone: string;
  /** Who is at it now; null where nobody is. */
  readonly holder: string | null;
  /** Null where it is not run at all. */
  readonly nextRunAt: LocalDateTime | null;
}

export interface NightReport extends Scheduled {
  readonly job: 'night';
  /** Null where it has never run. */
  readonly lastRun: LastRun | null;
  /** Why it is not run; null where it is. */
  readonly obstacle: NightObstacle | null;
}

export interface ExchangeReport extends Scheduled {
  readonly job: 'exchange';
  readonly folder: string | null;
  readonly lastRun: ExchangeRunRow | null;
  /** Why it is not run: no folder is set, or the code that keeps it out (9, 10); null where it is. */
  readonly obstacle: 'no_folder' | ResultCode | null;
  /** What of the folder could not be taken when it was last looked at. */
  readonly troubles: readonly StandingTrouble[];
}

export interface BackupReport extends Scheduled {
  readonly job: 'backup';
  readonly folder: string | null;
  /** Null where it has never run. */
  readonly lastRun: BackupRunRow | null;
  readonly obstacle: 'no_folder' | null;
}

export interface SealReport extends Scheduled {
  readonly job: 'seal';
  /** Null where the service has never begun one. */
  readonly lastRun: SealRunRow | null;
  /** The last seal, made by whom ever; null where there is none. */
  readonly lastSeal: { readonly businessOn: LocalDate; readonly digest: string } | null;
  /** Days that have ended and are not sealed yet. */
  readonly daysDue: number;
  /** What a day that is due waits for. */
  readonly obstacle: SealObstacle | null;
}

export type JobReport = NightReport | ExchangeReport | BackupReport | SealReport;

export interface LastRun {
  readonly businessOn: LocalDate;
  readonly startedAt: LocalDateTime;
  readonly finishedAt: LocalDateTime | null;
  /** Unfinished: it runs now, or was stopped and goes on with the next run. */
  readonly result: 'done' | 'unfinished';
  readonly writeOffLines: number;
  readonly accrualLines: number;
}

export interface JobsReport {
  /** Those that have not removed their notice: up, or killed. */
  readonly services: readonly Pick<AnnouncedService, 'runner' | 'startedAt' | 'timeZone' | 'isUp'>[];
  readonly jobs: readonly JobReport[];
}

// What long work needs of the service that it runs in, and who starts it where.
import type { BackgroundWork } from '../background-work.ts';
import type { Clock } from '../clock.ts';
import type { LocalDate, LocalDateTime } from '../ledger/local-date-time.ts';
import type { BackUp } from '../operations/admin/make-backup.ts';
import type { Infobase } from '../operations/infobase.ts';
import type { ReportName, ReportRequest } from '../operations/reports/open-report.ts';
import type { CatchUp, NightProgress } from '../operations/night/run-night.ts';

export interface WorkTools {
  readonly work: BackgroundWork;
  /** When the night of a date is due: "02:00:00". */
  readonly nightTime: string;
  /** Where backups are put: the folder that is set for them, else that of the databases. */
  readonly backupDir: string;
  readonly isBackupDirSet: boolean;
  /** Makes a backup in a thread of its own. */
  readonly backUp: (infobase: Infobase, request: Parameters<BackUp>[1], follow?: FollowedBackup) => ReturnType<BackUp>;
  /** The machine's clock in the zone of the infobases: a test infobase's own may stand still. */
  readonly readMachineNow: () => LocalDateTime;
  /** The machine's clock: leases and paces go by it. */
  readonly readWallMs: () => number;
  /** A name that no other runner has, in whatever process. */
  readonly nameRunner: () => string;
  /** The rows of a report, read in a thread of its own; the caller has found that the request can be answered. */
  readonly readReport: (
    infobase: Infobase,
    name: ReportName,
    request: ReportRequest,
  ) => AsyncIterable<readonly object[]>;
  /** Starts nights of an infobase in a thread of their own. */
  readonly startNights: (infobase: Infobase, task: NightsTask) => StartedNights;
}

export interface FollowedBackup {
  /** Pages of the copy. */
  readonly onProgress: (done: number, total: number) => void;
  /** Stops the copy. */
  readonly signal: AbortSignal;
}

export interface NightsTask {
  readonly now: LocalDateTime;
  /** The last date whose night is run. */
  readonly dueOn: LocalDate;
  readonly holder: string;
  readonly onProgress: (progress: NightProgress) => void;
}

export interface StartedNights {
  readonly ended: Promise<CatchUp>;
  /** Ends them after the current chunk. */
  stop(): void;
}

/** Who starts work, and in which infobase. */
export interface WorkPlace {
  readonly infobase: Infobase;
  readonly clock: Clock;
  readonly user: string;
}

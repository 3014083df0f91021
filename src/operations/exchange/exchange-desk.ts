// What a page asks of the exchange: the folder with what lies in it, a look at once, and a file that somebody brings. The jobs
// answer it; this type is here because the console and the jobs do not import each other.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';
import type { Held } from '../runner-lease.ts';
import type { OneFileEnd } from './load-one-file.ts';

export interface ExchangeDesk {
  /** The folder of an infobase's tills; undefined where none is set. */
  findFolder(infobase: string): string | undefined;
  listFiles(infobase: string): Promise<ExchangeFiles>;
  /** Has the folders looked at now, whatever the schedule; it does not wait for the end. */
  look(): void;
  /** Loads a file that lies anywhere and stays there. */
  loadFile(infobase: Infobase, readNow: () => LocalDateTime, file: BroughtFile): Promise<BroughtFileEnd>;
}

export interface BroughtFile {
  /** Its ending gives the form. */
  readonly name: string;
  readonly path: string;
  /** Undefined where only the file can say. */
  readonly kkm: string | undefined;
  readonly isDryRun: boolean;
}

export type BroughtFileEnd = OneFileEnd | Held;

/** Of many files some are listed: the counts are of all. */
export interface ExchangeFiles {
  /** Ready, and not taken yet. */
  readonly waiting: readonly WaitingFile[];
  readonly waitingCount: number;
  /** Refused as a whole, the newest first; each stays in failed/ until somebody removes it. */
  readonly failed: readonly FailedFile[];
  readonly failedCount: number;
}

export interface WaitingFile {
  readonly kkm: string;
  readonly file: string;
}

export interface FailedFile extends WaitingFile {
  /** Null where the report beside the file is gone. */
  readonly why: string | null;
  readonly at: LocalDateTime | null;
}

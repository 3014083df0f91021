// What the service knows besides its infobases, for the pages that show it.
import type { CallCounts } from '../call-counts.ts';
import type { Clock } from '../clock.ts';
import type { EnvelopeLog, KeptEnvelope } from '../envelope-log.ts';
import type { JobsReport } from '../operations/admin/jobs-report.ts';
import type { ExchangeDesk } from '../operations/exchange/exchange-desk.ts';
import type { Infobase } from '../operations/infobase.ts';
import type { NightSchedule } from '../schedules.ts';
import type { WorkTools } from '../works/work-tools.ts';
import type { ImportForms } from './opening/import-forms.ts';
import type { Uploads } from './uploads.ts';

export interface ConsoleServices {
  readonly version: string;
  /** The clock of an infobase that is served. */
  readonly clockOf: (infobase: string) => Clock;
  readonly nightSchedule: NightSchedule;
  readonly isNightAtWork: () => boolean;
  /** The machine's clock in milliseconds, by which leases run out. */
  readonly readWallMs: () => number;
  readonly calls: CallCounts;
  readonly envelopes: EnvelopeLog;
  /** Sends the text of a call to its infobase again. @returns the number of the call that was kept of it. */
  readonly repeatCall: (infobase: string, call: KeptEnvelope) => Promise<number>;
  readonly exchange: ExchangeDesk;
  readonly listJobs: (infobase: Infobase) => Promise<JobsReport>;
  readonly uploads: Uploads;
  readonly importForms: ImportForms;
  /** For work that is not done within a request. */
  readonly tools: WorkTools;
}

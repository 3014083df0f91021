// When and where a request is read.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { ReadZoned } from '../../operations/zoned-dates.ts';

export interface ReadContext {
  /** Reads a date that names a zone, as the infobase's setting says. */
  readonly readZoned: ReadZoned;
  /** The infobase's clock. */
  readonly now: LocalDateTime;
}

/** For a rule that is tried when a binding is loaded. */
export const trialContext: ReadContext = {
  readZoned: (zoned) => zoned as LocalDateTime,
  now: '2026-11-22T14:05:00' as LocalDateTime,
};

// When and where a request is read.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { ReadZoned } from '../../operations/zoned-dates.ts';

export interface ReadContext {
  /** Reads a date that names a zone, as the infobase's setting says. */
  readonly readZoned: ReadZoned;
  /** The infobase's clock. */
  readonly now: LocalDateTime;
}

// How a date that names a time zone is read: domain 10, the setting `zonedDates`.
import type { LocalDateTime } from '../ledger/local-date-time.ts';
import type { Settings } from '../ledger/settings.ts';
import type { Infobase } from './infobase.ts';

/** "2026-11-22T10:11:12Z" as the infobase's wall clock; undefined outside the years 1 to 9999. */
export type ReadZoned = (zoned: string) => LocalDateTime | undefined;

const dropZone: ReadZoned = (zoned) => zoned.slice(0, 19) as LocalDateTime;

export function chooseZonedReading({ timeZone }: Infobase, { zonedDates }: Settings): ReadZoned {
  return zonedDates === 'drop' ? dropZone : timeZone.toLocal;
}

/** The same for a caller without the settings. */
export function loadZonedReading(infobase: Infobase): Promise<ReadZoned> {
  return infobase.db.read(async (trx) => chooseZonedReading(infobase, await infobase.loadSettings(trx)));
}

// Dates and moments as people type them: 2026-11-22 or 22.11.2026, with a time of the day where one counts.
import type { Config } from '../config.ts';
import { parseTypedDate, parseTypedDateTime, type LocalDate, type LocalDateTime } from '../ledger/local-date-time.ts';
import { openTimeZone } from '../ledger/time-zone.ts';
import { expected } from './command-io.ts';

/** @throws UsageMistake */
export function readDateFlag(flag: string, text: string): LocalDate;
export function readDateFlag(flag: string, text: string | undefined): LocalDate | undefined;
export function readDateFlag(flag: string, text: string | undefined): LocalDate | undefined {
  if (text === undefined) return undefined;
  const date = parseTypedDate(text);
  if (date !== undefined) return date;
  throw expected(`--${flag}`, 'a date such as 2026-11-22 or 22.11.2026', text);
}

type Zone = Pick<Config, 'timeZone'>;

/**
 * A moment by the clock of the infobase, or with a time zone, as the log writes it.
 * @param name of the flag or value, as it is typed.
 * @param timeAlone the time of the day of a date alone.
 * @throws UsageMistake
 */
export function readMoment(name: string, text: string, zone: Zone, timeAlone?: string): LocalDateTime;
export function readMoment(
  name: string,
  text: string | undefined,
  zone: Zone,
  timeAlone?: string,
): LocalDateTime | undefined;
export function readMoment(
  name: string,
  text: string | undefined,
  { timeZone }: Zone,
  timeAlone = '00:00:00',
): LocalDateTime | undefined {
  if (text === undefined) return undefined;
  const whole = text.length === 10 ? `${text}T${timeAlone}` : text;
  const moment = parseTypedDateTime(whole) ?? openTimeZone(timeZone).toLocal(whole);
  if (moment !== undefined) return moment;
  throw expected(name, 'a moment such as 2026-11-22T14:05:00 or 22.11.2026 14:05', text);
}

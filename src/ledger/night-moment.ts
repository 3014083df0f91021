// The moment of a night on the infobase's clock (SEED: daily at 02:00:00). Its documents have this date, and
// the holds that are active at this moment keep what they have set aside, however late the night is run.
import { addDays, dateOf, type LocalDate, type LocalDateTime } from './local-date-time.ts';

export const nightTime = '02:00:00';

export function momentOfNight(on: LocalDate): LocalDateTime {
  return `${on}T${nightTime}` as LocalDateTime;
}

/** The date of the first night whose moment is at that moment or after it. */
export function findNightFrom(at: LocalDateTime): LocalDate {
  const on = dateOf(at);
  return at <= momentOfNight(on) ? on : addDays(on, 1);
}

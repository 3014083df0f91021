// The moment of a night on the infobase's clock (SEED: daily at 02:00:00). Its documents are dated by it, and the holds that
// stand at it are left what they have set aside, however late the night is run.
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

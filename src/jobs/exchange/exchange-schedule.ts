// How often the exchange folder is looked at: a cron line, of any days.
import { isCron } from '../../schedules.ts';

export interface ExchangeSchedule {
  /** Seconds (may be left out), minutes, hours, day, month, weekday. */
  readonly cron: string;
}

/** Undefined where it is no cron line. */
export function parseExchangeSchedule(text: string): ExchangeSchedule | undefined {
  const cron = text.trim();
  const count = cron.split(/\s+/).length;
  return (count === 5 || count === 6) && isCron(cron) ? { cron } : undefined;
}

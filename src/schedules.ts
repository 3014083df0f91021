// When the jobs run: cron lines that node-schedule takes. The night's line names a time of every day; which dates are due
// follows from the calendar, so that a firing lost or doubled by a change of the clock changes nothing.
import { Job } from 'node-schedule';

export interface NightSchedule {
  /** Seconds (may be left out), minutes, hours, then the day, month and weekday, which are all "*". */
  readonly cron: string;
  /** The first moment of a day that the line names: "02:00:00". */
  readonly time: string;
}

/** When the exchange folder is looked at, on any days. */
export interface ExchangeSchedule {
  /** Seconds (may be left out), minutes, hours, day, month, weekday. */
  readonly cron: string;
}

const everyDay = /^[*?]$/;

/** Undefined where it is not a cron line, or does not name a time of every day. */
export function parseNightSchedule(text: string): NightSchedule | undefined {
  const schedule = parseExchangeSchedule(text);
  if (schedule === undefined) return undefined;
  const { cron } = schedule;
  const fields = cron.split(/\s+/);
  const [second, minute, hour, ...days] = fields.length === 5 ? ['0', ...fields] : fields;
  if (!days.every((field) => everyDay.test(field))) return undefined;
  const parts = [hour, minute, second].map((field) => findFirst(field ?? ''));
  if (parts.some(Number.isNaN)) return undefined;
  return { cron, time: parts.map((part) => String(part).padStart(2, '0')).join(':') };
}

/** Undefined where it is not a cron line. */
export function parseExchangeSchedule(text: string): ExchangeSchedule | undefined {
  const cron = text.trim();
  const count = cron.split(/\s+/).length;
  return (count === 5 || count === 6) && isCron(cron) ? { cron } : undefined;
}

/** Whether node-schedule takes it as a line that comes again and again. */
function isCron(rule: string): boolean {
  const job = new Job('tried', () => undefined);
  const isTaken = job.schedule({ rule, tz: 'UTC' });
  job.cancel();
  // A text that is not a cron line may still be a date to node-schedule, which then marks the job.
  return isTaken && !('isOneTimeJob' in job);
}

/** The least value of a cron field of time: "0", "1,3", "5-10/2", "*\/15". */
function findFirst(field: string): number {
  return Math.min(...field.split(',').map((part) => (/^[*?]/.test(part) ? 0 : Number.parseInt(part, 10))));
}

/** The next moment at which the line fires, by the machine's clock; undefined where there is none. */
export function findNextFiring({ cron }: ExchangeSchedule, timeZone: string): Date | undefined {
  const job = new Job('tried', () => undefined);
  job.schedule({ rule: cron, tz: timeZone });
  const next: Date | null = job.nextInvocation();
  job.cancel();
  return next === null ? undefined : new Date(next.getTime());
}

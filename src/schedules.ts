// When the night begins: a cron line that node-schedule takes, of every day. It says at what time of the day the night is
// due; which dates are due is said by the calendar, so that a firing lost or doubled by a clock's change moves nothing.
import { Job } from 'node-schedule';

export interface NightSchedule {
  /** Seconds (may be left out), minutes, hours, then the day, month and weekday, which are all "*". */
  readonly cron: string;
  /** The first moment of a day that the line names: "02:00:00". */
  readonly time: string;
}

const everyDay = /^[*?]$/;

/** Undefined where it is no cron line, or names no time of every day. */
export function parseNightSchedule(text: string): NightSchedule | undefined {
  const cron = text.trim();
  const fields = cron.split(/\s+/);
  if (fields.length !== 5 && fields.length !== 6) return undefined;
  const [second, minute, hour, ...days] = fields.length === 5 ? ['0', ...fields] : fields;
  if (!days.every((field) => everyDay.test(field)) || !isCron(cron)) return undefined;
  const parts = [hour, minute, second].map((field) => findFirst(field ?? ''));
  if (parts.some(Number.isNaN)) return undefined;
  return { cron, time: parts.map((part) => String(part).padStart(2, '0')).join(':') };
}

/** Whether node-schedule takes it as a line that comes again and again. */
export function isCron(rule: string): boolean {
  const job = new Job('tried', () => undefined);
  const isTaken = job.schedule({ rule, tz: 'UTC' });
  job.cancel();
  // What is no cron line may still be a date to node-schedule, which then marks the job.
  return isTaken && !('isOneTimeJob' in job);
}

/** The least value of a cron field of time: "0", "1,3", "5-10/2", "*\/15". */
function findFirst(field: string): number {
  return Math.min(...field.split(',').map((part) => (/^[*?]/.test(part) ? 0 : Number.parseInt(part, 10))));
}

/** The next moment at which the line fires, by the machine's clock; undefined where there is none. */
export function findNextFiring({ cron }: { readonly cron: string }, timeZone: string): Date | undefined {
  const job = new Job('tried', () => undefined);
  job.schedule({ rule: cron, tz: timeZone });
  const next: Date | null = job.nextInvocation();
  job.cancel();
  return next === null ? undefined : new Date(next.getTime());
}

// The nights kept by a running service: missed ones first, then one a business date, whatever clocks and firings do.
// The night itself is run in the test's own thread; time is the test's.
import { EventEmitter, once } from 'node:events';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'winston';
import { clockOf, systemClock, type Clock } from '../../../src/clock.ts';
import { setLastNight } from '../../../src/db/billing/billing-state.ts';
import { countJobs, type JobCounts } from '../../../src/job-counts.ts';
import { NightJob, type NightBase } from '../../../src/jobs/night/night-job.ts';
import { parseNightSchedule } from '../../../src/schedules.ts';
import type { NightTask } from '../../../src/jobs/night/night-worker.ts';
import type { StartNight } from '../../../src/jobs/night/start-night-worker.ts';
import type { LocalDate } from '../../../src/ledger/local-date-time.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { readNightRuns } from '../../../src/operations/night/read-night-runs.ts';
import { catchUpNights, type CatchUp } from '../../../src/operations/night/run-night.ts';
import { addAccounts, makeEffects, nightOptions, openBillingBase } from '../../operations/night/testing-night.ts';
import { moment, setSetting } from '../../operations/testing-infobase.ts';

interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [key: string]: unknown;
}

function collectLog(): { log: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const take =
    (level: string) =>
    (message: string, fields: object): void =>
      void lines.push({ level, message, ...fields });
  return { log: { info: take('info'), error: take('error') } as unknown as Logger, lines };
}

/** Runs a night in this thread; what it is given is told to `tasks`. */
function startHere(bases: readonly NightBase[], tasks: NightTask[] = []): StartNight {
  return (task, events) => {
    tasks.push(task);
    const base = bases.find(({ infobase }) => infobase.name === task.infobase.name)!;
    let isStopping = false;
    const ended = catchUpNights(base.infobase, task.now, {
      ...nightOptions({ holder: task.holder, readMs: Date.now, shouldStop: () => isStopping }),
      dueOn: task.dueOn,
      onNight: (run) => events.onNight?.(run),
    });
    return {
      ended,
      stop: () => {
        isStopping = true;
      },
    };
  };
}

async function openBase(name: string, clock: Clock, lastNightOn: string): Promise<NightBase> {
  const options = { name, file: ':memory:', hasSubscription: true };
  const infobase = await openBillingBase(options);
  await addAccounts(infobase, makeEffects(1, 20));
  await infobase.db.write((trx) => setLastNight(trx, lastNightOn as LocalDate));
  return { infobase, clock: clockOf(infobase, clock), options };
}

/** Date and start of every night, oldest first. */
async function listNights(infobase: Infobase): Promise<[string, string][]> {
  const { runs } = await readNightRuns(infobase, 1_000);
  return runs.map(({ businessOn, startedAt }): [string, string] => [businessOn, startedAt]).toReversed();
}

/** What a night in this thread takes of the event loop, several times over. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 100; turns += 1) await turn();
}

async function passTo(isoTime: string): Promise<void> {
  await jest.advanceTimersByTimeAsync(Date.parse(isoTime) - Date.now());
  await settle();
}

const schedule = parseNightSchedule('0 0 2 * * *')!;

describe('by the clock', () => {
  let job: NightJob | undefined;
  let infobase: Infobase | undefined;
  let timersBefore = 0;
  let start: StartNight | undefined;
  let counts: JobCounts;

  async function startIn(
    timeZone: string,
    from: string,
    lastNightOn: string,
    cron = '0 0 2 * * *',
  ): Promise<LogLine[]> {
    jest.useFakeTimers({ now: Date.parse(from), doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    const bases = [await openBase('trade', systemClock(timeZone), lastNightOn)];
    const { log, lines } = collectLog();
    infobase = bases[0]!.infobase;
    timersBefore = jest.getTimerCount();
    start = startHere(bases);
    const startNight: StartNight = (task, events) => start!(task, events);
    counts = countJobs(Date.now);
    job = new NightJob({ bases, schedule: parseNightSchedule(cron)!, timeZone, log, counts, startNight });
    await job.catchUp();
    job.start();
    await settle();
    return lines;
  }

  afterEach(async () => {
    await job?.stop();
    const timersLeft = jest.getTimerCount();
    await infobase?.close();
    jest.useRealTimers();
    expect(timersLeft).toBe(timersBefore);
  });

  test('once a date when Berlin skips two o clock', async () => {
    const lines = await startIn('Europe/Berlin', '2026-03-27T12:00:00Z', '2026-03-27');
    await passTo('2026-03-29T00:59:59Z');
    expect(await listNights(infobase!)).toEqual([['2026-03-28', '2026-03-28T02:00:00']]);
    await passTo('2026-03-29T01:00:01Z');
    expect((await listNights(infobase!)).at(-1)).toEqual(['2026-03-29', '2026-03-29T03:00:00']);
    await passTo('2026-03-30T12:00:00Z');
    expect(await listNights(infobase!)).toEqual([
      ['2026-03-28', '2026-03-28T02:00:00'],
      ['2026-03-29', '2026-03-29T03:00:00'],
      ['2026-03-30', '2026-03-30T02:00:00'],
    ]);
    expect(lines.map(({ message, businessOn }) => [message, businessOn])).toEqual([
      ['night done', '2026-03-28'],
      ['night done', '2026-03-29'],
      ['night done', '2026-03-30'],
    ]);
  });

  test('once a date when Berlin has two o clock twice', async () => {
    await startIn('Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-24');
    await passTo('2026-10-26T12:00:00Z');
    expect(await listNights(infobase!)).toEqual([
      ['2026-10-25', '2026-10-25T02:00:00'],
      ['2026-10-26', '2026-10-26T02:00:00'],
    ]);
  });

  test('in the same night where the firing itself is lost: midnight is skipped in Havana', async () => {
    await startIn('America/Havana', '2026-03-07T12:00:00Z', '2026-03-07', '0 0 0 * * *');
    await passTo('2026-03-08T06:00:00Z');
    const nights = await listNights(infobase!);
    expect(nights.map(([on]) => on)).toEqual(['2026-03-08']);
    expect(nights[0]![1] <= '2026-03-08T01:05:00').toBe(true);
  });

  test('never again when the clock is set back, and none is lost when it is set on', async () => {
    await startIn('Europe/Moscow', '2026-11-22T12:00:00Z', '2026-11-22');
    await passTo('2026-11-23T00:00:00Z');
    jest.setSystemTime(Date.parse('2026-11-20T22:00:00Z'));
    await jest.advanceTimersByTimeAsync(3_600_000 * 3);
    await settle();
    expect((await listNights(infobase!)).map(([on]) => on)).toEqual(['2026-11-23']);
    jest.setSystemTime(Date.parse('2026-11-25T12:00:00Z'));
    await jest.advanceTimersByTimeAsync(300_000);
    await settle();
    expect((await listNights(infobase!)).map(([on]) => on)).toEqual(['2026-11-23', '2026-11-24', '2026-11-25']);
  });

  test('once more within five minutes where a night has failed', async () => {
    const lines = await startIn('Europe/Moscow', '2026-11-22T12:02:00Z', '2026-11-22');
    const whole = start!;
    start = () => ({ ended: Promise.reject(new Error('the disk is full')), stop: () => undefined });
    await passTo('2026-11-22T23:00:01Z');
    start = whole;
    expect(lines).toMatchObject([
      { level: 'error', message: 'night failed', infobase: 'trade', error: { message: 'the disk is full' } },
    ]);
    expect(counts.find('trade', 'night')).toEqual({ doneAtMs: expect.any(Number), failures: 1 });
    await passTo('2026-11-22T23:02:01Z');
    expect(counts.find('trade', 'night')).toMatchObject({ doneAtMs: Date.parse('2026-11-22T23:02:01Z'), failures: 1 });
    expect(lines.at(-1)).toMatchObject({ message: 'night done', businessOn: '2026-11-23' });
  });

  test('tells at each firing, and then only, why no night is run', async () => {
    const lines = await startIn('Europe/Moscow', '2026-11-22T12:00:00Z', '2026-11-22');
    await setSetting(infobase!, 'stage', 'online');
    await passTo('2026-11-24T12:00:00Z');
    const told = { level: 'info', message: 'night not run', infobase: 'trade', why: 'billing_off' };
    expect(lines).toEqual([told, told]);
  });
});

const startBroken: StartNight = () => ({ ended: Promise.reject(new Error('broken')), stop: () => undefined });

describe('before new work', () => {
  const clock: Clock = { now: () => moment('2026-11-05T12:00:00') };

  test('every base is caught up with to the end, one after the other', async () => {
    const bases = [await openBase('first', clock, '2026-11-01'), await openBase('second', clock, '2026-11-04')];
    const { log, lines } = collectLog();
    const tasks: NightTask[] = [];
    const job = new NightJob({ bases, schedule, timeZone: 'Europe/Moscow', log, startNight: startHere(bases, tasks) });
    await job.catchUp();
    expect(lines.map(({ infobase, businessOn }) => [infobase, businessOn])).toEqual([
      ['first', '2026-11-02'],
      ['first', '2026-11-03'],
      ['first', '2026-11-04'],
      ['first', '2026-11-05'],
      ['second', '2026-11-05'],
    ]);
    expect(tasks.map(({ infobase, now, dueOn }) => [infobase.name, now, dueOn])).toEqual([
      ['first', '2026-11-05T12:00:00', '2026-11-05'],
      ['second', '2026-11-05T12:00:00', '2026-11-05'],
    ]);
    for (const { infobase } of bases) await infobase.close();
  });

  test('no worker is started where nothing is due, and a lacking subscription is told', async () => {
    const done = await openBase('done', clock, '2026-11-05');
    const online = await openBase('online', clock, '2026-11-01');
    await setSetting(online.infobase, 'stage', 'online');
    const infobase = await openBillingBase({ name: 'unpaid', hasSubscription: false });
    const unpaid = { infobase, clock, options: { name: 'unpaid', file: ':memory:', hasSubscription: false } };
    const bases = [done, online, unpaid];
    const { log, lines } = collectLog();
    const tasks: NightTask[] = [];
    const startNight = startHere(bases, tasks);
    await new NightJob({ bases, schedule, timeZone: 'Europe/Moscow', log, startNight }).catchUp();
    expect(tasks).toEqual([]);
    expect(lines).toEqual([{ level: 'info', message: 'night not run', infobase: 'unpaid', why: 'no_subscription' }]);
    for (const base of bases) await base.infobase.close();
  });

  test('it waits for the runner that is at it', async () => {
    const bases = [await openBase('trade', clock, '2026-11-04')];
    const ends: CatchUp['end'][] = [
      { code: 'held', holder: 'another' },
      { code: 'held', holder: 'another' },
    ];
    const here = startHere(bases);
    const { log, lines } = collectLog();
    const startNight: StartNight = (task, events) => {
      const end = ends.shift();
      return end === undefined
        ? here(task, events)
        : { ended: Promise.resolve({ nights: [], end }), stop: () => undefined };
    };
    await new NightJob({ bases, schedule, timeZone: 'Europe/Moscow', log, startNight }).catchUp();
    expect(lines.map(({ message }) => message)).toEqual(['night held', 'night done']);
    expect(ends).toEqual([]);
    expect((await listNights(bases[0]!.infobase)).map(([on]) => on)).toEqual(['2026-11-05']);
    await bases[0]!.infobase.close();
  });

  test('a night that fails stops the start', async () => {
    const bases = [await openBase('trade', clock, '2026-11-04')];
    const { log } = collectLog();
    const job = new NightJob({ bases, schedule, timeZone: 'Europe/Moscow', log, startNight: startBroken });
    await expect(job.catchUp()).rejects.toThrow('broken');
    await bases[0]!.infobase.close();
  });
});

test('a stop ends the night behind its chunk, and waits for that', async () => {
  const clock: Clock = { now: () => moment('2026-11-05T12:00:00') };
  const bases = [await openBase('trade', clock, '2026-11-04')];
  const { log, lines } = collectLog();
  const events: string[] = [];
  const startNight: StartNight = () => {
    const told = new EventEmitter();
    events.push('started');
    const ended = once(told, 'stop').then(async (): Promise<CatchUp> => {
      await sleep(20);
      events.push('ended');
      return { nights: [], end: { code: 'stopped', businessOn: '2026-11-05' as LocalDate } };
    });
    return {
      ended,
      stop: () => {
        events.push('told');
        told.emit('stop');
      },
    };
  };
  const job = new NightJob({ bases, schedule, timeZone: 'Europe/Moscow', log, startNight });
  job.start();
  while (events.length === 0) await turn();
  await job.stop();
  expect(events).toEqual(['started', 'told', 'ended']);
  expect(lines).toEqual([]);
  await bases[0]!.infobase.close();
});

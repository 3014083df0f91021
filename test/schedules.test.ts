// When the night is due: cron lines taken and refused, the first time of the day they name, and their next firing.
import { ConfigMistakes, readConfig } from '../src/config.ts';
import { findNextFiring, parseNightSchedule } from '../src/schedules.ts';

test.each([
  ['0 0 2 * * *', '02:00:00'],
  ['30 15 4 * * *', '04:15:30'],
  ['0 23 * * *', '23:00:00'],
  ['  0  5 3 * * *  ', '03:05:00'],
  ['0 0 2 ? * *', '02:00:00'],
  ['*/20 30,10 5-8/2 * * *', '05:10:00'],
  ['* * * * * *', '00:00:00'],
])('%j is due at %s', (text, time) => {
  expect(parseNightSchedule(text)).toEqual({ cron: text.trim(), time });
});

test.each([
  '',
  'nightly',
  '@daily',
  '2:00',
  '0 0 2',
  '0 0 2 * * * *',
  '0 0 24 * * *',
  '60 0 2 * * *',
  '0 0 2 * * 1',
  '0 0 2 1 * *',
  '0 0 2 * 1 *',
  '0 0 2-1 * * *',
  '2027-01-01',
  'Sat Nov 22 2026 02:00:00 GMT',
  '2027 1 1 * * *',
])('%j is not a line of every day', (text) => {
  expect(parseNightSchedule(text)).toBeUndefined();
});

const readWrong = (): unknown => readConfig({ NIGHT_CRON: '0 0 25 * * *', PORT: 'x' });

test('a wrong line is reported with all other mistakes of the settings', () => {
  expect(readWrong).toThrow(ConfigMistakes);
  expect(readWrong).toThrow(
    /KKM_PORT: .*\n.*KKM_NIGHT_CRON: expected a cron line of every day such as "0 0 2 \* \* \*", got "0 0 25 \* \* \*"/,
  );
  expect(readConfig({}).nightSchedule).toEqual({ cron: '0 0 2 * * *', time: '02:00:00' });
});

test('the next firing is by the wall clock of the zone', () => {
  jest.useFakeTimers({ now: Date.parse('2026-03-28T12:00:00Z'), doNotFake: ['setImmediate', 'nextTick'] });
  try {
    const schedule = parseNightSchedule('0 0 2 * * *')!;
    expect(findNextFiring(schedule, 'Europe/Moscow')?.toISOString()).toBe('2026-03-28T23:00:00.000Z');
    // 02:00 is skipped in Berlin on that day: three o'clock follows two.
    expect(findNextFiring(schedule, 'Europe/Berlin')?.toISOString()).toBe('2026-03-29T01:00:00.000Z');
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});

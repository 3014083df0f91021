// The times of log lines: one text for all that happens in a millisecond, and the right one.
import { stampTimes } from '../src/clock.ts';

test('a time is that of its moment, also where the clock goes back', () => {
  const moments = [0, 0, 1, 1_795_345_500_123, 1_795_345_500_123, 5];
  let at = 0;
  const stamp = stampTimes(() => moments[at++] as number);
  expect(moments.map(() => stamp())).toEqual(moments.map((ms) => new Date(ms).toISOString()));
});

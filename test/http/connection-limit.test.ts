// How many connections there may be, by the setting and by what the process may have open.
import { fitConnectionLimit, readDescriptorLimit } from '../../src/http/connection-limit.ts';

test.each([
  [1_000, undefined, 1_000],
  [1_000, 524_288, 1_000],
  [1_000, 1_100, 1_000],
  [1_000, 1_024, 924],
  [1_000, 256, 156],
  [1_000, 64, 16],
  [20, 64, 16],
])('%d asked for and %s descriptors make %d', (asked, descriptors, limit) => {
  expect(fitConnectionLimit(asked, descriptors)).toBe(limit);
});

test('the descriptors of this process are known where the system says them', () => {
  const limit = readDescriptorLimit();
  if (process.platform === 'linux') expect(limit).toBeGreaterThan(16);
  else expect(limit).toBeUndefined();
});

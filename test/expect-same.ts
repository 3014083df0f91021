import { isDeepStrictEqual } from 'node:util';

/**
 * As `expect(actual).toEqual(expected)`, for loops of thousands: Jest is asked only where the two differ, to show how.
 * Making Jest's matchers for each comparison took a quarter of a random search.
 */
export function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}

// A whole number that a flag gives: how many lines to list, how many days to go.
import { expected } from './command-io.ts';

/** @throws UsageMistake where it is not a whole number from `least` to `greatest`. */
export function readCount(field: string, text: string, greatest: number, least = 0): number {
  const count = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count >= least && count <= greatest)) {
    throw expected(field, `a whole number from ${least} to ${greatest}`, text);
  }
  return count;
}

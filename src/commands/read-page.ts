// A list that is too long for one answer: how much of it, and where to go on.
import type { CommandIo } from './command-io.ts';
import { readCount } from './read-number-flag.ts';

const greatestLimit = 100_000;
const usualLimit = 100;

/** @param last what the last line of a page is named by: "NUMBER". */
export function pageFlags<const T extends string>(last: T) {
  return {
    limit: { takes: 'N', about: `how many at most: 1 to ${greatestLimit} (default ${usualLimit})` },
    after: { takes: last, about: 'start after this one: the last of the page before' },
  } as const;
}

/** @throws UsageMistake */
export function readLimit(text: string | undefined): number {
  return readCount('--limit', text ?? String(usualLimit), greatestLimit, 1);
}

/** To a person, who sees no `next`. */
export function pageNote(io: CommandIo, { json }: { readonly json: boolean }, next: string | number | null): void {
  if (next !== null && !json) io.err(`there are more: --after ${next}`);
}

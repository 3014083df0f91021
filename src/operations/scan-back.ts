// A page of a long list that is read from its end: in ranges of ids, each in a turn of its own, so that the calls of tills get
// theirs in between however little of the list matches.
export interface ScannedPage<Row> {
  readonly rows: readonly Row[];
  /** The id before which the next page begins; null if this is the last page. */
  readonly next: number | null;
}

export interface IdRange {
  /** Included. */
  readonly fromId: number;
  /** Not included. */
  readonly beforeId: number;
  readonly limit: number;
}

/** About 5 ms a turn. */
const idsPerTurn = 10_000;

/** Of one page: where few rows match, it may have fewer than were asked for, or none, and still a `next`. */
const idsPerPage = 500_000;

/** @param read the rows of the range that match, the greatest id first. */
export async function scanBack<Row extends { readonly id: number }>(
  beforeId: number,
  limit: number,
  read: (range: IdRange) => Promise<readonly Row[]>,
): Promise<ScannedPage<Row>> {
  const rows: Row[] = [];
  const end = Math.max(1, beforeId - idsPerPage);
  for (let before = beforeId; before > end;) {
    const fromId = Math.max(end, before - idsPerTurn);
    // One more row shows whether there is another page.
    rows.push(...(await read({ fromId, beforeId: before, limit: limit + 1 - rows.length })));
    if (rows.length > limit) return cutPage(rows, limit);
    before = fromId;
  }
  return { rows, next: end > 1 ? end : null };
}

/** @param found one row more than the page takes, if there are more. */
export function cutPage<Row extends { readonly id: number }>(found: readonly Row[], limit: number): ScannedPage<Row> {
  const rows = found.slice(0, limit);
  return { rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
}

// What is counted of the commits of a database since it was opened: some additions for each commit, not for each call.
import type { CommitCounts } from '../db.ts';

const groupSizes = [1, 2, 4, 8, 16, 32, 64, 128, 256] as const;

export function openCommitCounts(): CommitCounts {
  return { groupSizes, groups: new Float64Array(groupSizes.length + 1), writes: 0, failed: 0 };
}

export function countCommit(counts: CommitCounts, writes: number): void {
  let size = 0;
  while (size < groupSizes.length && writes > (groupSizes[size] as number)) size += 1;
  counts.groups[size] = (counts.groups[size] ?? 0) + 1;
  counts.writes += writes;
}

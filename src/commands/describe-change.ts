// What became of an entry of a catalog, in one line.

/** "card kind "GOLD" would be added" */
export function describeSaved(entry: string, isNew: boolean, isDryRun: boolean): string {
  return `${entry} ${isDryRun ? 'would be ' : ''}${isNew ? 'added' : 'changed'}`;
}

/** "shop "S-1" removed" */
export function describeRemoved(entry: string, isDryRun: boolean): string {
  return `${entry} ${isDryRun ? 'would be ' : ''}removed`;
}

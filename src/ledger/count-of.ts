// Counted things as English has them.

/** "1 card", "2 cards", "0 cards". @param many where it is not `one` with an s. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

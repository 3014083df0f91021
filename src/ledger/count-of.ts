// A count with its noun in English.

/** "1 card", "2 cards", "0 cards". @param many the plural, if it is not `one` with an s. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

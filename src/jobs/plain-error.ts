// An Error that survives the way from a thread to its parent: SQLite's own would arrive without its words.

export function toPlainError(reason: unknown): Error {
  if (!(reason instanceof Error)) return new Error(String(reason));
  const plain = new Error(reason.message);
  if (reason.stack !== undefined) plain.stack = reason.stack;
  return plain;
}

// Long reading lets others in: calls of tills wait for the turn of the event loop, and a chain of reads would not end it.

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

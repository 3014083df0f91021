// Reads a long request in slices: the calls of other tills wait for the turn of the event loop.
import { nextTurn } from '../operations/next-turn.ts';
import type { Contract, ReadCall } from './contract/contract.ts';
import { sliceCharacters } from './contract/slices.ts';

/** Whether a text is more than one slice; then its reply may be long too. */
export function isLong(text: string): boolean {
  return text.length > sliceCharacters;
}

/** @throws UnreadableRequest, as the contract's reader does. */
export async function readLongRequest(contract: Contract, text: string): Promise<ReadCall> {
  const reading = contract.readInSlices(text);
  for (;;) {
    // Before the first slice too: the bytes were decoded in this turn.
    await nextTurn();
    const step = reading.next();
    if (step.done === true) return step.value;
  }
}

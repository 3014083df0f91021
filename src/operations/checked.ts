// What doors hand to operations: a command read whole, or the first value in it that could not be read.
import type { Trouble } from '../ledger/result.ts';

/** `partial` has what could be read, so that a refusal can still name the card and the operation. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly trouble: Trouble; readonly partial: Partial<T> };

/** A list that is taken in parts: a door may read ten thousand receipts as they are taken, and not all before the first. */
export interface Parts<T> {
  readonly length: number;
  slice(from: number, to: number): readonly T[];
}

// What a draft proposes: lines of a binding, each with how sure it is and why, and what it could not place.
import type { BindingOptions } from '../binding/binding-file.ts';

/** Below it a person has to look. */
export const leastConfidence = 0.6;

export interface DraftedRule {
  /** Of a request the field of the command, of a reply the place of the wire. */
  readonly key: string;
  readonly from: string | readonly [string, string];
  readonly transform: string;
  readonly options?: BindingOptions;
  /** Words of a table that has to be written for it. */
  readonly table?: Readonly<Record<string, string | number>>;
  readonly inside?: DraftedShape;
  /** It stands once in the example of its document, and comes any number of times. */
  readonly repeats?: true;
  /** 0..1 */
  readonly confidence: number;
  readonly reason: string;
}

export interface DraftedShape {
  /** What the shape is called in the file, if that name is free. */
  readonly name: string;
  readonly rules: readonly DraftedRule[];
}

export interface DraftedSide {
  readonly shape: DraftedShape;
  /** Of a request: fields that the command needs. Of a reply: elements that the schema requires. */
  readonly missing: readonly string[];
  /** Of a request: fields that it can do without. Of a reply: values that nothing writes. */
  readonly unplacedFields: readonly string[];
  readonly unplacedPlaces: readonly string[];
}

export function round(confidence: number): number {
  return Math.round(Math.min(1, Math.max(0, confidence)) * 100) / 100;
}

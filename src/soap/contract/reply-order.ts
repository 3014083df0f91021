// Puts the values of a tree into the order that a content model asks for, and finds what does not fit it.
import { walk, type Source, type Step } from './content-walk.ts';
import { anyKey, orderKey } from './tree-keys.ts';
import type { Field } from './schema.ts';
import { finish } from './slices.ts';
import type { WireTree, WireValue } from './wire-tree.ts';

/** A place of a model: an element, or the wildcard if it has none. */
export interface Place {
  readonly field?: Field;
}

export type TakeValue = (place: Place, value: WireValue, index: number) => void;

/** What is wrong with a tree, by itself: the caller knows whose tree it is. */
export class OrderFault extends Error {
  /** The names of the elements that it is about. */
  readonly place: string;
  constructor(place: string, message: string) {
    super(`${place} ${message}`);
    this.place = place;
  }
}

function keyOf({ field }: Place): string {
  return field?.name ?? anyKey;
}

function own(tree: WireTree, key: string): WireValue | undefined {
  return Object.hasOwn(tree, key) ? tree[key] : undefined;
}

/** The values of a place; null where a value must come and there is none. */
function listValues(tree: WireTree, place: Place): readonly WireValue[] {
  const value = own(tree, keyOf(place)) ?? null;
  const { field } = place;
  if (field !== undefined && !field.repeated) return value === null && field.optional ? [] : [value];
  if (value === null) return [];
  if (!Array.isArray(value)) throw new OrderFault(keyOf(place), 'is expected to be an array');
  return value as readonly WireValue[];
}

class TreeSource implements Source<Place> {
  private readonly values = new Map<string, { readonly list: readonly WireValue[]; next: number }>();
  private readonly order: readonly string[] | undefined;
  private taken = 0;
  private readonly takeValue: TakeValue;

  constructor(tree: WireTree, places: readonly Place[], keepsOrder: boolean, takeValue: TakeValue) {
    for (const place of places) this.values.set(keyOf(place), { list: listValues(tree, place), next: 0 });
    this.order = keepsOrder ? (own(tree, orderKey) as readonly string[] | undefined) : undefined;
    this.takeValue = takeValue;
  }

  isAt(place: Place): boolean {
    const key = keyOf(place);
    const { list, next } = this.values.get(key)!;
    return next < list.length && (this.order === undefined || this.order[this.taken] === key);
  }

  take(place: Place): undefined {
    const values = this.values.get(keyOf(place))!;
    this.taken += 1;
    values.next += 1;
    this.takeValue(place, values.list[values.next - 1]!, values.next - 1);
  }

  refuseMissing(places: readonly Place[]): never {
    const names = places.map(keyOf);
    throw new OrderFault(names.join(', '), names.length === 1 ? 'has no value' : 'are missing: one must come');
  }

  finish(): void {
    for (const [key, { list, next }] of this.values) {
      if (next < list.length) throw new OrderFault(key, 'does not fit beside the other values');
    }
  }
}

/** @param places all of the model. */
export function takeInOrder(
  tree: WireTree,
  step: Step<Place>,
  places: readonly Place[],
  keepsOrder: boolean,
  takeValue: TakeValue,
): void {
  const source = new TreeSource(tree, places, keepsOrder, takeValue);
  finish(walk(step, source));
  source.finish();
}

// The place of a fact among the others of its card: by its business date, then by an order that does not depend on arrival.
import type { LocalDate } from './local-date-time.ts';

export interface FactPlace {
  readonly on: LocalDate;
  readonly order: string;
}

export function comparePlaces(a: FactPlace, b: FactPlace): number {
  return compare(a.on, b.on) || compare(a.order, b.order);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

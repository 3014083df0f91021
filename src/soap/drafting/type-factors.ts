// How well the schema's type of a place suits a kind of value: 1 it is made for it, 0 it cannot be.
import { isAny, type AnyType, type ScalarKind, type ScalarType } from '../contract/schema.ts';
import type { ValueKind } from '../binding/command-fields.ts';
import type { SumType } from './read-samples.ts';

type Factors = Readonly<Partial<Record<ScalarKind, number>>>;

const whole = { integer: 1, int: 1, long: 1 } as const;
const words = { string: 1, integer: 0.7, int: 0.7, long: 0.7 } as const;
const sums: Factors = { decimal: 1, double: 0.9, integer: 0.8, int: 0.8, long: 0.8, string: 0.8 };

const factors: Readonly<Record<ValueKind, Factors>> = {
  text: { string: 1, integer: 0.8, int: 0.8, long: 0.8, decimal: 0.6, union: 0.8, QName: 0.5 },
  flag: { boolean: 1, string: 0.7, integer: 0.7, int: 0.7, long: 0.7 },
  count: { ...whole, decimal: 0.9, double: 0.7, string: 0.8 },
  money: sums,
  percent: sums,
  amount: { ...sums, integer: 0.9, int: 0.9, long: 0.9 },
  moment: { dateTime: 1, date: 0.95, string: 0.8 },
  receiptKind: { ...words, boolean: 0.5 },
  cardStatus: words,
  certificateState: words,
  stage: words,
  documentKind: words,
  code: { ...whole, decimal: 0.8, string: 0.7 },
};

export function factorOf(type: ScalarType | AnyType, kind: ValueKind): number {
  if (isAny(type)) return 0.7;
  return factors[kind][type.kind] ?? 0;
}

export function sumTypeOf(type: ScalarType | AnyType): SumType {
  if (isWholeKind(type)) return 'whole';
  return isAny(type) || type.kind === 'string' ? 'string' : 'decimal';
}

export function isWholeKind(type: ScalarType | AnyType): boolean {
  return !isAny(type) && ['integer', 'int', 'long'].includes(type.kind);
}

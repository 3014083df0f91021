// A line of a shape, [place, transform, option], with its option spelled out.
import type { BindingFile, BindingOptions, RuleText, ShapeText } from './binding-file.ts';

export interface Rule {
  /** Of a request: places in the tree. Of a reply: the name of a value of the answer. */
  readonly from: readonly [place: string, time?: string];
  readonly transform: string;
  readonly options: BindingOptions;
}

/** Transforms whose option may be given by its name alone. */
const shortOptions: Readonly<Record<string, 'shape' | 'table' | 'value'>> = {
  shape: 'shape',
  list: 'shape',
  checkedList: 'shape',
  table: 'table',
  optionalTable: 'table',
  constant: 'value',
};

export function readRule([from, transform, option = {}]: RuleText): Rule {
  const places = typeof from === 'string' ? ([from] as const) : from;
  if (typeof option !== 'string') return { from: places, transform, options: option };
  const name = Object.hasOwn(shortOptions, transform) ? shortOptions[transform] : undefined;
  if (name === undefined) throw new Error(`transform ${transform} takes options as an object, not "${option}"`);
  return { from: places, transform, options: { [name]: option } };
}

/** Whether a rule of a request looks at no place of it. */
export function readsNothing({ transform }: Rule): boolean {
  return transform === 'constant' || transform === 'today';
}

export function findShape(shapes: Readonly<Record<string, ShapeText>>, name: string | undefined): ShapeText {
  if (name === undefined) throw new Error('the shape is not named');
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  if (shape === undefined) throw new Error(`there is no shape ${name}`);
  return shape;
}

type OwnValue = string | number;
export type Table = Readonly<Record<string, OwnValue | readonly OwnValue[]>>;

export function findTable({ tables }: Pick<BindingFile, 'tables'>, name: string | undefined): Table {
  if (name === undefined) throw new Error('the table is not named');
  const table = Object.hasOwn(tables, name) ? tables[name] : undefined;
  if (table === undefined) throw new Error(`there is no table ${name}`);
  return table;
}

/** The wire's words with the product's own values: a word that stands for several is there with each. */
export function listWords(table: Table): readonly (readonly [word: string, own: OwnValue])[] {
  return Object.entries(table).flatMap(([word, own]) =>
    (Array.isArray(own) ? (own as readonly OwnValue[]) : [own as OwnValue]).map((one) => [word, one] as const),
  );
}

/** @throws Error if a rule has an option that its transform would not look at. */
export function refuseOptions({ transform, options }: Rule, allowed: readonly string[]): void {
  const stranger = Object.keys(options).find((option) => !allowed.includes(option));
  if (stranger === undefined) return;
  const expected = allowed.length === 0 ? 'it has none' : `it has ${allowed.join(', ')}`;
  throw new Error(`transform ${transform} has no option "${stranger}" here: ${expected}`);
}

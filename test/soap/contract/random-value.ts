// Random values of a contract's types, in the form that a tree has after reading.
import * as fc from 'fast-check';
import { keepsOrder } from '../../../src/soap/contract/content-walk.ts';
import { compileText, isDecimalKind } from '../../../src/soap/contract/facets.ts';
import { formatDecimal } from '../../../src/soap/contract/lexical-forms.ts';
import {
  isAny,
  isComplex,
  type ComplexType,
  type Field,
  type Particle,
  type ScalarKind,
  type ScalarType,
} from '../../../src/soap/contract/schema.ts';
import type { WireTree, WireValue } from '../../../src/soap/contract/wire-tree.ts';
import type { Dice } from './random-schema.ts';

const words = fc.oneof(
  fc.constantFrom(
    '',
    'AB123',
    'продажа',
    'ИТОГ',
    'Продажа',
    'Возврат',
    'ru',
    'a-b',
    'abc',
    'Два слова',
    ' x ',
    '<&>"\'',
    'ru-RU',
  ),
  // Of letters that both editions of XML 1.0 allow in names: libxml2 follows the fourth.
  fc.string({ unit: fc.constantFrom(...'a Z я Ё 0 - _ : . < > & " é «'.split(' '), ' ', '\n', '\t'), maxLength: 6 }),
);
const moments = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 19));
const near = fc.oneof(
  moments,
  moments.map((text) => `2020${text.slice(4)}`.replace('-02-29', '-02-28')),
);
const wholes = fc.oneof(
  fc.integer({ min: -130, max: 130 }).map(String),
  fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map(String),
);
const bytes = fc.uint8Array({ maxLength: 4 }).map((list) => Buffer.from(list));

const candidates: Readonly<Record<Exclude<ScalarKind, 'list' | 'union'>, fc.Arbitrary<string>>> = {
  string: words,
  boolean: fc.constantFrom('true', 'false'),
  integer: wholes,
  int: wholes,
  long: wholes,
  decimal: fc.oneof(wholes, fc.constantFrom('1.50', '20', '0.01', '99.99', '1234.5', '-0.5', '10.00')),
  double: fc.constantFrom('0', '1e3', '-1.5E-7', 'INF', '-INF', '12.25', '999'),
  dateTime: near,
  date: near.map((text) => text.slice(0, 10)),
  time: near.map((text) => text.slice(11)),
  base64Binary: bytes.map((list) => list.toString('base64')),
  hexBinary: bytes.map((list) => list.toString('hex').toUpperCase()),
  duration: fc.constantFrom('P1D', 'PT1H30M', '-P1Y2M3DT4H5M6.7S'),
  gYearMonth: fc.constantFrom('2026-11', '2026-12Z'),
  gYear: fc.constantFrom('2026', '2026+03:00'),
  gMonthDay: fc.constantFrom('--11-22', '--02-29'),
  gDay: fc.constantFrom('---01', '---31'),
  gMonth: fc.constantFrom('--11', '--01Z'),
  QName: fc.constantFrom('{urn:a}имя', '{http://www.w3.org/2001/XMLSchema}string', 'name'),
};

function candidate(dice: Dice, { kind, item, members }: ScalarType): string {
  if (kind === 'list') return Array.from({ length: 1 + dice.upTo(2) }, () => randomText(dice, item!)).join(' ');
  return kind === 'union' ? randomText(dice, dice.pick(members!)) : dice.from(candidates[kind]);
}

/** As the writer writes it and the reader reads it. */
export function randomText(dice: Dice, type: ScalarType): string {
  const read = compileText(type);
  for (let left = 400; left > 0; left -= 1) {
    const text = read(candidate(dice, type));
    if (text === undefined) continue;
    // Whatever else it is, it must be of its type.
    const written = isDecimalKind(type.kind) && type.patterns === undefined ? formatDecimal(text)! : text;
    if (read(written) === written) return written;
  }
  throw new Error(`no value was found for ${JSON.stringify(type)}`);
}

const pieces = [
  '',
  'текст &amp; ещё',
  '<a/>',
  '<q:b xmlns:q="urn:q" q:c="1">2<!-- 3 --></q:b>\n<a xmlns="urn:a"><b/></a>',
];
const elements = ['<z:чужой xmlns:z="urn:z"/>', '<чужой xmlns="urn:y">1<a b="2"/></чужой>'];

export class ValueMaker {
  private readonly dice: Dice;
  constructor(dice: Dice) {
    this.dice = dice;
  }

  private one(field: Field, depth: number): WireValue {
    const { type, nillable, optional, repeated } = field;
    if (field.fixed !== undefined) return field.fixed;
    if (nillable && (repeated || !optional) && this.dice.chance(20)) return null;
    if (isAny(type)) return this.dice.pick(pieces);
    if (isComplex(type)) return this.tree(type, depth + 1);
    let text = randomText(this.dice, type);
    // Blanks alone are no value where the type has no empty one.
    const isBlank = (given: string) => nillable && /^[ \t\n]+$/.test(given);
    while (isBlank(text)) text = randomText(this.dice, type);
    // An empty element means the default, or no value where the type has no empty one.
    return text === '' && field.default !== undefined ? field.default : text;
  }

  private attributes(type: ComplexType, tree: Record<string, WireValue>): void {
    for (const { name, use, type: of, default: preset, fixed } of type.attributes) {
      if (use === 'optional' && preset === undefined && fixed === undefined && this.dice.chance(40)) continue;
      tree[`@${name}`] = fixed ?? randomText(this.dice, of);
    }
    if (type.anyAttribute !== undefined && this.dice.chance(50)) tree['@{urn:z}чужой'] = ' a"b ';
  }

  private place(tree: Record<string, WireValue>, order: string[], leaf: Particle, depth: number): void {
    const count = this.times(leaf, depth);
    for (let index = 0; index < count; index += 1) {
      if (leaf.kind === 'any') {
        ((tree['#any'] ??= []) as WireValue[]).push(this.dice.pick(elements));
        order.push('#any');
      } else if (leaf.kind === 'element') {
        const { field } = leaf;
        const value = this.one(field, depth);
        if (field.repeated) ((tree[field.name] ??= []) as WireValue[]).push(value);
        else tree[field.name] = value;
        order.push(field.name);
      } else if (leaf.kind === 'choice') this.place(tree, order, this.dice.pick(leaf.particles), depth);
      else for (const child of leaf.particles) this.place(tree, order, child, depth);
    }
  }

  private times({ kind, least, most, ...rest }: Particle, depth: number): number {
    // An element that is left out gets its default, so a tree that was read always has it.
    const withDefault = kind === 'element' && (rest as { field: Field }).field.default !== undefined;
    if (withDefault && most === 1) return 1;
    if (depth > 3) return least;
    return least + this.dice.upTo(Math.min(most - least, 2));
  }

  tree(declared: ComplexType, depth = 0): WireTree {
    const derived = [...declared.derived];
    const named = derived.length > 0 && depth < 3 && this.dice.chance(40) ? this.dice.pick(derived) : undefined;
    const type = named?.[1] ?? declared;
    const tree: Record<string, WireValue> = {};
    if (named !== undefined) tree['@xsi:type'] = named[0];
    this.attributes(type, tree);
    if (type.text !== undefined) tree['#text'] = randomText(this.dice, type.text);
    const order: string[] = [];
    if (type.particle !== undefined) this.place(tree, order, type.particle, depth);
    if (type.particle !== undefined && keepsOrder(type.particle) && order.length > 0) tree['#order'] = order;
    return tree;
  }
}

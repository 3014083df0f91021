// Random replies: rewritten in any way XML allows they compare equal; with one thing changed, exactly that one is found.
import * as fc from 'fast-check';

import { formatElement, parseXml } from '../../src/replay/canonical.ts';
import { compareTrees } from '../../src/replay/compare.ts';
import type { Mask } from '../../src/replay/mask.ts';
import { parsePlace } from '../../src/replay/mask.ts';
import { depth, fileSeed } from '../deep.ts';
import { expectSame } from '../expect-same.ts';

const namespaces = ['', 'http://www.kkm.solutions/KKMTransfer', 'http://schemas.xmlsoap.org/soap/envelope/', 'urn:т'];
const xsiNamespace = 'http://www.w3.org/2001/XMLSchema-instance';

type Attribute = { local: string; namespace: string; value: string };
/** `nil` only on leaves without text; `text` only on leaves. */
type Node = {
  local: string;
  namespace: string;
  attributes: Attribute[];
  nil: boolean;
  text: string;
  children: Node[];
};

const letters = fc.constantFrom(...'aЯ<>&"\'] \n\r\tё€9.'.split(''), ']]>', '&#65;', '\u{1F4B3}');
const value = fc.oneof(
  fc.array(letters, { maxLength: 8 }).map((parts) => parts.join('')),
  fc.constantFrom('0', '100.5', '-7', '0012345678905', 'true', '2026-11-22T10:11:12', '12345678901234567.89', ''),
  fc.constantFrom('1', '2'),
);
const attribute: fc.Arbitrary<Attribute> = fc.record({
  local: fc.constantFrom('id', 'вид', 'lang'),
  namespace: fc.constantFrom(...namespaces),
  value: value.map((text) => text.replaceAll(/[\t\n\r]/g, '_')),
});
const attributes = fc.uniqueArray(attribute, { maxLength: 3, selector: (one) => `${one.namespace} ${one.local}` });
const identity = {
  local: fc.constantFrom('Line', 'Sum', 'Строка'),
  namespace: fc.constantFrom(...namespaces),
  attributes,
};
const node: fc.Arbitrary<Node> = fc.letrec<{ node: Node; leaf: Node; parent: Node }>((tie) => ({
  node: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('parent')),
  leaf: fc
    .record({ ...identity, nil: fc.boolean(), text: value })
    // A list of its own for each: a shared one would stay shared in a clone, and a child added would stand everywhere.
    .map((one): Node => ({ ...one, text: one.nil ? '' : one.text, children: [] })),
  parent: fc.record({
    ...identity,
    nil: fc.constant(false),
    text: fc.constant(''),
    children: fc.array(tie('node'), { maxLength: 5 }),
  }),
})).node;

/** Draws from a list of numbers for ever: the way a tree is written is then part of what fast-check shrinks. */
type Draw = (below: number) => number;
const style: fc.Arbitrary<Draw> = fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 200 }).map((numbers) => {
  let at = 0;
  return (below) => (numbers[at++ % numbers.length] ?? 0) % below;
});
const plain: Draw = () => 0;

function writeCharacter(character: string, draw: Draw): string {
  const must = { '<': '&lt;', '&': '&amp;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\r': '&#13;' }[character];
  const reference = `&#x${character.codePointAt(0)?.toString(16)};`;
  return draw(4) === 3 ? reference : (must ?? character);
}

function writeValue(text: string, draw: Draw): string {
  const characters = Array.from(text, (character) => writeCharacter(character, draw));
  if (draw(6) === 5) characters.splice(draw(characters.length + 1), 0, '<!-- </x> & -->');
  const isPlain = !text.includes(']]>') && !text.includes('\r');
  if (isPlain && draw(5) === 4) return `${draw(2) === 1 ? '<![CDATA[]]>' : ''}<![CDATA[${text}]]>`;
  return characters.join('');
}

function writeBlank(draw: Draw): string {
  return ['', '', '\r\n\t', ' ', '<!-- x -->', '\n<?skip me?>\n'][draw(6)] ?? '';
}

type Prefixes = ReadonlyMap<string, string>;

/** Names, with the declarations they need where they stand. Without a draw, each namespace has one prefix for all. */
function writeName(one: { local: string; namespace: string }, known: Map<string, string>, draw: Draw, more: string[]) {
  if (one.namespace === '') return one.local;
  const prefix = `${['n', 'm', 'ns1', 'ё'][draw(4)]}${namespaces.indexOf(one.namespace)}`;
  if (known.get(prefix) !== one.namespace) {
    more.push(`xmlns:${prefix}="${one.namespace}"`);
    known.set(prefix, one.namespace);
  }
  return `${prefix}:${one.local}`;
}

function write(one: Node, draw: Draw, outer: Prefixes = new Map()): string {
  const known = new Map(outer);
  const parts: string[] = [];
  const name = writeName(one, known, draw, parts);
  for (const each of one.attributes) {
    const written = Array.from(each.value, (character) => writeCharacter(character, draw)).join('');
    parts.push(`${writeName(each, known, draw, parts)}=${draw(2) === 1 ? `'${written}'` : `"${written}"`}`);
  }
  if (one.nil) parts.push(`xmlns:i="${xsiNamespace}"`, `i:nil="${draw(2) === 1 ? '1' : 'true'}"`);
  if (draw(3) === 2) parts.reverse();
  const start = [name, ...parts].join(draw(4) === 3 ? '\r\n\t\t' : ' ');
  const content =
    one.children.length === 0
      ? writeValue(one.text, draw)
      : one.children.map((child) => writeBlank(draw) + write(child, draw, known)).join('') + writeBlank(draw);
  return content === '' && draw(2) === 1 ? `<${start}/>` : `<${start}>${content}</${name}${draw(5) === 4 ? ' ' : ''}>`;
}

/** A parent's only children list and the path down to it, for every element of the tree. */
type Spot = { path: string; siblings: Node[]; index: number };

function stepsOf(siblings: readonly Node[]): string[] {
  return siblings.map(({ local, namespace }, index) => {
    const same = siblings.filter((other) => other.local === local);
    const position = siblings.slice(0, index + 1).filter((other) => other.local === local).length;
    const prefix = namespace === '' ? '' : `n${namespaces.indexOf(namespace)}:`;
    return `/${prefix}${local}${same.length > 1 ? `[${position}]` : ''}`;
  });
}

function spotsOf(siblings: Node[], prefix = ''): Spot[] {
  const steps = stepsOf(siblings);
  return siblings.flatMap((one, index) => {
    const path = `${prefix}${steps[index]}`;
    return [{ path, siblings, index }, ...spotsOf(one.children, path)];
  });
}

function differencesOf(expected: Node, actual: Node, masks: readonly Mask[] = []) {
  return compareTrees(parseXml(write(expected, plain)), parseXml(write(actual, plain)), masks).differences;
}

function maskOf(path: string): Mask {
  const place = parsePlace(path);
  if ('refused' in place) throw new Error(`${path}: ${place.refused}`);
  return { xpath: path, why: 'found', boundAs: null, file: 'masks.json', place };
}

const canonicalText = (one: Node): string => formatElement(parseXml(write(one, plain)));

test('a tree rewritten with other prefixes, orders, blanks, CDATA and references is the same tree', () => {
  fc.assert(
    fc.property(node, style, style, (tree, one, other) => {
      const [first, second] = [parseXml(write(tree, one)), parseXml(write(tree, other))];
      expectSame(compareTrees(first, second).differences, []);
    }),
    { numRuns: 350 * depth, seed: fileSeed },
  );
});

test('a changed value is found once, at its place, however the rest is written', () => {
  fc.assert(
    fc.property(node, fc.nat(), value, style, (tree, pick, fresh, draw) => {
      const forest = [structuredClone(tree)];
      const leaves = spotsOf(forest).filter(({ siblings, index }) => siblings[index]?.children.length === 0);
      const { path, siblings, index } = leaves[pick % leaves.length] as Spot;
      const leaf = siblings[index] as Node;
      fc.pre(leaf.nil || leaf.text !== fresh);
      const expected = leaf.nil ? 'xsi:nil' : leaf.text;
      siblings[index] = { ...leaf, nil: false, text: fresh };
      const found = compareTrees(parseXml(write(tree, plain)), parseXml(write(forest[0] ?? tree, draw))).differences;
      expectSame(
        found.map((one) => [one.kind, one.path, one.expected]),
        [['different', path, expected]],
      );
      // The printed path names that place and no other.
      expectSame(differencesOf(tree, forest[0] ?? tree, [maskOf(path)]), []);
    }),
    { numRuns: 350 * depth, seed: fileSeed },
  );
});

test('an element removed is found once, as missing, at its place or at that of a twin', () => {
  fc.assert(
    fc.property(node, fc.nat(), (tree, pick) => {
      const changed = structuredClone(tree);
      const [spots, left] = [spotsOf([tree]).slice(1), spotsOf([changed]).slice(1)];
      fc.pre(spots.length > 0);
      const { siblings, index } = spots[pick % spots.length] as Spot;
      const twins = spots.filter(
        (spot) =>
          spot.siblings === siblings &&
          canonicalText(siblings[spot.index] as Node) === canonicalText(siblings[index] as Node),
      );
      left[pick % left.length]?.siblings.splice(index, 1);
      const found = differencesOf(tree, changed);
      expectSame(
        found.map((one) => one.kind),
        ['missing'],
      );
      expect(twins.map((twin) => twin.path)).toContain(found[0]?.path);
    }),
    { numRuns: 350 * depth, seed: fileSeed },
  );
});

test('an element added is found once, as extra, at its place or at that of a twin', () => {
  fc.assert(
    fc.property(node, node, fc.nat(), fc.nat(), (tree, added, pick, at) => {
      const changed = structuredClone(tree);
      const parents = spotsOf([changed])
        .map(({ siblings, index }) => siblings[index] as Node)
        .filter((one) => !one.nil && one.text === '');
      fc.pre(parents.length > 0);
      const parent = parents[pick % parents.length] as Node;
      parent.children.splice(at % (parent.children.length + 1), 0, added);
      const twins = spotsOf([changed]).filter(
        ({ siblings, index }) =>
          siblings === parent.children && canonicalText(siblings[index] as Node) === canonicalText(added),
      );
      const found = differencesOf(tree, changed);
      expectSame(
        found.map((one) => one.kind),
        ['extra'],
      );
      expect(twins.map((twin) => twin.path)).toContain(found[0]?.path);
    }),
    { numRuns: 350 * depth, seed: fileSeed },
  );
});

test('an attribute changed, removed or added is found once, at its place', () => {
  fc.assert(
    fc.property(node, fc.nat(), fc.constantFrom('different', 'missing', 'extra'), (tree, pick, kind) => {
      const [whole, bare] = [structuredClone(tree), structuredClone(tree)];
      const spots = spotsOf([whole]);
      const { path, siblings, index } = spots[pick % spots.length] as Spot;
      const other = spotsOf([bare])[pick % spots.length] as Spot;
      const mark = { local: 'mark', namespace: '', value: 'was' };
      siblings[index]?.attributes.push(mark);
      if (kind === 'different') other.siblings[index]?.attributes.push({ ...mark, value: 'is' });
      const found = kind === 'extra' ? differencesOf(bare, whole) : differencesOf(whole, bare);
      expectSame(
        found.map((one) => [one.kind, one.path]),
        [[kind, `${path}/@mark`]],
      );
    }),
    { numRuns: 170 * depth, seed: fileSeed },
  );
});

test('of two changed values a mask on one leaves the other', () => {
  fc.assert(
    fc.property(node, fc.nat(), fc.nat(), (tree, one, other) => {
      const forest = [structuredClone(tree)];
      const leaves = spotsOf(forest).filter(({ siblings, index }) => siblings[index]?.children.length === 0);
      const [masked, open] = [leaves[one % leaves.length] as Spot, leaves[other % leaves.length] as Spot];
      fc.pre(masked.path !== open.path);
      for (const { siblings, index } of [masked, open]) {
        siblings[index] = { ...(siblings[index] as Node), nil: false, text: `fresh ${index}` };
      }
      const found = differencesOf(tree, forest[0] ?? tree, [maskOf(masked.path)]);
      expectSame(
        found.map((difference) => difference.path),
        [open.path],
      );
    }),
    { numRuns: 170 * depth, seed: fileSeed },
  );
});

// What a mask may say, what it names, and that it silences that place alone.
import { parseXml } from '../../src/replay/canonical.ts';
import { compareTrees } from '../../src/replay/compare.ts';
import type { Mask } from '../../src/replay/mask.ts';
import { findMaskedNodes, parsePlace } from '../../src/replay/mask.ts';

function maskOf(xpath: string): Mask {
  const place = parsePlace(xpath);
  if ('refused' in place) throw new Error(`${xpath}: ${place.refused}`);
  return { xpath, why: 'a test', boundAs: null, file: 'masks.json', place };
}

const tree = parseXml(
  '<e:E xmlns:e="u"><e:B><R id="1"><L><N>1</N></L><L><N>2</N><M>x</M></L><N>3</N></R><R id="2"/></e:B></e:E>',
);

test.each([
  ['/E/B/R/N', ['3']],
  ['/any:E/other:B/R/N', ['3']],
  ['//N', ['1', '2', '3']],
  ['//L/N', ['1', '2']],
  ['//L[2]/N', ['2']],
  ['//L[2]/*', ['2', 'x']],
  ['//R//M', ['x']],
  ['/E//L[1]//N', ['1']],
  ['/E/B/R[1]/*[3]', ['3']],
  ['/*/*/R/L[2]/*[2]', ['x']],
  ['//L[3]', []],
  ['/B', []],
  ['//n', []],
])('%s names elements %j', (xpath, texts) => {
  const { whole, used } = findMaskedNodes(tree, [maskOf(xpath)]);
  expect([...whole.keys()].map((element) => element.text).toSorted()).toEqual(texts);
  expect(used.size).toBe(texts.length === 0 ? 0 : 1);
});

test.each([
  ['/E/B/R/@id', ['1', '2']],
  ['/E/B/R[2]/@id', ['2']],
  ['//@id', ['1', '2']],
  ['//B//@x:id', ['1', '2']],
  ['//L/@id', []],
])('%s names attributes %j', (xpath, values) => {
  const { attributes } = findMaskedNodes(tree, [maskOf(xpath)]);
  expect([...attributes.keys()].map((attribute) => attribute.value)).toEqual(values);
});

test.each([
  ['', 'it names no element'],
  ['/*', 'it names no element'],
  ['//*', 'it names no element'],
  ['/*/*/text()', 'it names no element'],
  ['/text()', 'it names no element'],
  ['/@id', 'it names no element'],
  ['//text()', '//text() names no element: write the element before /text()'],
  ['a', 'cannot read "a"'],
  ['/a/', 'cannot read "/"'],
  ['///a', 'cannot read "///a"'],
  ['/a[0]', 'cannot read "/a[0]"'],
  ['/a[last()]', 'cannot read "/a[last()]"'],
  ['/a[b="1"]', 'cannot read "/a[b="1"]"'],
  ['/a/../b', 'cannot read "/../b"'],
  ['/a/.', 'cannot read "/."'],
  ['/a | /b', 'cannot read "/a | /b"'],
  ['/child::a', 'cannot read "/child::a"'],
  ['/a/@*', 'cannot read "/@*"'],
  ['/a/@b/c', 'text() and @name may stand at the end only'],
  ['/a/text()/b', 'text() and @name may stand at the end only'],
  ['/a/text()[1]', 'cannot read "/text()[1]"'],
])('%s is refused', (xpath, refused) => {
  expect(parsePlace(xpath)).toEqual({ refused });
});

function compare(expected: string, actual: string, ...xpaths: string[]) {
  return compareTrees(parseXml(expected), parseXml(actual), xpaths.map(maskOf));
}

const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

test.each<[string, string, string, string, readonly string[]]>([
  ['its value', '/a/b', '<a><b>1</b></a>', '<a><b>2</b></a>', []],
  ['a neighbour', '/a/b', '<a><b>1</b><c>1</c></a>', '<a><b>2</b><c>2</c></a>', ['different /a/c']],
  ['a namesake', '/a/b[1]', '<a><b>1</b><b>1</b></a>', '<a><b>2</b><b>2</b></a>', ['different /a/b[2]']],
  ['all inside it', '/a/b', '<a><b x="1"><c>1</c></b></a>', '<a><b><d/></b></a>', []],
  ['null against a value', '/a/b', `<a ${xsi}><b xsi:nil="1"/></a>`, '<a><b>2</b></a>', []],
  ['its absence', '/a/b', '<a><b>1</b></a>', '<a/>', ['missing /a/b']],
  ['one too many', '/a/b', '<a><b>1</b></a>', '<a><b>1</b><b>2</b></a>', ['extra /a/b[2]']],
  ['text only', '/a/b/text()', '<a><b x="1">1</b></a>', '<a><b x="2">2</b></a>', ['different /a/b/@x']],
  ['text, not null', '/a/b/text()', `<a ${xsi}><b xsi:nil="1"/></a>`, '<a><b>2</b></a>', ['different /a/b']],
  ['one attribute', '/a/@x', '<a x="1" y="1"/>', '<a x="2" y="2"/>', ['different /a/@y']],
  ['an attribute gone', '/a/@x', '<a x="1"/>', '<a/>', ['missing /a/@x']],
  [
    '[n] of the recording',
    '/a/b[2]',
    '<a><b>1</b><b>2</b><b>3</b></a>',
    '<a><b>2</b><b>4</b></a>',
    ['different /a/b[1]', 'missing /a/b[3]'],
  ],
])('a mask and %s', (_case, xpath, expected, actual, found) => {
  const { differences } = compare(expected, actual, xpath);
  expect(differences.map(({ kind, path }) => `${kind} ${path}`)).toEqual(found);
});

test('a masked place is reported with both values, equal or not', () => {
  const { maskedPlaces } = compare('<a><b>1</b><b>2</b></a>', '<a><b>1</b><b>3</b></a>', '//b');
  expect(maskedPlaces.map(({ path, expected, actual }) => [path, expected, actual])).toEqual([
    ['/a/b[1]', '1', '1'],
    ['/a/b[2]', '2', '3'],
  ]);
});

function rows(first: number, ids: string): string {
  const all = ['A', 'B', 'C'].map((name, index) => `<r><id>${ids}${index}</id><n>${name}</n></r>`);
  return all.slice(first).join('');
}

test('lists are laid side by side without the masked values', () => {
  const { differences } = compare(`<a>${rows(0, 'x')}</a>`, `<a>${rows(1, 'y')}</a>`, '//id');
  expect(differences.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['missing /a/r[1]']);
});

// Where two replies differ: one difference for one cause, each at its XPath.
import { parseXml } from '../../src/replay/canonical.ts';
import { compareTrees } from '../../src/replay/compare.ts';

function compare(expected: string, actual: string): string[] {
  return compareTrees(parseXml(expected), parseXml(actual)).differences.map(
    (found) => `${found.kind} ${found.path} ${found.expected ?? '-'} | ${found.actual ?? '-'}`,
  );
}

const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

test.each<[string, string, string, string[]]>([
  ['a value', '<a><b>1</b></a>', '<a><b>2</b></a>', ['different /a/b 1 | 2']],
  ['a value gone', '<a><b>1</b></a>', '<a><b/></a>', ['different /a/b 1 | ']],
  ['null for a value', '<a><b>1</b></a>', `<a ${xsi}><b xsi:nil="true"/></a>`, ['different /a/b 1 | xsi:nil']],
  ['a value for null', `<a ${xsi}><b xsi:nil="1"/></a>`, '<a><b>1</b></a>', ['different /a/b xsi:nil | 1']],
  ['an element gone', '<a><b>1</b><c/></a>', '<a><c/></a>', ['missing /a/b <b>1</b> | -']],
  ['an element more', '<a><c/></a>', '<a><b>1</b><c/></a>', ['extra /a/b - | <b>1</b>']],
  ['the only element gone', '<a>\n <b/>\n</a>', '<a>\n</a>', ['missing /a/b <b/> | -']],
  ['an attribute', '<a b="1"/>', '<a b="2"/>', ['different /a/@b 1 | 2']],
  ['attributes gone and come', '<a b="1"/>', '<a c="1"/>', ['missing /a/@b 1 | -', 'extra /a/@c - | 1']],
  ['the order', '<a><b/><c/></a>', '<a><c/><b/></a>', ['missing /a/b <b/> | -', 'extra /a/b - | <b/>']],
  ['another root', '<a/>', '<b/>', ['different /a {}a | {}b']],
  ['a namespace', '<a><b xmlns="u"><c/></b></a>', '<a><b xmlns="v"><c/></b></a>', ['different /a/b {u}b | {v}b']],
  ['text beside elements', '<a>x<b/></a>', '<a>y<b/></a>', ['different /a/text() x | y']],
  ['text in place of elements', '<a><b/></a>', '<a>x</a>', ['different /a/text()  | x', 'missing /a/b <b/> | -']],
  [
    'a prefixed path',
    '<s:a xmlns:s="u"><m:b xmlns:m="v">1</m:b></s:a>',
    '<a xmlns="u"><b xmlns="v">2</b></a>',
    ['different /s:a/m:b 1 | 2'],
  ],
])('%s', (_case, expected, actual, found) => {
  expect(compare(expected, actual)).toEqual(found);
});

function fields(letters: string): string {
  return Array.from(letters, (letter, index) => `<f${index}>${letter}</f${index}>`).join('');
}

function list(...rows: readonly string[]): string {
  return `<a><h/>${rows.map((letters) => `<r>${fields(letters)}</r>`).join('')}<t/></a>`;
}

function row(letters: string): string {
  return `<r>${fields(letters)}</r>`;
}

test.each<[string, string[], string[], string[]]>([
  ['the first gone', ['abc', 'def', 'ghi'], ['def', 'ghi'], [`missing /a/r[1] ${row('abc')} | -`]],
  ['the middle gone', ['abc', 'def', 'ghi'], ['abc', 'ghi'], [`missing /a/r[2] ${row('def')} | -`]],
  ['the last gone', ['abc', 'def', 'ghi'], ['abc', 'def'], [`missing /a/r[3] ${row('ghi')} | -`]],
  ['one of twins gone', ['abc', 'abc', 'ghi'], ['abc', 'ghi'], [`missing /a/r[2] ${row('abc')} | -`]],
  ['one more in front', ['abc', 'def'], ['xyz', 'abc', 'def'], [`extra /a/r[1] - | ${row('xyz')}`]],
  ['the only one doubled', ['abc'], ['abc', 'abc'], [`extra /a/r[2] - | ${row('abc')}`]],
  ['a short one gone beside a long one', ['abcdefgh', 'a'], ['a'], [`missing /a/r[1] ${row('abcdefgh')} | -`]],
  ['a long one gone beside a short one', ['a', 'abcdefgh'], ['a'], [`missing /a/r[2] ${row('abcdefgh')} | -`]],
  ['one value changed', ['abc', 'def', 'ghi'], ['abc', 'dxf', 'ghi'], ['different /a/r[2]/f1 e | x']],
  ['a value made like its neighbour', ['abc', 'abd'], ['abd', 'abd'], ['different /a/r[1]/f2 c | d']],
  [
    'all values of one changed',
    ['abc', 'def'],
    ['abc', 'xyz'],
    ['different /a/r[2]/f0 d | x', 'different /a/r[2]/f1 e | y', 'different /a/r[2]/f2 f | z'],
  ],
  [
    'one gone and another changed',
    ['abc', 'def', 'ghi'],
    ['def', 'ghx'],
    [`missing /a/r[1] ${row('abc')} | -`, 'different /a/r[3]/f2 i | x'],
  ],
  [
    'the window moved on',
    ['abc', 'def', 'ghi'],
    ['def', 'ghi', 'jkl'],
    [`missing /a/r[1] ${row('abc')} | -`, `extra /a/r[3] - | ${row('jkl')}`],
  ],
])('a list: %s', (_case, expected, actual, found) => {
  expect(compare(list(...expected), list(...actual))).toEqual(found);
});

function cards(suffix: string, count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `${String.fromCharCode(0x400 + (index % 200))}${index % 10}${suffix}`,
  );
}

test('a list too long to weigh pair by pair is paired in order', () => {
  const found = compare(list(...cards('a', 300)), list(...cards('b', 299)));
  expect(found).toHaveLength(300);
  expect(found[0]).toBe('different /a/r[1]/f2 a | b');
  expect(found[299]).toMatch(/^missing \/a\/r\[300\]/);
});

test('a long list with one row gone and one changed far apart names just these two', () => {
  const rows = Array.from({ length: 5000 }, (_, index) => String(index).padStart(5, '0'));
  const changed = rows.with(4000, 'xxxxx').toSpliced(10, 1);
  const found = compare(list(...rows), list(...changed));
  expect(found.filter((line) => line.startsWith('missing'))).toEqual([`missing /a/r[11] ${row('00010')} | -`]);
  expect(found.filter((line) => !line.startsWith('missing')).every((line) => line.includes('/a/r[4001]/'))).toBe(true);
});

function nest(value: string): string {
  let text = `<a>${value}</a>`;
  for (let depth = 0; depth < 200; depth++) text = `<a>${text}<a>twin</a><a>twin</a></a>`;
  return text;
}

test('a deep tree with namesakes at each level is compared once per pair', () => {
  expect(compare(nest('x'), nest('y'))).toEqual([`different /a${'/a[1]'.repeat(200)} x | y`]);
});

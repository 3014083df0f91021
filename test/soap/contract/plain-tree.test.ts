// JSON and tables as the tree that XML would have made: above all, what is no value there is none here.
import { compilePlainTree, PlainValueError } from '../../../src/soap/contract/plain-tree.ts';
import { everyTypeModel } from './every-type.ts';

const read = compilePlainTree(everyTypeModel.types.get('EveryNillable')!);
const names = everyTypeModel.types.get('EveryNillable')!.fields.map(({ name }) => name);
const fill = (value: (name: string) => unknown): object => Object.fromEntries(names.map((name) => [name, value(name)]));
const allNull = fill(() => null);

test.each<[name: string, given: object, tree: object]>([
  ['null', allNull, allNull],
  ['empty texts are no value, where a text is no value', fill(() => ''), { ...allNull, Text: '', Bytes: '' }],
  ['blank texts as well', fill((name) => (name === 'Text' ? '' : ' ')), { ...allNull, Text: '', Bytes: '' }],
  ['an empty object is no structure', { ...allNull, Inner: {} }, allNull],
  [
    'a moment keeps its zone',
    { ...allNull, Moment: '2026-11-22T10:11:12.5Z' },
    { ...allNull, Moment: '2026-11-22T10:11:12Z' },
  ],
])('%s', (_, given, tree) => {
  expect({ ...read(given, '') }).toEqual(tree);
});

test.each<[name: string, given: object, path: string]>([
  ['a structure with something in it, but not all', { ...allNull, Inner: { Text: '' } }, 'Inner/Number'],
  ['a text for a structure', { ...allNull, Inner: 'x' }, 'Inner'],
  ['a list for a structure', { ...allNull, Inner: [] }, 'Inner'],
  ['an empty object for a number', { ...allNull, Number: {} }, 'Number'],
])('%s is refused', (_, given, path) => {
  expect(() => read(given, '')).toThrow(PlainValueError);
  expect(() => read(given, '')).toThrow(`${path}: `);
});

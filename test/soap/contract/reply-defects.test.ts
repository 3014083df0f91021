// Replies that do not fit their schema are defects, and the same values in JSON are refused.
import { compilePlainTree, PlainValueError } from '../../../src/soap/contract/plain-tree.ts';
import type { WireTree } from '../../../src/soap/contract/wire-tree.ts';
import { choice, item, loadType, plain, sequence } from './one-type-contract.ts';

const a = '<xs:element name="A" type="xs:int"/>';
const b = '<xs:element name="B" type="xs:int"/>';
const c = '<xs:element name="C" type="xs:int" minOccurs="0"/>';

const defects: readonly (readonly [what: string, type: string, value: object, message: string])[] = [
  ['of a choice nothing comes', choice(a + b), {}, 'A, B'],
  ['of a choice both come', choice(a + b), { A: '1', B: '2' }, 'B'],
  ['too few come', item('type="xs:int" minOccurs="2" maxOccurs="3"'), { A: ['1'] }, 'A'],
  ['too many come', item('type="xs:int" minOccurs="2" maxOccurs="3"'), { A: ['1', '2', '3', '4'] }, 'A'],
  ['an attribute is missing', '<xs:attribute name="x" use="required"/>', {}, '@x'],
  ['an attribute is not of its type', '<xs:attribute name="x" type="xs:int"/>', { '@x': 'a' }, '@x'],
  ['a fixed value differs', item('type="xs:int" fixed="1"'), { A: '2' }, 'A'],
  ['an empty text would mean the default', item('type="xs:string" default="x"'), { A: '' }, 'A'],
  ['the XML is cut', item('type="xs:anyType"'), { A: '<a>' }, 'A'],
  ['the XML closes what it did not open', item('type="xs:anyType"'), { A: '</a><a>' }, 'A'],
  ['the XML has a prefix of nobody', item('type="xs:anyType"'), { A: '<m:a/>' }, 'A'],
  ['the named type is not derived', sequence(c), { '@xsi:type': '{urn:t}X' }, '{urn:t}X'],
  ['the order names what is not there', choice(a + b, ' maxOccurs="2"'), { A: ['1'], '#order': ['B', 'A'] }, 'A, B'],
];

test.each(defects)('it is a defect when %s', (what, type, value, message) => {
  // An attribute that nothing asks for takes the type off the fast road, as the others are.
  const { model, write } = loadType(type.includes('attribute') ? type : `${type}<xs:attribute name="q"/>`);
  const attempt = () => write('Op', '1.1', { return: value } as WireTree, '\n');
  expect(attempt).toThrow(/^reply of Op: /);
  expect(attempt).toThrow(message);
  // In JSON an empty text is the empty element, so it has the default.
  const readPlain = compilePlainTree(model.types.get('T')!);
  if (what.startsWith('an empty text')) expect(plain(readPlain(value, ''))).toEqual({ A: 'x' });
  else expect(() => readPlain(value, '')).toThrow(PlainValueError);
});

// A long text is read with stops in between; with them it is read as it is without.
import { compileReader, compileSlicedReader } from '../../../src/soap/contract/reader.ts';
import { finish, sliceCharacters, type Sliced } from '../../../src/soap/contract/slices.ts';
import { choice, loadType, request, sequence } from './one-type-contract.ts';

const row = `<xs:complexType name="Row">${sequence('<xs:element name="B" type="xs:int"/><xs:element name="C" type="xs:string" minOccurs="0"/>')}</xs:complexType>`;
const named =
  '<xs:complexType name="Named">' +
  sequence('<xs:element name="B" type="xs:int"/>') +
  '<xs:attribute name="n" type="xs:string"/></xs:complexType>';
const list = (type: string): string => sequence(`<xs:element name="A" type="t:${type}" maxOccurs="unbounded"/>`);

/** What a type says of its rows, and a row that it takes. */
const roads: readonly (readonly [name: string, type: string, row: string])[] = [
  ['plain rows', list('Row'), '<A><B>1</B><C>text</C></A>'],
  ['plain rows with prefixes and blanks', list('Row'), '<p:A ><p:B >1</p:B > <p:C/></p:A >'],
  ['rows with attributes', list('Named'), '<A n="name"><B>1</B></A>'],
  [
    'rows of a choice',
    choice('<xs:element name="A" type="t:Row"/><xs:element name="D" type="t:Row"/>', ' maxOccurs="unbounded"'),
    '<A><B>1</B></A><D><B>2</B><C>text</C></D>',
  ],
];

/** Reads to the end or to what is wrong, and counts the stops. */
function count<T>(work: Sliced<T>): { readonly stops: number; readonly value?: T; readonly trouble?: string } {
  for (let stops = 0; ; stops += 1) {
    try {
      const step = work.next();
      if (step.done === true) return { stops, value: step.value };
    } catch (reason) {
      return { stops, trouble: (reason as Error).message };
    }
  }
}

describe.each(roads)('%s', (_name, type, piece) => {
  const { model } = loadType(type, row + named);
  const [readWhole, readSliced] = [compileReader(model), compileSlicedReader(model)];
  const slices = 5;
  const many = piece.repeat(Math.ceil((slices * sliceCharacters) / piece.length));

  test('there is a stop in every slice, and the tree is the same', () => {
    const text = request('', many);
    const { stops, value } = count(readSliced(text));
    // A stop waits for the next element to end.
    expect([slices - 1, slices]).toContain(stops);
    expect(value).toEqual(readWhole(text));
  });

  test('what is wrong in a later slice is told as without stops', () => {
    const text = request('', `${many}<A><B>one</B></A>`);
    const { stops, trouble } = count(readSliced(text));
    expect(stops).toBeGreaterThanOrEqual(slices - 1);
    expect(trouble).toContain('получено «one»');
    expect(() => readWhole(text)).toThrow(trouble);
  });

  test('a short text is read in one go', () => {
    const { stops, value } = count(readSliced(request('', piece)));
    expect(stops).toBe(0);
    expect(value).toEqual(finish(readSliced(request('', piece))));
  });
});

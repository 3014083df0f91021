// Which encoding a text is in, by its bytes: windows-1251 and cp866 differ by what the other one makes of them.
import * as fc from 'fast-check';
import { detectTextEncoding, findTextEncoding, type TextEncoding } from '../../src/tables/text-encoding.ts';
import { depth, fileSeed } from '../deep.ts';

function encode(text: string, encoding: TextEncoding): Uint8Array {
  const decoder = new TextDecoder(encoding);
  const codes = new Map(Array.from({ length: 256 }, (_none, code) => [decoder.decode(Uint8Array.of(code)), code]));
  return Uint8Array.from(text, (sign) => codes.get(sign) ?? 63);
}

const names = ['Номер карты;Сумма бонусов', 'НОМЕР КАРТЫ', 'бонус', 'Владелец: Щукин Ё. Э.', 'карта № 5', 'юг', 'Юг'];

test.each(names)('"%s"', (text) => {
  expect(detectTextEncoding(encode(text, 'windows-1251'), false)).toBe('windows-1251');
  expect(detectTextEncoding(encode(text.replace('№', 'N'), 'cp866'), false)).toBe('cp866');
});

test('any names of people', () => {
  const letters = Array.from('абвгдежзийклмнопрстуфхцчшщъыьэюя');
  const word = fc.array(fc.constantFrom(...letters), { minLength: 2, maxLength: 12 }).map((list) => {
    const text = list.join('');
    return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  });
  fc.assert(
    fc.property(fc.array(word, { minLength: 3, maxLength: 20 }), (words) => {
      for (const encoding of ['windows-1251', 'cp866'] as const) {
        const bytes = encode(words.join(';29001;5\r\n'), encoding);
        expect(detectTextEncoding(bytes, false)).toBe(encoding);
      }
    }),
    { numRuns: 100 * depth, seed: fileSeed },
  );
});

test.each([
  ['utf8', 'utf-8'],
  ['CP1251', 'windows-1251'],
  ['cp866', 'cp866'],
  ['IBM866', 'cp866'],
  ['dos', 'cp866'],
  ['koi8-r', undefined],
  ['constructor', undefined],
])('the name %s is %s', (name, encoding) => {
  expect(findTextEncoding(name)).toBe(encoding);
});

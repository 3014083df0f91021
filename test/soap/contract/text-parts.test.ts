// Texts of references: of any number of them, between pieces of any length, the text is what they stand for.
import * as fc from 'fast-check';
import { fileSeed } from '../../deep.ts';
import { XmlScanner } from '../../../src/soap/contract/scanner.ts';
import { TextParts } from '../../../src/soap/contract/text-parts.ts';

const named = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
]);

function refer(text: string): string {
  return Array.from(text, (sign) => named.get(sign) ?? `&#x${(sign.codePointAt(0) ?? 0).toString(16)};`).join('');
}

function readText(xml: string): string {
  const scanner = new XmlScanner(xml);
  scanner.next();
  scanner.next();
  return scanner.text;
}

function readAttribute(xml: string): string | undefined {
  const scanner = new XmlScanner(xml);
  scanner.next();
  return scanner.attributes[0]?.value;
}

const piece = fc.string({ unit: fc.constantFrom('a', 'ж', '😀', ' ', '1'), minLength: 1, maxLength: 40 });
const referred = fc.string({ unit: fc.constantFrom('&', '<', '>', '"', "'", 'ж', '😀', '\r', '\n'), maxLength: 20 });

test('pieces and references', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(piece, referred), { minLength: 1, maxLength: 30 }), (parts) => {
      const text = parts.map(([plain, given]) => plain + given).join('');
      const xml = parts.map(([plain, given]) => plain + refer(given)).join('');
      expect(readText(`<a>${xml}</a>`)).toBe(text);
      expect(readAttribute(`<a b="${xml}"/>`)).toBe(text);
    }),
    { seed: fileSeed },
  );
});

test('more references than are gathered at a time', () => {
  const text = '&😀ж'.repeat(5_000);
  expect(readText(`<a>${refer(text)}</a>`)).toBe(text);
  expect(readAttribute(`<a b="${refer(text)}"/>`)).toBe(text);
});

test('line ends before a reference are normalized, those of references are kept', () => {
  expect(readText('<a>1\r\n2\r&#13;3\r\n&amp;4\r</a>')).toBe('1\n2\n\r3\n&4\n');
  expect(readAttribute('<a b="1\r\n2\t&#9;3\n&amp;4\r"/>')).toBe('1 2 \t3 &4 ');
});

test('nothing added is an empty text', () => {
  expect(new TextParts().take()).toBe('');
});

// Replies as octets: text in UTF-8, a character for each byte.
import { readOctets, toOctets } from '../../../src/soap/contract/octets.ts';

test.each(['', 'Ping', 'Карта №1', 'é\u0080ÿ', '\u{1f600} и', 'a\u0000b'])('%j', (text) => {
  const octets = toOctets(text);
  expect(Buffer.from(octets, 'latin1')).toEqual(Buffer.from(text));
  expect(octets).toHaveLength(Buffer.byteLength(text));
  expect(readOctets(octets)).toBe(text);
});

test('text in ASCII is itself', () => {
  const text = 'a < b & "c"\r\n\t~';
  expect(toOctets(text)).toBe(text);
});

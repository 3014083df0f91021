// Bytes to text: what is believed of what a sender says about them.
import { UnreadableRequest } from '../../../src/soap/contract/unreadable-request.ts';
import { decodeBody, findCharset } from '../../../src/soap/decode.ts';
import { runWithStop } from '../../run-with-stop.ts';
import { encodeSingleByte } from './rewritings.ts';

const text = '<a>Касса №1</a>';
const declared = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>${text}`;
const utf16be = (value: string) => Buffer.from(value, 'utf16le').swap16();

test.each<readonly [name: string, body: Buffer, contentType: string | undefined, decoded: string]>([
  ['nothing said', Buffer.from(text), undefined, text],
  ['an empty charset', Buffer.from(text), 'text/xml; charset=', text],
  ['UTF-8 in other spellings', Buffer.from(text), 'text/xml;Charset="utf8"', text],
  ['UTF-8 in single quotes', Buffer.from(text), "text/xml; charset='UTF-8'", text],
  ['a mark is left out', Buffer.from(`\uFEFF${text}`), undefined, text],
  ['only one mark is left out', Buffer.from(`\uFEFF\uFEFF${text}`), undefined, `\uFEFF${text}`],
  ['a mark before the charset', Buffer.from(`\uFEFF${text}`), 'text/xml; charset=koi8-r', text],
  ['a mark of UTF-16 before the charset', Buffer.from(`\uFEFF${text}`, 'utf16le'), 'text/xml; charset=utf-8', text],
  ['a mark of UTF-16, the big end first', utf16be(`\uFEFF${text}`), 'text/xml; charset=utf-16le', text],
  [
    'the charset before the declaration',
    encodeSingleByte(declared('utf-8'), 'windows-1251'),
    'text/xml; charset=windows-1251',
    declared('utf-8'),
  ],
  ['a declaration', encodeSingleByte(declared('windows-1251'), 'windows-1251'), 'text/xml', declared('windows-1251')],
  ['a declaration by an alias', encodeSingleByte(declared('CP1251'), 'windows-1251'), undefined, declared('CP1251')],
  [
    'a declaration in single quotes',
    encodeSingleByte("<?xml version='1.0' encoding = 'koi8-r'?><a>Касса</a>", 'koi8-r'),
    undefined,
    "<?xml version='1.0' encoding = 'koi8-r'?><a>Касса</a>",
  ],
  ['UTF-16 that shows itself', utf16be(declared('utf-16')), 'text/xml', declared('utf-16')],
  ['UTF-16 declared of what is not', Buffer.from(declared('utf-16')), 'text/xml', declared('utf-16')],
  ['UTF-16 of unknown order', Buffer.from(text, 'utf16le'), 'text/xml; charset=UTF-16', text],
  ['UTF-16 of unknown order, of the network', utf16be(` ${text}`), 'text/xml; charset=UTF-16', ` ${text}`],
  [
    'a charset inside a quoted action',
    Buffer.from(text),
    'application/soap+xml; action="a; charset=koi8-r"; charset=utf-8',
    text,
  ],
  ['the first charset', Buffer.from(text), 'text/xml; charset=utf-8; charset=koi8-r', text],
  ['UTF-8 under ISO-8859-1', Buffer.from(text), 'text/xml; charset=ISO-8859-1', text],
  ['UTF-8 under US-ASCII', Buffer.from(text), 'text/xml; charset="us-ascii"', text],
  ['UTF-8 under windows-1251', Buffer.from(text), 'text/xml; charset=windows-1251', text],
  ['UTF-8 under an alias', Buffer.from(text), 'text/xml; charset=latin1', text],
  ['UTF-8 that declares windows-1251', Buffer.from(declared('windows-1251')), undefined, declared('windows-1251')],
  ['one character of two bytes is enough', Buffer.from('<a>é</a>'), 'text/xml; charset=ISO-8859-1', '<a>é</a>'],
  [
    'one byte that is not UTF-8 is enough',
    Buffer.from('<a>é</a>', 'latin1'),
    'text/xml; charset=ISO-8859-1',
    '<a>é</a>',
  ],
  ['ASCII under any', Buffer.from('<a>1</a>'), 'text/xml; charset=koi8-r', '<a>1</a>'],
  // These bytes are a character in UTF-8 as well: only the label can say.
  ['an encoding of several bytes by its label', Buffer.of(0xd0, 0x82), 'text/xml; charset=gbk', '\u8880'],
  ['UTF-16 that shows itself under UTF-8', utf16be(text), 'text/xml; charset=utf-8', text],
  ['UTF-16 that shows itself under ISO-8859-1', Buffer.from(text, 'utf16le'), 'text/xml; charset=ISO-8859-1', text],
  // As UTF-8 these bytes are valid, with characters of several bytes among them.
  [
    'UTF-16 with bytes of UTF-8',
    Buffer.from('<a>\u82d0</a>', 'utf16le'),
    'text/xml; charset=utf-16le',
    '<a>\u82d0</a>',
  ],
  [
    'the declaration where US-ASCII cannot be',
    encodeSingleByte(declared('windows-1251'), 'windows-1251'),
    'text/xml; charset=us-ascii',
    declared('windows-1251'),
  ],
  ['no bytes', Buffer.alloc(0), 'text/xml', ''],
])('%s', (_, body, contentType, decoded) => {
  expect(decodeBody(body, contentType)).toBe(decoded);
});

test.each<readonly [name: string, body: Buffer, contentType: string | undefined, message: string]>([
  ['bytes that are not UTF-8', Buffer.of(0x3c, 0xff), undefined, 'UTF-8'],
  ['a character cut off', Buffer.from(text).subarray(0, 4), 'text/xml; charset=utf-8', 'UTF-8'],
  ['UTF-8 after a mark of UTF-16', Buffer.of(0xff, 0xfe, 0x3c, 0x00, 0x00), undefined, 'utf-16le'],
  ['half a surrogate pair', Buffer.of(0x3c, 0x00, 0x00, 0xd8), undefined, 'utf-16le'],
  ['more than ASCII in US-ASCII', Buffer.of(0x3c, 0xcf), 'text/xml; charset=us-ascii', 'us-ascii'],
  ['an unknown charset', Buffer.from(text), 'text/xml; charset=klingon', 'klingon'],
  ['an unknown encoding declared', Buffer.from(declared('klingon')), 'text/xml', 'klingon'],
  ['a charset that is no name', Buffer.from(text), 'text/xml; charset="}: <b>\u0001"', '?: ?b??'],
])('%s is refused', (_, body, contentType, message) => {
  const decode = () => decodeBody(body, contentType);
  expect(decode).toThrow(UnreadableRequest);
  expect(decode).toThrow(message);
});

test('a request that fails to decode leaves nothing to the next', () => {
  const whole = utf16be(text);
  for (let length = 1; length < whole.length; length += 2) {
    expect(() => decodeBody(whole.subarray(0, length), 'text/xml; charset=utf-16be')).toThrow(UnreadableRequest);
    expect(decodeBody(whole, 'text/xml; charset=utf-16be')).toBe(text);
  }
});

test.each(['; ', ';a', ';a="', '; charset', ';='])(
  'a Content-Type of many "%s" is read in its beginning alone',
  (piece) => {
    const endless = `text/xml${piece.repeat(500_000)};a="";charset=utf-8`;
    expect(runWithStop(() => findCharset(endless))).toBeUndefined();
  },
);

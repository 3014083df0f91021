// The characters of XML 1.0, by code: those of names, blanks, and those allowed at all.
const nameStart = 1;
const nameInside = 2;

function buildTable(): Uint8Array {
  const table = new Uint8Array(128);
  const mark = (from: string, to: string, bits: number) => {
    for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code += 1) table[code] = bits;
  };
  mark('a', 'z', nameStart | nameInside);
  mark('A', 'Z', nameStart | nameInside);
  mark('_', '_', nameStart | nameInside);
  mark('0', '9', nameInside);
  mark('-', '-', nameInside);
  mark('.', '.', nameInside);
  return table;
}

const ascii = buildTable();

/** NameStartChar without the colon, which separates a prefix here; a surrogate pair is given as its code point. */
export function startsName(code: number): boolean {
  if (code < 0x80) return (ascii[code]! & nameStart) !== 0;
  if (code < 0x300) return code >= 0xc0 && code !== 0xd7 && code !== 0xf7;
  if (code < 0x2000) return code >= 0x370 && code !== 0x37e;
  if (code < 0x3001) {
    return (
      code === 0x200c || code === 0x200d || (code >= 0x2070 && code <= 0x218f) || (code >= 0x2c00 && code <= 0x2fef)
    );
  }
  if (code < 0x10000) return code <= 0xd7ff || (code >= 0xf900 && code <= 0xfdcf) || (code >= 0xfdf0 && code <= 0xfffd);
  return code <= 0xeffff;
}

/** NameChar without the colon. */
export function continuesName(code: number): boolean {
  if (code < 0x80) return (ascii[code]! & nameInside) !== 0;
  return startsName(code) || code === 0xb7 || (code >= 0x300 && code <= 0x36f) || code === 0x203f || code === 0x2040;
}

export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Char of XML 1.0, for a whole code point. */
export function isAllowed(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code < 0xd800 || (code > 0xdfff && code < 0xfffe) || (code > 0xffff && code <= 0x10ffff);
}

/** How many code units the character at `index` takes: 1 or 2, and 0 when XML 1.0 does not allow it. */
export function measureCharacter(text: string, index: number): 0 | 1 | 2 {
  const code = text.charCodeAt(index);
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d ? 1 : 0;
  if (code < 0xd800) return 1;
  if (code > 0xdfff) return code < 0xfffe ? 1 : 0;
  const next = code < 0xdc00 ? text.charCodeAt(index + 1) : 0;
  return next >= 0xdc00 && next <= 0xdfff ? 2 : 0;
}

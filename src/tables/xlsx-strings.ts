// Texts of a workbook: those that it keeps once for all of its cells, and the escapes in them.
import type { XlsxPackage } from './xlsx-package.ts';

/** The workbook's texts in few buffers: a million of them as strings would take a hundred megabytes. */
export class StringTable {
  private bytes = Buffer.alloc(1 << 16);
  private ends = new Uint32Array(1 << 12);
  private count = 0;

  add(text: string): void {
    const start = this.endOf(this.count - 1);
    const size = Buffer.byteLength(text);
    if (start + size > this.bytes.length) {
      const grown = Buffer.alloc(Math.max(this.bytes.length * 2, start + size));
      this.bytes.copy(grown);
      this.bytes = grown;
    }
    if (this.count === this.ends.length) {
      const grown = new Uint32Array(this.ends.length * 2);
      grown.set(this.ends);
      this.ends = grown;
    }
    this.bytes.write(text, start);
    this.ends[this.count] = start + size;
    this.count += 1;
  }

  /** @throws where the workbook has no such text. */
  get(place: number): string {
    if (!(place >= 0 && place < this.count)) throw new Error('a cell names a text that the workbook does not have');
    return this.bytes.toString('utf8', this.endOf(place - 1), this.endOf(place));
  }

  private endOf(place: number): number {
    return place < 0 ? 0 : (this.ends[place] ?? 0);
  }
}

export async function readStrings(book: XlsxPackage, part: string | undefined): Promise<StringTable> {
  const strings = new StringTable();
  if (part === undefined) return strings;
  let [text, isText, phonetic] = ['', false, 0];
  await book.parseWhole(part, {
    onOpen: (name) => {
      if (name === 'si') text = '';
      if (name === 'rPh') phonetic += 1;
      isText = name === 't' && phonetic === 0;
    },
    onText: (piece) => {
      if (isText) text += piece;
    },
    onClose: (name) => {
      if (name === 't') isText = false;
      if (name === 'rPh') phonetic -= 1;
      if (name === 'si') strings.add(decodeEscapes(text));
    },
  });
  return strings;
}

/** What XML cannot hold, or would not keep, is written `_x000D_`; a text that reads so by itself `_x005F_x000D_`. */
export function decodeEscapes(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([\dA-Fa-f]{4})_/g, (_whole, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

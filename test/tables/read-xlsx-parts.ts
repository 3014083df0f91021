// The parts of a workbook as they are written, to see the very text of its cells.
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { fromBuffer, type Entry, type Options, type ZipFile } from 'yauzl';

const openZip = promisify<Buffer, Options, ZipFile>(fromBuffer);

/** By their names: "xl/worksheets/sheet1.xml". */
export async function readXlsxParts(bytes: Buffer): Promise<ReadonlyMap<string, string>> {
  const zip = await openZip(bytes, { lazyEntries: true, autoClose: false });
  const openPart = promisify(zip.openReadStream.bind(zip) as (entry: Entry, done: (...end: unknown[]) => void) => void);
  const parts = new Map<string, string>();
  for (let left = zip.entryCount; left > 0; left -= 1) {
    const found = once(zip, 'entry') as Promise<[Entry]>;
    zip.readEntry();
    const [entry] = await found;
    parts.set(entry.fileName, await text((await openPart(entry)) as NodeJS.ReadableStream));
  }
  zip.close();
  return parts;
}

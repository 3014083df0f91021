// An XLSX file as a package of parts: which part is what is said by relationships and content types, never by its name
// alone, for every program that writes workbooks names them as it likes.
import type { Readable } from 'node:stream';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { fromBufferPromise, openPromise, type Entry, type ZipFile } from 'yauzl';
import { advise, passwordAdvice } from './name-file-format.ts';

/** A file on the disk, or its bytes. */
export type TableSource = { readonly path: string } | { readonly bytes: Buffer };

export interface XmlWatch {
  onOpen?(name: string, attributes: Readonly<Record<string, string>>): void;
  onText?(text: string): void;
  onClose?(name: string): void;
}

export interface Relation {
  readonly id: string;
  /** The last word of its address: "worksheet", "styles". */
  readonly type: string;
  /** The name of the part. */
  readonly target: string;
}

/** The message does not name the file. */
export class UnreadableWorkbook extends Error {}

/** Bytes that the parts of a workbook given as bytes may have when unpacked: such a workbook is read in a service. */
const unpackedLimit = 512 * 1024 ** 2;

export class XlsxPackage {
  private readonly zip: ZipFile;
  private readonly entries: ReadonlyMap<string, Entry>;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.zip = zip;
    this.entries = entries;
  }

  /** @throws where the file is not a ZIP archive, UnreadableWorkbook where it cannot be unpacked. */
  static async open(source: TableSource): Promise<XlsxPackage> {
    const zip =
      'path' in source
        ? await openPromise(source.path, { autoClose: false })
        : await fromBufferPromise(source.bytes, { autoClose: false });
    try {
      const entries = new Map<string, Entry>();
      let unpacked = 0;
      for await (const entry of zip.eachEntry()) {
        entries.set(toKey(entry.fileName), entry);
        unpacked += entry.uncompressedSize;
      }
      if ('bytes' in source && unpacked > unpackedLimit) {
        throw new UnreadableWorkbook(`the workbook has ${unpacked} bytes when unpacked; ${unpackedLimit} at most`);
      }
      return new XlsxPackage(zip, entries);
    } catch (reason) {
      zip.close();
      throw reason;
    }
  }

  close(): void {
    this.zip.close();
  }

  has(part: string): boolean {
    return this.entries.has(toKey(part));
  }

  /**
   * The part that the package is about.
   * @throws UnreadableWorkbook where it is not a workbook.
   */
  async findWorkbook(): Promise<string> {
    const related = (await this.listRelations('')).find(({ type }) => type === 'officeDocument')?.target;
    const found = [related, await this.findByContentType(), 'xl/workbook.xml'].find(
      (part) => part !== undefined && this.has(part),
    );
    if (found === undefined || /(?:^|\/)(?:word|ppt)\//i.test(found)) throw this.nameOther();
    if (/\.bin$/i.test(found)) throw new UnreadableWorkbook(`this is ${advise('a binary Excel workbook (.xlsb)')}`);
    return found;
  }

  private async findByContentType(): Promise<string | undefined> {
    let found: string | undefined;
    const onOpen: XmlWatch['onOpen'] = (name, { ContentType = '', PartName = '' }) => {
      const isWorkbook = /(?:spreadsheetml|ms-excel)\.(?:sheet|template)\b.*\bmain\b/.test(ContentType);
      if (name === 'Override' && isWorkbook) found ??= toPartName(PartName, '');
    };
    if (this.has(contentTypes)) await this.parseWhole(contentTypes, { onOpen });
    return found;
  }

  private nameOther(): UnreadableWorkbook {
    const isOf = (part: string): boolean => this.has(part);
    if (isOf('xl/workbook.bin')) return new UnreadableWorkbook(`this is ${advise('a binary Excel workbook (.xlsb)')}`);
    if (isOf('word/document.xml')) return new UnreadableWorkbook(`this is ${advise('a Word document')}`);
    if (isOf('content.xml')) return new UnreadableWorkbook(`this is ${advise('an OpenDocument file (.ods)')}`);
    return new UnreadableWorkbook('this is a ZIP archive and not a workbook: unpack it first');
  }

  /** What a part says of others; of the package as a whole where the part is ''. */
  async listRelations(part: string): Promise<readonly Relation[]> {
    const slash = part.lastIndexOf('/') + 1;
    const own = `${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`;
    const relations: Relation[] = [];
    const onOpen: XmlWatch['onOpen'] = (name, { Id = '', Type = '', Target, TargetMode }) => {
      if (name !== 'Relationship' || Target === undefined || TargetMode === 'External') return;
      relations.push({ id: Id, type: Type.slice(Type.lastIndexOf('/') + 1), target: toPartName(Target, part) });
    };
    if (this.has(own)) await this.parseWhole(own, { onOpen });
    return relations;
  }

  async parseWhole(part: string, watch: XmlWatch): Promise<void> {
    for await (const isEnd of this.parse(part, watch)) if (isEnd) return;
  }

  /** Gives control back after every piece of text, with true after the last. */
  async *parse(part: string, watch: XmlWatch): AsyncGenerator<boolean> {
    const entry = this.entries.get(toKey(part));
    if (entry === undefined) throw new Error(`it has no ${part}`);
    if (entry.isEncrypted()) throw new UnreadableWorkbook(`this is ${passwordAdvice}`);
    const parser = new SaxesParser({ xmlns: false, position: false });
    let failed: Error | undefined;
    parser.on('error', (reason) => {
      failed ??= reason;
    });
    parser.on('opentag', (tag: SaxesTagPlain) => watch.onOpen?.(localName(tag.name), tag.attributes));
    parser.on('text', (text) => watch.onText?.(text));
    parser.on('cdata', (text) => watch.onText?.(text));
    parser.on('closetag', (tag) => watch.onClose?.(localName(tag.name)));
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const stream: Readable = await this.zip.openReadStreamPromise(entry);
    for await (const bytes of stream) {
      parser.write(decoder.decode(bytes as Buffer, { stream: true }));
      if (failed !== undefined) throw failed;
      yield false;
    }
    parser.write(decoder.decode()).close();
    if (failed !== undefined) throw failed;
    yield true;
  }
}

const contentTypes = '[Content_Types].xml';

/** Names of parts are compared without letter case. */
function toKey(part: string): string {
  return part.toLowerCase().replaceAll('\\', '/').replace(/^\//, '');
}

/** A target as it is written, seen from the part that names it. */
function toPartName(target: string, from: string): string {
  const path = decodeURI(target.replaceAll('\\', '/').replace(/%(?![\dA-F]{2})/gi, '%25'));
  const steps = path.startsWith('/') ? [] : from.split('/').slice(0, -1);
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}

/** Some writers give the main namespace a prefix. */
function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

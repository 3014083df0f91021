// One sheet of an XLSX workbook as rows of text, streamed: the sheet that is named, or the first that a user sees.
import type { TableRow } from './table-row.ts';
import { normalizeName } from './read-columns.ts';
import { UnreadableWorkbook, XlsxPackage, type TableSource, type XmlWatch } from './xlsx-package.ts';
import { SheetReader } from './xlsx-sheet.ts';
import { readStrings } from './xlsx-strings.ts';
import { readCellStyles } from './xlsx-styles.ts';

/** Sheets of a workbook by their names, as an operator is shown them. */
export interface SheetChoice {
  readonly name: string;
  readonly isHidden: boolean;
  /** Hidden sheets that stand before it and were passed over. */
  readonly passedOver: readonly string[];
  /** The other sheets that a user sees. */
  readonly others: readonly string[];
}

export interface XlsxFile {
  readonly sheet: SheetChoice;
  readonly rows: AsyncGenerator<readonly TableRow[]>;
  /** How many hidden rows have been read so far. */
  readonly countHidden: () => number;
}

/**
 * @param sheetName of the sheet to read, hidden or not.
 * @throws UnreadableWorkbook, here or on the way through the rows.
 */
export async function openXlsx(source: TableSource, sheetName: string | undefined): Promise<XlsxFile> {
  const [chosen, choice] = await withPackage(source, async (book) => {
    const { sheets } = await readWorkbook(book);
    const place = chooseSheet(sheets, sheetName);
    return [sheets[place] as Sheet, describeChoice(sheets, place, sheetName !== undefined)] as const;
  });
  const seen: { reader?: SheetReader } = {};
  return {
    sheet: choice,
    rows: readRows(source, chosen, (reader) => (seen.reader = reader)),
    countHidden: () => seen.reader?.hiddenRows ?? 0,
  };
}

async function* readRows(
  source: TableSource,
  sheet: Sheet,
  onReader: (reader: SheetReader) => void,
): AsyncGenerator<readonly TableRow[]> {
  let book: XlsxPackage | undefined;
  try {
    book = await XlsxPackage.open(source);
    const { isFrom1904, strings, styles } = await readWorkbook(book);
    const context = {
      strings: await readStrings(book, strings),
      styles: await readCellStyles(book, styles),
      isFrom1904,
    };
    const reader = new SheetReader(context);
    onReader(reader);
    for await (const isEnd of book.parse(sheet.part, reader)) {
      const rows = reader.takeRows();
      if (rows.length > 0 || isEnd) yield rows;
    }
  } catch (reason) {
    throw toUnreadable(reason);
  } finally {
    book?.close();
  }
}

async function withPackage<T>(source: TableSource, work: (book: XlsxPackage) => Promise<T>): Promise<T> {
  let book: XlsxPackage | undefined;
  try {
    book = await XlsxPackage.open(source);
    return await work(book);
  } catch (reason) {
    throw toUnreadable(reason);
  } finally {
    book?.close();
  }
}

function toUnreadable(reason: unknown): UnreadableWorkbook {
  if (reason instanceof UnreadableWorkbook) return reason;
  const why = `it cannot be read as an XLSX workbook: ${(reason as Error).message}`;
  return new UnreadableWorkbook(why, { cause: reason });
}

interface Sheet {
  readonly name: string;
  readonly isHidden: boolean;
  readonly part: string;
}

interface WorkbookParts {
  readonly sheets: readonly Sheet[];
  readonly strings: string | undefined;
  readonly styles: string | undefined;
  readonly isFrom1904: boolean;
}

async function readWorkbook(book: XlsxPackage): Promise<WorkbookParts> {
  const part = await book.findWorkbook();
  const named: { name: string; isHidden: boolean; relation: string }[] = [];
  let isFrom1904 = false;
  const onOpen: XmlWatch['onOpen'] = (name, attributes) => {
    if (name === 'workbookPr') isFrom1904 = attributes.date1904 === '1' || attributes.date1904 === 'true';
    if (name !== 'sheet') return;
    const [, relation = ''] = Object.entries(attributes).find(([key]) => key.endsWith(':id')) ?? [];
    const isHidden = attributes.state === 'hidden' || attributes.state === 'veryHidden';
    named.push({ name: attributes.name ?? '', isHidden, relation });
  };
  await book.parseWhole(part, { onOpen });
  const relations = await book.listRelations(part);
  // Writers that leave the type of a relationship out use the usual names.
  const find = (type: string, usual: string): string | undefined =>
    [relations.find((relation) => relation.type === type)?.target, usual].find(
      (target) => target !== undefined && book.has(target),
    );
  const sheets = named.flatMap(({ relation, ...sheet }) => {
    const found = relations.find(({ id }) => id === relation);
    const isTable = found?.type === 'worksheet' || found?.type === '';
    return found !== undefined && isTable ? [{ ...sheet, part: found.target }] : [];
  });
  if (sheets.length === 0) throw new Error('it has no sheet');
  return {
    sheets,
    strings: find('sharedStrings', 'xl/sharedStrings.xml'),
    styles: find('styles', 'xl/styles.xml'),
    isFrom1904,
  };
}

function chooseSheet(sheets: readonly Sheet[], name: string | undefined): number {
  const quote = (list: readonly Sheet[]): string => list.map((sheet) => `"${sheet.name}"`).join(', ');
  if (name === undefined) {
    const first = sheets.findIndex(({ isHidden }) => !isHidden);
    if (first < 0) throw new UnreadableWorkbook(`every sheet is hidden: name the one that is meant, ${quote(sheets)}`);
    return first;
  }
  const exact = sheets.findIndex((sheet) => sheet.name === name);
  const found = exact >= 0 ? exact : sheets.findIndex((sheet) => normalizeName(sheet.name) === normalizeName(name));
  if (found < 0) throw new UnreadableWorkbook(`there is no sheet "${name}"; there are: ${quote(sheets)}`);
  return found;
}

function describeChoice(sheets: readonly Sheet[], place: number, isNamed: boolean): SheetChoice {
  const { name, isHidden } = sheets[place] as Sheet;
  const names = (list: readonly Sheet[]): string[] => list.map((sheet) => sheet.name);
  return {
    name,
    isHidden,
    passedOver: isNamed ? [] : names(sheets.slice(0, place)),
    others: names(sheets.filter((sheet, at) => at !== place && !sheet.isHidden)),
  };
}

// Makes small XLSX workbooks for tests, with cells as 1C and spreadsheets write them.
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/**
 * A text as shared, { inline }, a number, { serial } in a format of dates, { padded } in one of thirteen zeros, { formula }
 * with its stored value or without, { error }, { truth }, or nothing.
 */
export type TestingCell =
  | string
  | number
  | null
  | { readonly inline: string }
  | { readonly serial: number }
  | { readonly padded: number }
  | { readonly formula: string; readonly value?: string }
  | { readonly error: string }
  | { readonly truth: boolean };

export interface TestingSheet {
  readonly name?: string;
  readonly state?: 'hidden' | 'veryHidden';
  readonly rows: readonly (readonly TestingCell[])[];
  /** Numbers of rows, from 1. */
  readonly hiddenRows?: readonly number[];
}

export interface TestingBook extends TestingSheet {
  readonly isFrom1904?: boolean;
  /** Sheets before and after the one that the book's own rows are on. */
  readonly before?: readonly TestingSheet[];
  readonly after?: readonly TestingSheet[];
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

export async function writeTestingXlsx(file: string, book: TestingBook): Promise<void> {
  const { before = [], after = [], isFrom1904 = false } = book;
  const sheets = [...before, book, ...after];
  const strings: string[] = [];
  const written = sheets.map((sheet) => writeSheet(sheet, strings));
  const parts: Readonly<Record<string, string>> = {
    '_rels/.rels': writeRelations([['rId1', 'officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${relations}"><workbookPr date1904="${Number(isFrom1904)}"/>
      <sheets>${sheets.map(writeSheetName).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': writeRelations([
      ['rId1', 'styles', 'styles.xml'],
      ['rId2', 'sharedStrings', 'sharedStrings.xml'],
      ...sheets.map((_sheet, at) => [`rId${at + 7}`, 'worksheet', `worksheets/sheet${at + 1}.xml`] as const),
    ]),
    'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts><numFmt numFmtId="170" formatCode="dd.mm.yyyy"/>
      <numFmt numFmtId="171" formatCode="0000000000000"/></numFmts>
      <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
      <cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>`,
    ...Object.fromEntries(written.map((sheet, at) => [`xl/worksheets/sheet${at + 1}.xml`, sheet])),
    // A text in runs, as a spreadsheet keeps one with letters of two kinds.
    'xl/sharedStrings.xml': `<sst xmlns="${main}">${strings
      .map(
        (text) => `<si><r><t xml:space="preserve">${escapeXml(text.slice(0, 2))}</t></r>
        <r><t xml:space="preserve">${escapeXml(text.slice(2))}</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si>`,
      )
      .join('')}</sst>`,
  };
  await writeTestingZip(
    file,
    Object.entries(parts).map(([name, text]) => [name, head + text]),
  );
}

export async function writeTestingZip(
  file: string,
  parts: readonly (readonly [name: string, text: string])[],
): Promise<void> {
  const zip = new ZipFile();
  for (const [name, text] of parts) {
    zip.addBuffer(Buffer.from(text), name, { mtime: new Date('2026-11-01T00:00:00Z') });
  }
  zip.end();
  await finished(zip.outputStream.pipe(createWriteStream(file)));
}

function writeRelations(list: readonly (readonly [id: string, type: string, target: string])[]): string {
  const written = list.map(
    ([id, type, target]) => `<Relationship Id="${id}" Type="${relations}/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${packages}/relationships">${written.join('')}</Relationships>`;
}

function writeSheetName({ name = 'Остатки', state }: TestingSheet, at: number): string {
  const hidden = state === undefined ? '' : ` state="${state}"`;
  return `<sheet name="${escapeXml(name)}" sheetId="${at + 1}"${hidden} r:id="rId${at + 7}"/>`;
}

function writeSheet({ rows, hiddenRows = [] }: TestingSheet, strings: string[]): string {
  const written = rows.map((cells, row) => writeRow(cells, row + 1, hiddenRows.includes(row + 1), strings));
  return `<worksheet xmlns="${main}"><sheetData>${written.join('')}</sheetData></worksheet>`;
}

function writeRow(cells: readonly TestingCell[], row: number, isHidden: boolean, strings: string[]): string {
  const written = cells.map((cell, place) => writeCell(cell, `${String.fromCharCode(65 + place)}${row}`, strings));
  return `<row r="${row}"${isHidden ? ' hidden="1"' : ''}>${written.join('')}</row>`;
}

function writeCell(cell: TestingCell, place: string, strings: string[]): string {
  const at = `r="${place}"`;
  if (cell === null) return `<c ${at} s="0"/>`;
  if (typeof cell === 'number') return `<c ${at} s="0"><v>${cell}</v></c>`;
  if (typeof cell === 'string') return `<c ${at} t="s"><v>${strings.push(cell) - 1}</v></c>`;
  if ('serial' in cell) return `<c ${at} s="1"><v>${cell.serial}</v></c>`;
  if ('padded' in cell) return `<c ${at} s="2"><v>${cell.padded}</v></c>`;
  if ('error' in cell) return `<c ${at} t="e"><v>${cell.error}</v></c>`;
  if ('truth' in cell) return `<c ${at} t="b"><v>${Number(cell.truth)}</v></c>`;
  if ('formula' in cell) {
    const value = cell.value === undefined ? '' : `<v>${escapeXml(cell.value)}</v>`;
    return `<c ${at}><f>${escapeXml(cell.formula)}</f>${value}</c>`;
  }
  return `<c ${at} t="inlineStr"><is><t>${escapeXml(cell.inline)}</t></is></c>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

// Makes small XLSX workbooks for tests, with cells as 1C and spreadsheets write them.
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** A text as shared, { inline }, { number } with a style (1 is a date), or nothing. */
export type TestingCell = string | number | null | { readonly inline: string } | { readonly serial: number };

export interface TestingBook {
  readonly rows: readonly (readonly TestingCell[])[];
  readonly isFrom1904?: boolean;
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

export async function writeTestingXlsx(file: string, { rows, isFrom1904 = false }: TestingBook): Promise<void> {
  const strings: string[] = [];
  const sheet = rows.map((cells, row) => writeRow(cells, row + 1, strings)).join('');
  const parts: Readonly<Record<string, string>> = {
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${relations}"><workbookPr date1904="${Number(isFrom1904)}"/>
      <sheets><sheet name="Остатки" sheetId="1" r:id="rId7"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Target="styles.xml"/>
      <Relationship Id="rId7" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts><numFmt numFmtId="170" formatCode="dd.mm.yyyy"/></numFmts>
      <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetData>${sheet}</sheetData></worksheet>`,
    // A text in runs, as a spreadsheet keeps one with letters of two kinds.
    'xl/sharedStrings.xml': `<sst xmlns="${main}">${strings
      .map(
        (text) => `<si><r><t xml:space="preserve">${escapeXml(text.slice(0, 2))}</t></r>
        <r><t xml:space="preserve">${escapeXml(text.slice(2))}</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si>`,
      )
      .join('')}</sst>`,
  };
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(parts)) {
    zip.addBuffer(Buffer.from(head + text), name, { mtime: new Date('2026-11-01T00:00:00Z') });
  }
  zip.end();
  await finished(zip.outputStream.pipe(createWriteStream(file)));
}

function writeRow(cells: readonly TestingCell[], row: number, strings: string[]): string {
  const written = cells.map((cell, place) => {
    const at = `r="${String.fromCharCode(65 + place)}${row}"`;
    if (cell === null) return `<c ${at} s="0"/>`;
    if (typeof cell === 'number') return `<c ${at} s="0"><v>${cell}</v></c>`;
    if (typeof cell === 'string') return `<c ${at} t="s"><v>${strings.push(cell) - 1}</v></c>`;
    if ('serial' in cell) return `<c ${at} s="1"><v>${cell.serial}</v></c>`;
    return `<c ${at} t="inlineStr"><is><t>${escapeXml(cell.inline)}</t></is></c>`;
  });
  return `<row r="${row}">${written.join('')}</row>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

// Cells of a workbook as texts: what a number is by the way it is shown, and what a value is not.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeTestingZip } from './testing-xlsx.ts';
import { readTestingTable } from '../testing-table.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kkm-xlsx-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** One row of cells, each with a style of its own format. */
async function readCells(cells: readonly string[], formats: readonly string[] = []): Promise<Buffer> {
  const file = join(folder, 'book.xlsx');
  const custom = formats.map((code, at) => `<numFmt numFmtId="${170 + at}" formatCode="${code}"/>`).join('');
  const styles = formats.map((_code, at) => `<xf numFmtId="${170 + at}"/>`).join('');
  await writeTestingZip(file, [
    ['xl/workbook.xml', '<workbook xmlns:r="r"><sheets><sheet name="Лист1" r:id="a"/></sheets></workbook>'],
    ['xl/_rels/workbook.xml.rels', '<Relationships><Relationship Id="a" Target="s.xml"/></Relationships>'],
    ['xl/styles.xml', `<styleSheet><numFmts>${custom}</numFmts><cellXfs><xf/>${styles}</cellXfs></styleSheet>`],
    ['xl/s.xml', `<worksheet><sheetData><row r="1">${cells.join('')}</row></sheetData></worksheet>`],
  ]);
  return readFileSync(file);
}

test.each([
  ['0000000000000', '12345678905', '0012345678905'],
  ['0000000000000', '1', '0000000000001'],
  ['0000000000000', '12345678901234', '12345678901234'],
  ['000000;-000000;;@', '42', '000042'],
  ['0000\\ 0000\\ 0000', '42', '000000000042'],
  ['000-000', '42', '000042'],
  ['[Red]00000', '42', '00042'],
  ['00000', '-42', '-42'],
  ['00000', '4.2', '4.2'],
  ['0', '42', '42'],
  ['0.00', '42', '42'],
  ['#,##0.00', '1234.5', '1234.5'],
  ['General', '1.2300000000000002', '1.23'],
  ['General', '2.9000000000019E12', '2900000000001.9'],
  ['General', '1E+15', '1E+15'],
  ['dd.mm.yyyy', '46348', '2026-11-22'],
  ['ДД.ММ.ГГГГ', '46348', '2026-11-22'],
  ['dd.mm.yyyy hh:mm', '46348.378819444', '2026-11-22T09:05:30'],
  ['[$-419]d mmm yyyy', '46348.9999999', '2026-11-23'],
  ['&quot;день&quot; 000', '7', '007'],
])('in the format %s the number %s is %s', async (format, value, text) => {
  const { read } = await readTestingTable(await readCells([`<c s="1"><v>${value}</v></c>`], [format]));
  expect(read.map(({ cells }) => cells)).toEqual([[text]]);
});

test.each([
  ['<c t="str"><f>A1</f><v></v></c>', '', undefined],
  ['<c t="str"><f>A1</f><v>я</v></c>', 'я', undefined],
  ['<c><f t="shared" si="0"/></c>', '', 'a formula without its value'],
  ['<c><f>A1</f><v/></c>', '', 'a formula without its value'],
  ['<c t="e"><f>A1</f><v>#N/A</v></c>', '#N/A', 'an error in the place of a value'],
  ['<c t="b"><v>1</v></c>', 'TRUE', undefined],
  ['<c t="b"><v>0</v></c>', 'FALSE', undefined],
  ['<c t="d"><v>2026-11-22T00:00:00</v></c>', '2026-11-22', undefined],
  ['<c t="inlineStr"><is><t>_x0041__x005F_x000D_ _xyz_</t></is></c>', 'A_x000D_ _xyz_', undefined],
  ['<c t="inlineStr"><is><r><t>А</t></r><r><t>Б</t></r><rPh><t>x</t></rPh></is></c>', 'АБ', undefined],
])('%s', async (cell, text, why) => {
  const { read } = await readTestingTable(await readCells([cell, '<c><v>7</v></c>']));
  expect(read[0]?.cells).toEqual([text, '7']);
  const troubles = why === undefined ? undefined : [{ place: 0, why: expect.stringContaining(why) }];
  expect(read[0]?.troubles).toEqual(troubles);
});

test('a cell that is longer than any is refused, and rows without numbers get theirs', async () => {
  const long = `<c t="inlineStr"><is><t>${'x'.repeat(1_000_001)}</t></is></c>`;
  await expect(readTestingTable(await readCells([long]))).rejects.toThrow('a cell in row 1 has more than 1000000');
  const rows =
    '<c><v>1</v></c></row><row><c><v>2</v></c></row><row r="1"><c><v>3</v></c></row><row r="x"><c><v>4</v></c>';
  const { read } = await readTestingTable(await readCells([rows]));
  expect(read.map(({ line }) => line)).toEqual([1, 2, 3, 4]);
});

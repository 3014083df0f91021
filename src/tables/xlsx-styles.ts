// How a workbook shows its numbers, as far as that says what they are: a date, or a number with zeros before it.
import type { XlsxPackage } from './xlsx-package.ts';

export interface CellStyle {
  readonly isDate: boolean;
  /** Digits that a whole number is filled up to with zeros; 0 = as many as it has. */
  readonly digits: number;
}

/** By the number that a cell gives for its style. */
export async function readCellStyles(book: XlsxPackage, part: string | undefined): Promise<readonly CellStyle[]> {
  const styles: CellStyle[] = [];
  if (part === undefined) return styles;
  const custom = new Map<number, string>();
  let isInCells = false;
  await book.parseWhole(part, {
    onOpen: (name, attributes) => {
      if (name === 'numFmt') custom.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
      if (name === 'cellXfs') isInCells = true;
      if (name === 'xf' && isInCells) styles.push(toStyle(Number(attributes.numFmtId ?? 0), custom));
    },
    onClose: (name) => {
      if (name === 'cellXfs') isInCells = false;
    },
  });
  return styles;
}

function toStyle(id: number, custom: ReadonlyMap<number, string>): CellStyle {
  const code = custom.get(id);
  if (code === undefined) return { isDate: isBuiltInDate(id), digits: 0 };
  // Colours, conditions, quoted and escaped characters are not part of the number.
  const plain = code.replace(/"[^"]*"|\[[^\]]*\]|[\\_*]./g, '');
  const isDate = /[dyдг]/i.test(plain);
  return { isDate, digits: isDate ? 0 : countZeros(plain) };
}

/** Numbers of the formats that every spreadsheet has without naming them. */
function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
}

/** "0000000000000", also in groups of digits: card numbers that were typed or shown as numbers. Not "0" or "0.00". */
function countZeros(plain: string): number {
  const [positive = ''] = plain.split(';');
  const zeros = positive.replace(/[\s\u00A0-]/g, '');
  return /^#*0{2,}$/.test(zeros) ? zeros.replaceAll('#', '').length : 0;
}

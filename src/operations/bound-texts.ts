// Texts of a command within the bounds of their fields, at every door: a longer text is a bad value (11), and is neither
// stored nor repeated in the answer.
import type { Receipt, ReceiptLine } from '../ledger/receipt.ts';
import type { Trouble } from '../ledger/result.ts';
import { isTooLong, textLimits, type LimitedText } from '../ledger/text-limits.ts';
import type { Checked } from './checked.ts';

type Texts = Readonly<Partial<Record<LimitedText, unknown>>>;

function isLong(value: Texts, field: LimitedText): boolean {
  const text = value[field];
  return typeof text === 'string' && isTooLong(text, field);
}

function describeLong(field: LimitedText, path: string = field): Trouble {
  return { field: path, expected: `не более ${textLimits[field]} знаков` };
}

/**
 * @param fields the fields of the command that are texts of bounded length.
 * @returns the command itself if all are within their bounds; otherwise a refused one, whose `partial` leaves out the texts
 * that are too long.
 */
export function boundTexts<T extends object>(
  command: Checked<T>,
  fields: readonly (keyof T & LimitedText)[],
): Checked<T> {
  const given: Texts = command.ok ? command.value : command.partial;
  const first = fields.find((field) => isLong(given, field));
  if (first === undefined) return command;
  const partial: Partial<T> = { ...(given as Partial<T>) };
  for (const field of fields) if (isLong(given, field)) delete partial[field];
  return { ok: false, trouble: command.ok ? describeLong(first) : command.trouble, partial };
}

const receiptTexts = ['operationId', 'kkm', 'cardNumber', 'cashier', 'fn', 'fd', 'fp'] as const;
const lineTexts = ['code', 'name', 'quantity', 'price'] as const;

/** The same for a receipt, with its lines and the key of its sale. */
export function boundReceipt(receipt: Checked<Receipt>): Checked<Receipt> {
  const bounded = boundTexts(receipt, receiptTexts);
  if (!bounded.ok) return bounded;
  const { original, lines } = bounded.value;
  const trouble =
    original !== null && isTooLong(original.kkm, 'kkm') ? describeLong('kkm', 'original.kkm') : findLongLine(lines);
  return trouble === undefined ? bounded : { ok: false, trouble, partial: bounded.value };
}

function findLongLine(lines: readonly ReceiptLine[]): Trouble | undefined {
  for (const [index, line] of lines.entries()) {
    for (const field of lineTexts) {
      if (isLong(line, field)) return describeLong(field, `lines[${index + 1}].${field}`);
    }
  }
  return undefined;
}

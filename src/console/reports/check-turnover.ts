// Whether opening + in - out = closing in every row, by the exact texts that are shown.
import { measureNames } from '../../ledger/account.ts';

interface ShownTurnover {
  readonly opening: string;
  readonly in: string;
  readonly out: string;
  readonly closing: string;
}

/** "-12.50" as -1250; a count as it is. */
const toUnits = (text: string): bigint => BigInt(text.replace('.', ''));

export function isBalanced(rows: readonly object[]): boolean {
  return rows.every((row) =>
    measureNames.every((measure) => {
      const shown = (row as Readonly<Record<string, ShownTurnover | undefined>>)[measure];
      if (shown === undefined) return true;
      const { opening, closing, ...flow } = shown;
      return toUnits(opening) + toUnits(flow.in) - toUnits(flow.out) === toUnits(closing);
    }),
  );
}

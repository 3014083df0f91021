// `kkm receipts tie-out`: which receipts came only online, only in a report, or differ between the two.
import type { Receipt } from '../../ledger/receipt.ts';
import { tieOutReceipts, type TieOutLine } from '../../operations/receipts/tie-out-receipts.ts';
import { answer, say } from '../answer.ts';
import { commonFlags, defineCommand } from '../command-io.ts';
import { formatRubles, formatSum } from '../../ledger/money.ts';
import { toOneLine } from '../format-table.ts';
import { withInfobase } from '../open-infobase.ts';
import { readReportFilter, reportFilterFlags } from './read-report-filter.ts';

export const receiptsTieOut = defineCommand({
  usage: '[--kkm K] [--shift N] [--from D] [--to D]',
  about: 'lists the receipts that came only online, only in a report, or differ between the two',
  notes: [
    'Where the two differ, the report has won: the balances go by its figures. A receipt whose shift is not reported yet',
    'is marked. A cancelled receipt is not expected in a report.',
  ],
  flags: { ...reportFilterFlags, ...commonFlags },
  run: ({ flags }, io) => {
    const filter = readReportFilter(flags);
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const lines: TieOutLine[] = [];
      const total = await tieOutReceipts(infobase, filter, (line) => {
        if (flags.json) lines.push(line);
        else say(io, flags, formatLine(line));
      });
      const pick = (side: TieOutLine['side']): object[] => lines.filter((line) => line.side === side).map(describeLine);
      const sides = { onlyOnline: pick('online'), onlyReport: pick('report'), different: pick('both') };
      const { online, reported, onlyOnline, onlyReport, different, equal } = total;
      return answer(io, flags, {
        json: { infobase: infobase.name, total, ...sides },
        lines: [
          `online ${online}, reported ${reported}: the same ${equal}, different ${different}`,
          `only online ${onlyOnline}, only in the report ${onlyReport}`,
        ],
      });
    });
  },
});

function nameReceipt({ receipt }: TieOutLine): string {
  const { kkm, shiftNumber, receiptNumber, receiptOn, kind } = receipt;
  return toOneLine(`till ${kkm}, shift ${shiftNumber}, receipt ${receiptNumber} of ${receiptOn} (${kind})`);
}

function formatLine(line: TieOutLine): string {
  const { cardNumber, sumWithDiscountKopecks: sum } = line.receipt;
  const what = `card ${cardNumber ?? 'not given'}, sum ${sum === null ? 'not given' : formatSum(sum)}`;
  switch (line.side) {
    case 'online':
      return `only online: ${nameReceipt(line)}: ${what}${line.isShiftReported ? '' : '; the shift is not reported yet'}`;
    case 'report':
      return `only in the report: ${nameReceipt(line)}: ${what}${line.refusedCode === null ? '' : `; refused (${line.refusedCode})`}`;
    case 'both': {
      const fields = line.differences.map(({ field, online, report }) => {
        return `${field} online ${show(field, online)}, report ${show(field, report)}`;
      });
      return toOneLine(`different: ${nameReceipt(line)}: ${fields.join('; ')}`);
    }
  }
}

function describeLine(line: TieOutLine): object {
  const { side: _side, receipt, ...rest } = line;
  const { sumWithDiscountKopecks: sum, ...key } = receipt;
  const shown = { ...key, sumWithDiscount: sum === null ? null : formatSum(sum) };
  if (!('differences' in rest)) return { ...shown, ...rest };
  const differences = rest.differences.map(({ field, online, report }) => {
    return { field, online: show(field, online), report: show(field, report) };
  });
  return { ...shown, differences };
}

/** Sums as people write them; null is a figure that was left out. */
function show(field: keyof Receipt | 'state', value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (field.endsWith('Kopecks')) return formatRubles(value as number);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

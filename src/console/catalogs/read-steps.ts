// The steps of a discount scale as a person types them, or pastes them from a spreadsheet: one a line, with the accumulation
// sum, the receipt count and the percent.
import { parsePercent, type DiscountStep } from '../../ledger/discount.ts';
import { formatRubles } from '../../ledger/money.ts';
import { parseSheetCount, parseSheetSum } from '../../tables/parse-sheet-figure.ts';
import type { Say } from '../say.ts';

export type ReadSteps =
  { readonly ok: true; readonly steps: readonly DiscountStep[] } | { readonly ok: false; readonly why: string };

export function readSteps(text: string, say: Say): ReadSteps {
  const steps = new Map<string, DiscountStep>();
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line.trim() === '') continue;
    const step = readStep(line);
    const at = `${say('строка', 'line')} ${index + 1}`;
    if (step === undefined) {
      const why = say(
        'ожидаются сумма накопления в рублях, количество чеков и процент от 0 до 100, например «10000; 0; 7»',
        'expected an accumulation sum in rubles, a receipt count and a percent from 0 to 100, such as "10000; 0; 7"',
      );
      return { ok: false, why: `${at}: ${why}` };
    }
    const thresholds = `${step.accumulationKopecks} ${step.receipts}`;
    if (steps.has(thresholds)) {
      return { ok: false, why: `${at}: ${say('такая ступень уже есть', 'the same thresholds as a line above')}` };
    }
    steps.set(thresholds, step);
  }
  if (steps.size === 0) return { ok: false, why: say('Введите хотя бы одну ступень.', 'Enter one step at least.') };
  const sorted = [...steps.values()].toSorted(
    (a, b) => a.accumulationKopecks - b.accumulationKopecks || a.receipts - b.receipts,
  );
  return { ok: true, steps: sorted };
}

function readStep(line: string): DiscountStep | undefined {
  const cells = line.split(/[;\t]/).map((cell) => cell.trim());
  if (cells.length !== 3) return undefined;
  const [sum = '', count = '', percent = ''] = cells;
  const accumulationKopecks = parseSheetSum(sum);
  const receipts = parseSheetCount(count);
  const percentHundredths = readPercentText(percent);
  if (accumulationKopecks === undefined || receipts === undefined || percentHundredths === undefined) return undefined;
  return { accumulationKopecks, receipts, percentHundredths };
}

/** "5", "7,25", "5 %" */
export function readPercentText(text: string): number | undefined {
  return parsePercent(text.trim().replace(/\s*%$/, ''));
}

/** As it is typed back: "7,25" */
export function typePercent(hundredths: number): string {
  return formatRubles(hundredths).replace('.', ',');
}

export function typeSteps(steps: readonly DiscountStep[]): string {
  return steps
    .map(({ accumulationKopecks, receipts, percentHundredths }) => {
      return `${formatRubles(accumulationKopecks).replace('.', ',')}; ${receipts}; ${typePercent(percentHundredths)}`;
    })
    .join('\n');
}

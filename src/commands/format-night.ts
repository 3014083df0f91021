// Nights and their parts as commands tell them.
import type { WriteOff } from '../ledger/account.ts';
import type { NightLine, NightTotal } from '../operations/preview-night.ts';
import type { NightObstacle, NightProgress, NightRun } from '../operations/run-night.ts';
import type { CommandIo } from './command-io.ts';
import { formatSum } from '../ledger/money.ts';
import { countOf } from './count-of.ts';

export const obstacleTexts: Readonly<Record<NightObstacle, string>> = {
  billing_off: 'billing is off: the infobase is not in stage billing',
  no_subscription: 'there is no extended subscription',
  enabling: 'billing is being switched on, which runs the nights itself (kkm billing status)',
};

/** "night of 2026-11-22: lines of «Списание» 12, of «Начисление» 3" */
export function tellNight({ businessOn, writeOffLines, accrualLines }: NightRun): string {
  return `night of ${businessOn}: lines of «Списание» ${writeOffLines}, of «Начисление» ${accrualLines}`;
}

/** A run as JSON has it. */
export function describeNight({ businessOn, writeOffLines, accrualLines }: NightRun): object {
  return { businessOn, writeOffLines, accrualLines };
}

/** Writes a bar over the line shown last, no oftener than it changes. */
export function showNightProgress(io: CommandIo): (progress: NightProgress) => void {
  let shown = '';
  return ({ businessOn, doneCardId, lastCardId }) => {
    const percent = lastCardId === 0 ? 100 : Math.min(100, Math.floor((100 * doneCardId) / lastCardId));
    const bar = '#'.repeat(Math.floor(percent / 5)).padEnd(20, '.');
    const text = `night of ${businessOn} [${bar}] ${percent} %`;
    if (text !== shown) io.showProgress?.(text);
    shown = text;
  };
}

/** Kopecks over all cards: "1234.50". */
function formatTotalSum(kopecks: bigint): string {
  return `${kopecks / 100n}.${String(kopecks % 100n).padStart(2, '0')}`;
}

/** "1 card: bonus 100.00, accumulation 0.00, receipts 3" */
export function formatTotal({ lines, sums }: NightTotal): string {
  const { bonus, accumulation, receipts } = sums;
  const parts = `bonus ${formatTotalSum(bonus)}, accumulation ${formatTotalSum(accumulation)}, receipts ${receipts}`;
  return `${countOf(lines, 'card')}${lines === 0 ? '' : `: ${parts}`}`;
}

/** Exact text, for machines: sums over all cards outgrow what JSON's readers keep exactly. */
export function describeTotal({ lines, sums }: NightTotal): object {
  const { bonus, accumulation, receipts } = sums;
  return {
    lines,
    bonus: formatTotalSum(bonus),
    accumulation: formatTotalSum(accumulation),
    receipts: String(receipts),
  };
}

type Part = Pick<WriteOff, 'measure' | 'amount'>;

const formatAmount = ({ measure }: Part, amount: number): string =>
  measure === 'receipts' ? String(amount) : formatSum(amount);

/** A card's lines, each with what it comes from. */
export function formatLine({ cardNumber, writeOffs, credits }: NightLine): string[] {
  return [
    ...writeOffs.map((part) => {
      const why = `balance ${formatAmount(part, part.balance)}, covered ${formatAmount(part, part.covered)}`;
      return `${cardNumber}: ${part.measure} -${formatAmount(part, part.amount)} (${why})`;
    }),
    ...credits.map((part) => {
      const why = `due ${part.creditOn}, to be written off on ${part.writeOffOn}`;
      return `${cardNumber}: ${part.measure} +${formatAmount(part, part.amount)} (${why})`;
    }),
  ];
}

export function describeLine({ cardNumber, writeOffs, credits }: NightLine): object {
  return {
    card: cardNumber,
    writeOffs: writeOffs.map((part) => ({
      measure: part.measure,
      amount: formatAmount(part, part.amount),
      balance: formatAmount(part, part.balance),
      covered: formatAmount(part, part.covered),
    })),
    credits: credits.map((part) => ({
      measure: part.measure,
      amount: formatAmount(part, part.amount),
      creditOn: part.creditOn,
      writeOffOn: part.writeOffOn,
    })),
  };
}

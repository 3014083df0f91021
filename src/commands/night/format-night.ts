// Nights and their parts as commands show them.
import type { PendingCredit } from '../../ledger/account.ts';
import { neverOn } from '../../ledger/life-rule.ts';
import type { NightLine, NightTotal } from '../../operations/night/preview-night.ts';
import type { NightObstacle, NightProgress, NightRun } from '../../operations/night/run-night.ts';
import type { CommandIo } from '../command-io.ts';
import { describeTotals, formatAmount, formatTotals } from '../format-figures.ts';
import { countOf } from '../../ledger/count-of.ts';

export const obstacleTexts: Readonly<Record<NightObstacle, string>> = {
  billing_off: 'billing is off: the infobase is not in stage billing',
  no_subscription: 'there is no extended subscription',
  enabling: 'billing is being switched on: that runs the nights itself (kkm billing status)',
};

/** "night of 2026-11-22: lines of «Списание» 12, of «Начисление» 3" */
export function formatNightRun({ businessOn, writeOffLines, accrualLines }: NightRun): string {
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

/** "1 card: bonus 100.00, accumulation 0.00, receipts 3" */
export function formatTotal({ lines, sums }: NightTotal): string {
  return `${countOf(lines, 'card')}${lines === 0 ? '' : `: ${formatTotals(sums)}`}`;
}

export function describeTotal({ lines, sums }: NightTotal): object {
  return { lines, ...describeTotals(sums) };
}

/** What a night does to one card. */
type NightParts = Pick<NightLine, 'writeOffs' | 'credits'>;

/** A card's lines, each with what it comes from. */
export function formatLine({ cardNumber, ...parts }: NightLine): string[] {
  return formatParts(parts).map((part) => `${cardNumber}: ${part}`);
}

/** "bonus -80.00 (balance 110.00, covered 30.00)" */
export function formatParts({ writeOffs, credits }: NightParts): string[] {
  return [
    ...writeOffs.map((part) => {
      const kept = part.held === 0 ? '' : `, held ${formatAmount(part.measure, part.held)}`;
      const why = `balance ${formatAmount(part.measure, part.balance)}, covered ${formatAmount(part.measure, part.covered)}${kept}`;
      return `${part.measure} -${formatAmount(part.measure, part.amount)} (${why})`;
    }),
    ...credits.map(formatCredit),
  ];
}

/** "bonus +50.00 (due 2026-12-01, to be written off on 2027-06-01)" */
export function formatCredit(credit: PendingCredit): string {
  const { measure, amount, creditOn, writeOffOn } = credit;
  // What is never written off has a date that stands for that.
  const end = writeOffOn === neverOn ? 'never to be written off' : `to be written off on ${writeOffOn}`;
  return `${measure} +${formatAmount(measure, amount)} (due ${creditOn}, ${end})`;
}

export function describeLine({ cardNumber, ...parts }: NightLine): object {
  return { card: cardNumber, ...describeParts(parts) };
}

export function describeParts({ writeOffs, credits }: NightParts): object {
  return {
    writeOffs: writeOffs.map((part) => ({
      measure: part.measure,
      amount: formatAmount(part.measure, part.amount),
      balance: formatAmount(part.measure, part.balance),
      covered: formatAmount(part.measure, part.covered),
      held: formatAmount(part.measure, part.held),
    })),
    credits: credits.map(describeCredit),
  };
}

/** A credit that is pending, as JSON has it. */
export function describeCredit(credit: PendingCredit): object {
  const { measure, amount, creditOn, writeOffOn } = credit;
  return { measure, amount: formatAmount(measure, amount), creditOn, writeOffOn };
}

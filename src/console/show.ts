// Values as a page shows them: sums, counts, dates.
import { formatSum } from '../ledger/money.ts';
import { formatDateForPeople, formatForPeople, type LocalDate, type LocalDateTime } from '../ledger/local-date-time.ts';

/** Between thousands: it is narrow, and a line never breaks at it. */
const thousands = '\u202f';
const minus = '\u2212';

function groupThousands(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, thousands);
}

/** Kopecks as "1 234,50"; always two decimals. */
export function showMoney(kopecks: number): string {
  const [rubles = '', kopeckDigits = ''] = formatSum(Math.abs(kopecks)).split('.');
  return `${kopecks < 0 ? minus : ''}${groupThousands(rubles)},${kopeckDigits}`;
}

/** A sum over all cards, which may be beyond the integers that a number keeps exactly. */
export function showBigSum(kopecks: bigint): string {
  const absolute = kopecks < 0n ? -kopecks : kopecks;
  const fraction = String(absolute % 100n).padStart(2, '0');
  return `${kopecks < 0n ? minus : ''}${groupThousands(String(absolute / 100n))},${fraction}`;
}

/** With its sign, as a change of a balance is shown. */
export function showChange(kopecks: number): string {
  return kopecks > 0 ? `+${showMoney(kopecks)}` : showMoney(kopecks);
}

export function showCount(count: number): string {
  return `${count < 0 ? minus : ''}${groupThousands(String(Math.abs(count)))}`;
}

/** Hundredths of a percent as "5 %" or "7,25 %". */
export function showPercent(hundredths: number): string {
  const whole = Math.trunc(hundredths / 100);
  const rest = String(hundredths % 100)
    .padStart(2, '0')
    .replace(/0+$/, '');
  return `${whole}${rest === '' ? '' : `,${rest}`}\u00a0%`;
}

/** "2026-11-18" as "18.11.2026". */
export const showDate = (on: LocalDate): string => formatDateForPeople(on);

/** "2026-11-18T14:05:09" as "18.11.2026 14:05:09". */
export const showMoment = (at: LocalDateTime): string => formatForPeople(at);

// The three-way tie-out over a few thousand receipts of which one in a hundred was tampered with: it finds exactly those,
// each on its side, and counts the rest as equal.
import type { ReportFilter } from '../../src/db/department-report.ts';
import type { Receipt } from '../../src/ledger/receipt.ts';
import { tieOutReceipts, type TieOutLine } from '../../src/operations/tie-out-receipts.ts';
import { tellSeed } from '../deep.ts';
import { day } from './billing/testing-billing.ts';
import { makeRandom } from './night/testing-night.ts';
import { addCard, buildCancel, buildSale, cancel, openTestInfobase, register, upload } from './testing-infobase.ts';

const receipts = 3_000;
const cards = ['C1', 'C2', 'C3'];

const everything: ReportFilter = {
  kkm: undefined,
  shiftNumber: undefined,
  from: day('2000-01-01'),
  to: day('3999-12-31'),
};

type Tampering = 'only online' | 'only report' | 'other sum' | 'other card' | 'cancelled';
const tamperings: readonly Tampering[] = ['only online', 'only report', 'other sum', 'other card', 'cancelled'];

/** What the tie-out tells of a receipt, in the words of the tampering. */
function nameFinding(line: TieOutLine): string {
  const number = `${line.receipt.kkm} ${line.receipt.receiptNumber}`;
  if (line.side !== 'both') return `${number} only ${line.side}`;
  const [first] = line.differences.map(({ field }) => field);
  const what = { sumWithDiscountKopecks: 'other sum', cardNumber: 'other card', state: 'cancelled' };
  return `${number} ${what[first as keyof typeof what] ?? first}`;
}

test(`of ${receipts} receipts exactly those that were tampered with do not tie out`, async () => {
  const random = makeRandom(tellSeed('tie-out'));
  const infobase = await openTestInfobase();
  try {
    for (const number of cards) await addCard(infobase, { number });
    const sales: Receipt[] = Array.from({ length: receipts }, (_, index) =>
      buildSale({
        kkm: `K-${1 + (index % 3)}`,
        shiftNumber: 1 + Math.floor(index / 1_000),
        receiptNumber: index + 1,
        cardNumber: cards[Math.floor(random() * cards.length)] ?? '',
        sumWithDiscountKopecks: 100 + Math.floor(random() * 100_000),
        bonusAccruedKopecks: Math.floor(random() * 500),
      }),
    );
    const tampered = new Map<number, Tampering>();
    while (tampered.size < receipts / 100) {
      tampered.set(Math.floor(random() * receipts), tamperings[tampered.size % tamperings.length] ?? 'only online');
    }
    const reports = new Map<string, Receipt[]>();
    const expected: string[] = [];
    for (const [index, sale] of sales.entries()) {
      const tampering = tampered.get(index);
      if (tampering !== undefined) expected.push(`${sale.kkm} ${sale.receiptNumber} ${tampering}`);
      if (tampering !== 'only report') await register(infobase, { ...sale, offline: true });
      if (tampering === 'cancelled') await cancel(infobase, buildCancel(sale));
      if (tampering === 'only online') continue;
      const shift = reports.get(sale.kkm) ?? [];
      shift.push(tamper(sale, tampering));
      reports.set(sale.kkm, shift);
    }
    for (const shift of reports.values()) await upload(infobase, shift);
    const found: string[] = [];
    const total = await tieOutReceipts(infobase, everything, (line) => void found.push(nameFinding(line)));
    expect(found.toSorted()).toEqual(expected.toSorted());
    const countOf = (sort: Tampering): number => expected.filter((line) => line.endsWith(sort)).length;
    expect(total).toEqual({
      online: receipts - countOf('only report'),
      reported: receipts - countOf('only online'),
      onlyOnline: countOf('only online'),
      onlyReport: countOf('only report'),
      different: countOf('other sum') + countOf('other card') + countOf('cancelled'),
      equal: receipts - expected.length,
    });
    const narrowed: string[] = [];
    await tieOutReceipts(infobase, { ...everything, kkm: 'K-2' }, (line) => void narrowed.push(nameFinding(line)));
    expect(narrowed.toSorted()).toEqual(expected.filter((line) => line.startsWith('K-2')).toSorted());
  } finally {
    await infobase.close();
  }
}, 60_000);

function tamper(sale: Receipt, tampering: Tampering | undefined): Receipt {
  if (tampering === 'other sum') {
    return { ...sale, sumWithDiscountKopecks: sale.sumWithDiscountKopecks + 1 };
  }
  if (tampering === 'other card') {
    return { ...sale, cardNumber: cards[(cards.indexOf(sale.cardNumber) + 1) % cards.length] ?? '' };
  }
  return sale;
}

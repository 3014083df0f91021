// `kkm receipts flagged`: receipts that were taken and that someone should look at.
import { formatForPeople } from '../../ledger/local-date-time.ts';
import { formatSum } from '../../ledger/money.ts';
import {
  listFlaggedReceipts,
  receiptFlags,
  type FlaggedReceipt,
} from '../../operations/receipts/list-flagged-receipts.ts';
import { commonFlags, defineCommand } from '../command-io.ts';
import { withInfobase } from '../open-infobase.ts';
import { readCount } from '../read-number-flag.ts';
import { pageFlags, pageNote, readLimit } from '../read-page.ts';
import { readOneOf } from '../read-word-flag.ts';
import { readReportFilter, reportFilterFlags } from './read-report-filter.ts';
import { writeList } from '../write-list.ts';

export const receiptsFlagged = defineCommand({
  usage: '[--flag FLAG] [--card NUMBER] [--kkm K] [--shift N] [--from D] [--to D] [--limit N] [--after ID]',
  about: 'lists the receipts that someone should check, latest first, by pages',
  notes: [
    'FLAG: debt (it spent more bonus than the card had), original_unknown (a return without its sale), over_returned (a',
    'return of more than was left), report_differs (the report differs from the call, and has won: kkm receipts tie-out',
    'shows both). A flag is never removed.',
  ],
  flags: {
    flag: { takes: 'FLAG', about: `with this flag only: ${receiptFlags.join(', ')}` },
    card: { takes: 'NUMBER', about: 'this card only' },
    ...reportFilterFlags,
    ...pageFlags('ID'),
    ...commonFlags,
  },
  run: ({ flags }, io) => {
    const filter = {
      ...readReportFilter(flags),
      ...(flags.flag === undefined ? {} : { flag: readOneOf('--flag', flags.flag, receiptFlags) }),
      ...(flags.card === undefined ? {} : { cardNumber: flags.card }),
    };
    const page = {
      limit: readLimit(flags.limit),
      ...(flags.after === undefined ? {} : { after: readCount('--after', flags.after, Number.MAX_SAFE_INTEGER) }),
    };
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const { receipts, next } = await listFlaggedReceipts(infobase, filter, page);
      const entries = receipts.map(describe);
      pageNote(io, flags, next);
      return writeList(io, flags, {
        entries,
        heading: [
          'id',
          'flags',
          'till',
          'shift',
          'receipt',
          'of',
          'kind',
          'card',
          'sum',
          'accrued',
          'redeemed',
          'state',
        ],
        showRow: showReceipt,
        none: 'there are no such receipts',
        json: { infobase: infobase.name, receipts: entries, next },
      });
    });
  },
});

interface ShownReceipt extends Omit<FlaggedReceipt, `${string}Kopecks`> {
  readonly sumWithDiscount: string;
  readonly bonusAccrued: string;
  readonly bonusRedeemed: string;
}

/** Sums as exact text. */
function describe(receipt: FlaggedReceipt): ShownReceipt {
  const { sumWithDiscountKopecks, bonusAccruedKopecks, bonusRedeemedKopecks, ...rest } = receipt;
  return {
    ...rest,
    sumWithDiscount: formatSum(sumWithDiscountKopecks),
    bonusAccrued: formatSum(bonusAccruedKopecks),
    bonusRedeemed: formatSum(bonusRedeemedKopecks),
  };
}

function showReceipt(receipt: ShownReceipt): string[] {
  const { id, flags, kkm, shiftNumber, receiptNumber, receiptAt, kind, cardNumber, state } = receipt;
  const { sumWithDiscount, bonusAccrued, bonusRedeemed } = receipt;
  const key = [kkm, String(shiftNumber), String(receiptNumber), formatForPeople(receiptAt), kind, cardNumber];
  return [String(id), flags.join(', '), ...key, sumWithDiscount, bonusAccrued, bonusRedeemed, state];
}

// `kkm cards debts`: cards whose balance is below zero.
import { formatSum } from '../../ledger/money.ts';
import { listDebts, type CardDebt } from '../../operations/cards/list-debts.ts';
import { commonFlags, defineCommand } from '../command-io.ts';
import { withInfobase } from '../open-infobase.ts';
import { pageFlags, pageNote, readLimit } from '../read-page.ts';
import { refusedBy } from '../refused-by.ts';
import { writeList } from '../write-list.ts';

export const cardsDebts = defineCommand({
  usage: '[--kind CODE] [--limit N] [--after NUMBER]',
  about: 'lists the cards with a balance below zero, in the order they were added, by pages',
  notes: [
    'In stage billing these are the balances of billing, else those of «Накопления». A debt comes from a receipt of an',
    'offline till, or from a return; kkm receipts flagged --card NUMBER lists them. A night does not write it off.',
  ],
  flags: { kind: { takes: 'CODE', about: 'cards of this kind only' }, ...pageFlags('NUMBER'), ...commonFlags },
  run: ({ flags }, io) => {
    const request = {
      limit: readLimit(flags.limit),
      ...(flags.kind === undefined ? {} : { kindCode: flags.kind }),
      ...(flags.after === undefined ? {} : { after: flags.after }),
    };
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const outcome = await listDebts(infobase, request);
      if (!outcome.ok) throw refusedBy(outcome, { after: '--after' });
      const { next } = outcome;
      const entries = outcome.cards.map(describe);
      pageNote(io, flags, next);
      return writeList(io, flags, {
        entries,
        heading: ['card', 'kind', 'holder', 'status', 'bonus', 'accumulation', 'receipts'],
        showRow: ({ card, kind, holder, status, bonus, accumulation, receipts }) => {
          return [card, kind, holder ?? '-', status, bonus, accumulation, String(receipts)];
        },
        none: 'no card has a debt',
        json: { infobase: infobase.name, cards: entries, next },
      });
    });
  },
});

/** Sums as exact text. */
function describe({ number, kindCode, holder, status, bonus, accumulation, receipts }: CardDebt) {
  const sums = { bonus: formatSum(bonus), accumulation: formatSum(accumulation), receipts };
  return { card: number, kind: kindCode, holder, status, ...sums };
}

// `kkm import reverse`: takes an import back by a document of its own.
import { formatSum } from '../../ledger/money.ts';
import { reverseImport, type ReverseImportOutcome } from '../../operations/opening/reverse-import.ts';
import { answer } from '../answer.ts';
import { CommandFailed, commonFlags, defineCommand, dryRunFlag } from '../command-io.ts';
import { countOf } from '../../ledger/count-of.ts';
import { nameOperator } from '../name-operator.ts';
import { withInfobase } from '../open-infobase.ts';
import { readNumber } from '../read-number-flag.ts';

export const importReverse = defineCommand({
  usage: 'NUMBER [--dry-run]',
  about: 'reverses an import: a document for the same cards with the opposite sums',
  notes: [
    'NUMBER is from kkm import list. It is all or none: if a card has spent what it got, or a night or a return has taken',
    'it, nothing is reversed, and the cards are listed. Cards that the import made stay. The file may be imported again',
    'afterwards.',
  ],
  takes: ['NUMBER'],
  flags: { ...dryRunFlag, ...commonFlags },
  run: ({ flags, values: [text = ''] }, io) => {
    const number = readNumber('NUMBER', text, 'the number of an import');
    const isDryRun = flags['dry-run'];
    return withInfobase(io, flags, 'existing', async (infobase, clock) => {
      const request = { number, madeBy: nameOperator(), isDryRun };
      const outcome = await reverseImport(infobase, clock.now(), request);
      const head = { isDryRun, reverses: request.number };
      if (!outcome.ok) {
        for (const { cardNumber, why } of outcome.cards) io.err(`card ${cardNumber}: ${why}`);
        const details = { ...head, cards: outcome.cards };
        throw new CommandFailed(`nothing was written: ${outcome.why}`, { details });
      }
      return answer(io, flags, { json: { ok: true, ...head, ...describe(outcome) }, lines: report(outcome, isDryRun) });
    });
  },
});

type Reversed = Extract<ReverseImportOutcome, { readonly ok: true }>;

function report({ reversed, reversal }: Reversed, isDryRun: boolean): string[] {
  const { cards, bonus, accumulation, receipts } = reversal;
  return [
    `import ${reversed.id}, ${reversed.fileName}: ${countOf(cards, 'card')}`,
    `bonus ${formatSum(bonus)}, accumulation ${formatSum(accumulation)}, receipts ${receipts}`,
    isDryRun ? 'dry run: nothing was written' : `posted: ${reversal.document} (import ${reversal.number})`,
  ];
}

function describe({ reversal }: Reversed): object {
  return { ...reversal, bonus: formatSum(reversal.bonus), accumulation: formatSum(reversal.accumulation) };
}

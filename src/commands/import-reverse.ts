// `kkm import reverse`: takes an import back by a document of its own.
import { formatSum } from '../ledger/money.ts';
import { reverseImport, type ReverseImportOutcome } from '../operations/reverse-import.ts';
import { commonFlags, defineCommand, dryRunFlag, UsageMistake, type CommandIo } from './command-io.ts';
import { nameOperator } from './name-operator.ts';
import { withInfobase } from './open-infobase.ts';

export const importReverse = defineCommand({
  usage: 'NUMBER [--dry-run]',
  about: 'takes an import back: a document of the same cards with the opposite sums',
  notes: [
    'NUMBER is that of kkm import list. It is all or none: where a card has spent what it got, where a night has burned it',
    'or a return has taken it, nothing is taken back, and the cards are named. Cards that the import made stay. The file',
    'may be brought in again afterwards.',
  ],
  takes: ['NUMBER'],
  flags: { ...dryRunFlag, ...commonFlags },
  run: ({ flags, values: [text = ''] }, io) => {
    if (!/^\d{1,15}$/.test(text)) throw new UsageMistake(`NUMBER: expected the number of an import, got "${text}"`);
    const isDryRun = flags['dry-run'];
    return withInfobase(io, flags, 'existing', async (infobase, clock) => {
      const request = { number: Number(text), madeBy: nameOperator(), isDryRun };
      const outcome = await reverseImport(infobase, clock.now(), request);
      if (flags.json) io.out(JSON.stringify(describe(outcome, request), null, 2));
      else report(outcome, isDryRun, io);
      if (!outcome.ok) io.err(`nothing was written: ${outcome.why}`);
      return outcome.ok ? 0 : 1;
    });
  },
});

function report(outcome: ReverseImportOutcome, isDryRun: boolean, io: CommandIo): void {
  if (!outcome.ok) {
    for (const { cardNumber, why } of outcome.cards) io.err(`card ${cardNumber}: ${why}`);
    return;
  }
  const { reversed, reversal } = outcome;
  const { cards, bonus, accumulation, receipts } = reversal;
  io.out(`import ${reversed.id}, ${reversed.fileName}: ${cards} card${cards === 1 ? '' : 's'}`);
  io.out(`bonus ${formatSum(bonus)}, accumulation ${formatSum(accumulation)}, receipts ${receipts}`);
  io.out(isDryRun ? 'dry run: nothing was written' : `posted: ${reversal.document} (import ${reversal.number})`);
}

function describe(outcome: ReverseImportOutcome, { number, isDryRun }: { number: number; isDryRun: boolean }): object {
  const head = { ok: outcome.ok, isDryRun, reverses: number };
  if (!outcome.ok) return { ...head, why: outcome.why, cards: outcome.cards };
  const { reversal } = outcome;
  const sums = { bonus: formatSum(reversal.bonus), accumulation: formatSum(reversal.accumulation) };
  return { ...head, ...reversal, ...sums };
}

// `kkm cards show`: one card with its balances, its reserves and its latest movements.
import { formatForPeople } from '../ledger/local-date-time.ts';
import type { CardOperation } from '../operations/list-card-operations.ts';
import { showCard, type ShownCard } from '../operations/show-card.ts';
import { CommandFailed, commonFlags, defineCommand, UsageMistake, type CommandIo } from './command-io.ts';
import { describeDiscount, formatDiscount, formatPercent } from './format-figures.ts';
import { formatSum } from '../ledger/money.ts';
import { formatTable, toOneLine } from './format-table.ts';
import { readCommandConfig, withInfobase } from './open-infobase.ts';
import { readMoment } from './read-date-flag.ts';

const movementLimit = 1_000;

export const cardsShow = defineCommand({
  usage: 'NUMBER [--at DATETIME]',
  about: 'shows a card: kind, balances, reserves, latest movements with their documents',
  notes: [
    '--at adds up the movements of the documents dated at that moment or before; a date alone is its end.',
    'Sums are rubles. Moments are of the clock of the infobase (KKM_TIMEZONE).',
  ],
  takes: ['NUMBER'],
  flags: {
    at: { takes: 'DATETIME', about: 'balances as of then: 2026-11-22, 22.11.2026 or 2026-11-22T14:05:00' },
    movements: { takes: 'N', about: `how many of the latest movements to show (default 20, at most ${movementLimit})` },
    ...commonFlags,
  },
  run: ({ flags, values: [number = ''] }, io) => {
    // The end of the day: "as of the 22nd" means with what the 22nd brought.
    const at = readMoment('--at', flags.at, readCommandConfig(io, flags), '23:59:59');
    const movements = readCount(flags.movements ?? '20');
    return withInfobase(io, flags, 'existing', async (infobase, clock) => {
      const shown = await showCard(infobase, clock.now(), number, { movements, ...(at === undefined ? {} : { at }) });
      if (shown === undefined) throw new CommandFailed(`there is no card "${number}" in infobase "${infobase.name}"`);
      if (flags.json) io.out(JSON.stringify(describe(shown), null, 2));
      else writeCard(shown, io);
      return 0;
    });
  },
});

function readCount(text: string): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count <= movementLimit)) {
    throw new UsageMistake(`--movements: expected a whole number from 0 to ${movementLimit}, got "${text}"`);
  }
  return count;
}

function writeCard(shown: ShownCard, io: CommandIo): void {
  const { card, kind, balances, at } = shown;
  const terms: [string, string][] = [
    ['card', card.number],
    ['kind', `${kind.code} "${kind.name}" (${kind.purpose}, discount ${formatDiscount(kind.discount)})`],
    ['holder', card.holder ?? '-'],
    ['status', card.status],
    ['valid', `${card.validFrom ?? '...'} to ${card.validTo ?? '...'}`],
    ['note', card.note ?? '-'],
    ...(at === null ? [] : [['as of', formatForPeople(at)] as [string, string]]),
    ['bonus', formatSum(balances.bonus)],
    ...(shown.available === null ? [] : [['available', formatSum(shown.available)] as [string, string]]),
    ['accumulation', formatSum(balances.accumulation)],
    ['receipts', String(balances.receipts)],
    ['discount', `${formatPercent(shown.discountPercentHundredths)} %`],
  ];
  for (const [name, value] of terms) io.out(`${name.padEnd(13)}${toOneLine(value)}`);
  for (const { amount, kkm, shiftNumber, receiptNumber, expiresAt } of shown.holds) {
    const until = `until ${formatForPeople(expiresAt)}`;
    io.out(
      `${'reserve'.padEnd(13)}${formatSum(amount)} for till ${toOneLine(kkm)}, shift ${shiftNumber}, receipt ${receiptNumber}, ${until}`,
    );
  }
  if (shown.movements.length === 0) return;
  io.out('');
  for (const line of formatTable(heading, shown.movements.map(showMovement))) io.out(line);
}

const heading = ['dated', 'bonus', 'accumulation', 'receipts', 'bonus after', 'document', 'till', 'comment'];

function showMovement(movement: CardOperation): string[] {
  const { datedAt, bonus, accumulation, receipts, bonusAfter, document, kkm, receiptNumber, shopCode, comment } =
    movement;
  const shop = shopCode === null ? '' : `, shop ${shopCode}`;
  const till = kkm === null ? '' : `${kkm} receipt ${receiptNumber}${shop}`;
  const figures = [formatSum(bonus), formatSum(accumulation), String(receipts), formatSum(bonusAfter)];
  return [formatForPeople(datedAt), ...figures, document, till, comment ?? ''];
}

function describe(shown: ShownCard): object {
  const { card, kind, at, balances, available } = shown;
  const { id: _, kindCode, ...terms } = card;
  return {
    ...terms,
    kind: { code: kindCode, name: kind.name, purpose: kind.purpose, discount: describeDiscount(kind.discount) },
    at,
    bonus: formatSum(balances.bonus),
    available: available === null ? null : formatSum(available),
    accumulation: formatSum(balances.accumulation),
    receipts: balances.receipts,
    discountPercent: formatPercent(shown.discountPercentHundredths),
    holds: shown.holds.map((hold) => ({ ...hold, amount: formatSum(hold.amount) })),
    movements: shown.movements.map((movement) => ({
      ...movement,
      bonus: formatSum(movement.bonus),
      accumulation: formatSum(movement.accumulation),
      bonusAfter: formatSum(movement.bonusAfter),
    })),
  };
}

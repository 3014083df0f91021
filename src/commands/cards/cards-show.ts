// `kkm cards show`: one card with its balances, its reserves, what will burn and when, and its latest movements.
import { formatForPeople } from '../../ledger/local-date-time.ts';
import { neverOn } from '../../ledger/life-rule.ts';
import type { CardOutlook } from '../../operations/cards/foresee-card.ts';
import type { CardOperation } from '../../operations/cards/list-card-operations.ts';
import { showCard, type ShownCard } from '../../operations/cards/show-card.ts';
import { answer } from '../answer.ts';
import { CommandFailed, commonFlags, defineCommand } from '../command-io.ts';
import { describeDiscount, formatDiscount, formatPercent } from '../format-figures.ts';
import { formatSum } from '../../ledger/money.ts';
import { describeCredit, describeParts, formatCredit, formatParts } from '../night/format-night.ts';
import { formatTable, toOneLine } from '../format-table.ts';
import { readCommandConfig, withInfobase } from '../open-infobase.ts';
import { readCount } from '../read-number-flag.ts';
import { readMoment } from '../read-date-flag.ts';

const movementLimit = 1_000;
const nightLimit = 1_000;

export const cardsShow = defineCommand({
  usage: 'NUMBER [--at DATETIME] [--movements N] [--nights N]',
  about: 'shows a card: kind, balances, holds, coming write-offs, latest movements with their documents',
  notes: [
    '--at adds up the movements of documents dated up to that moment; a date alone is the end of that day.',
    'In stage billing: accruals by write-off date, as accrued, spent or not; pending credits of nights to come; then each',
    'night that changes the card, if nothing else happens before it.',
    'Sums are rubles. Times are in the time zone of the infobase (KKM_TIMEZONE).',
  ],
  takes: ['NUMBER'],
  flags: {
    at: { takes: 'DATETIME', about: 'balances as of then: 2026-11-22, 22.11.2026 or 2026-11-22T14:05:00' },
    movements: { takes: 'N', about: `how many of the latest movements to show (default 20, at most ${movementLimit})` },
    nights: { takes: 'N', about: `how many of the nights to come to show (default 20, at most ${nightLimit})` },
    ...commonFlags,
  },
  run: ({ flags, values: [number = ''] }, io) => {
    // The end of the day: "as of the 22nd" means with what the 22nd brought.
    const until = readMoment('--at', flags.at, readCommandConfig(io, flags), '23:59:59');
    const at = until === undefined ? {} : { at: until };
    const movements = readCount('--movements', flags.movements ?? '20', movementLimit);
    const nights = readCount('--nights', flags.nights ?? '20', nightLimit);
    return withInfobase(io, flags, 'existing', async (infobase, clock) => {
      const shown = await showCard(infobase, clock.now(), number, { movements, nights, ...at });
      if (shown === undefined) {
        const message = `there is no card "${number}" in infobase "${infobase.name}"`;
        throw new CommandFailed(message, { code: 'not_found', field: 'NUMBER' });
      }
      return answer(io, flags, { json: describe(shown), lines: formatCard(shown) });
    });
  },
});

function formatCard(shown: ShownCard): string[] {
  const { card, kind, balances, at, outlook } = shown;
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
    ...shown.holds.map(({ amount, kkm, shiftNumber, receiptNumber, expiresAt }): [string, string] => {
      const receipt = `till ${kkm}, shift ${shiftNumber}, receipt ${receiptNumber}`;
      return ['hold', `${formatSum(amount)} for ${receipt}, until ${formatForPeople(expiresAt)}`];
    }),
    ...(outlook?.pending ?? []).map((credit): [string, string] => ['pending', formatCredit(credit)]),
  ];
  return [
    ...terms.map(([name, value]) => `${name.padEnd(13)}${toOneLine(value)}`),
    ...(outlook === null ? [] : formatOutlook(outlook)),
    ...(shown.movements.length === 0 ? [] : ['', ...formatTable(heading, shown.movements.map(showMovement))]),
  ];
}

function formatOutlook({ accruals, nights, hasMoreNights }: CardOutlook): string[] {
  const rows = accruals.map(({ writeOffOn, bonus, accumulation, receipts }) => {
    const figures = [formatSum(bonus), formatSum(accumulation), String(receipts)];
    return [writeOffOn === neverOn ? 'never' : writeOffOn, ...figures];
  });
  const burning = nights.flatMap(({ on, ...parts }) => formatParts(parts).map((part) => `  ${on}: ${part}`));
  return [
    ...(rows.length === 0 ? [] : ['', ...formatTable(['written off on', 'bonus', 'accumulation', 'receipts'], rows)]),
    ...(burning.length === 0 ? [] : ['', 'nights to come, if nothing else happens before:', ...burning]),
    ...(hasMoreNights ? ['  ... and later ones (--nights N)'] : []),
  ];
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
    outlook: shown.outlook === null ? null : describeOutlook(shown.outlook),
    movements: shown.movements.map((movement) => ({
      ...movement,
      bonus: formatSum(movement.bonus),
      accumulation: formatSum(movement.accumulation),
      bonusAfter: formatSum(movement.bonusAfter),
    })),
  };
}

/** Dates as they are stored: 3999-12-31 is never. */
function describeOutlook({ accruals, pending, nights, hasMoreNights }: CardOutlook): object {
  return {
    accruals: accruals.map(({ writeOffOn, bonus, accumulation, receipts }) => {
      return { writeOffOn, bonus: formatSum(bonus), accumulation: formatSum(accumulation), receipts };
    }),
    pending: pending.map(describeCredit),
    nights: nights.map(({ on, ...parts }) => ({ on, ...describeParts(parts) })),
    hasMoreNights,
  };
}

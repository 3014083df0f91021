// `kkm verify`: whether every balance is what its movements, and deeper its receipts and documents, make; and, where it is
// asked to, sets right the cards that are not.
import { setTimeout as pause } from 'node:timers/promises';
import { measureNames, type MeasureName } from '../../ledger/account.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { formatSum } from '../../ledger/money.ts';
import type { Infobase } from '../../operations/infobase.ts';
import { repairCards } from '../../operations/admin/repair-cards.ts';
import {
  verifyCards,
  verifyRegisters,
  type CardDifference,
  type CardsCheck,
  type VerifyCardsOptions,
} from '../../operations/admin/verify-infobase.ts';
import { verifyInvariants, type InvariantsCheck } from '../../operations/admin/verify-invariants.ts';
import { answer, say } from '../answer.ts';
import {
  CommandFailed,
  commonFlags,
  defineCommand,
  dryRunFlag,
  runCommand,
  UsageMistake,
  type CommandIo,
} from '../command-io.ts';
import { countOf } from '../../ledger/count-of.ts';
import { describeDifference, nameRegister } from './describe-difference.ts';
import { readDateFlag } from '../read-date-flag.ts';
import { formatAmount } from '../format-figures.ts';
import { withInfobase } from '../open-infobase.ts';
import { addRemedy } from '../refused-by.ts';
import { checkSeals, describeSeals, readAgainst } from '../seals/check-seals.ts';

const listed = 20;

const command = defineCommand({
  usage: '[--deep [--repair]] [--seals [--from D] [--against DIGEST|FILE]]',
  about: 'recomputes every balance from its movements, and names the first that differs; exit code 1 if one does',
  notes: [
    'In stage billing no accrual may be below zero, and after a night no balance above the accruals that cover it.',
    'A running service may go on meanwhile. It takes seconds for a million cards.',
    '--deep calculates each card again from its receipts and documents, with every night between (stage billing): minutes',
    'for a million cards. It uses the current setting returnFigures: what was posted under another differs.',
    '--repair posts what --deep finds missing: at most one «Начисление» and one «Списание», with the reason in each line.',
    'Without it nothing is written: check the list first, and make a backup.',
    '--seals compares everything with the sealed days and names the first day that differs, and the document in it.',
    '--from D trusts the seal before that day and all that it covers: for long histories, between two whole checks.',
    '--against takes the digest of a seal that was kept elsewhere, or FILE.json of a backup: it finds a replaced database.',
  ],
  flags: {
    deep: { about: 'also calculates each card from its receipts and documents' },
    repair: { about: 'with --deep: corrects the cards that differ, with documents' },
    seals: { about: 'also compares the database with its sealed days' },
    from: { takes: 'D', about: 'with --seals: checks this day and those after it only' },
    against: { takes: 'DIGEST|FILE', about: 'with --seals: a seal that the database must have' },
    ...dryRunFlag,
    ...commonFlags,
  },
  run: async ({ flags }, io) => {
    const { repair: mayRepair, 'dry-run': isDryRun } = flags;
    if (mayRepair && !flags.deep) throw new UsageMistake('--repair goes with --deep', '--repair');
    if (isDryRun && !mayRepair) throw new UsageMistake('--dry-run goes with --repair', '--dry-run');
    for (const name of ['from', 'against'] as const) {
      if (flags[name] !== undefined && !flags.seals) throw new UsageMistake(`--${name} goes with --seals`, `--${name}`);
    }
    const from = readDateFlag('from', flags.from);
    const against = flags.against === undefined ? undefined : readAgainst(flags.against);
    return withInfobase(io, flags, 'existing', async (infobase, clock) => {
      const registers = await verifyRegisters(infobase, (register) =>
        io.showProgress?.(`adding up ${nameRegister(register)}`),
      );
      io.showProgress?.('');
      say(
        io,
        flags,
        registers.map(({ register, difference }) =>
          difference === null ? `${nameRegister(register)}: in order` : describeDifference(difference),
        ),
      );
      const deep = flags.deep ? await checkCards(infobase, clock.now(), { mayRepair, isDryRun }, io) : undefined;
      // After a repair, for that is what it is for.
      const invariants = await verifyInvariants(infobase, clock.now());
      if (invariants !== undefined) say(io, flags, describeInvariants(invariants));
      const cards = deep?.cards ?? null;
      if (deep !== undefined)
        say(io, flags, [...describeCards(deep.cards, mayRepair && !isDryRun), ...describeRepair(deep, isDryRun)]);
      const sealed = flags.seals ? await checkSeals(infobase, { from, against }, io) : undefined;
      if (sealed !== undefined) say(io, flags, describeSeals(sealed));
      const isOff = isDone(cards) && cards.wrong > 0 && !mayRepair;
      // What a dry run has found, the repair would have set right.
      const isSound = isDryRun || (!isOff && isKept(invariants));
      const isAddedUp = registers.every(({ difference }) => difference === null);
      const isRight = isAddedUp && isSound && (sealed?.found ?? 0) === 0;
      const details = {
        registers: registers.map(showSums),
        invariants: showInvariants(invariants),
        cards: showCards(cards),
        ...(sealed === undefined ? {} : { seals: sealed }),
        ...(mayRepair ? { repaired: deep?.documents ?? [], isDryRun } : {}),
      };
      if (isRight) return answer(io, flags, { json: { ok: true, ...details }, lines: [] });
      const areSealsOff = isAddedUp && isSound;
      const why = areSealsOff ? 'the database differs from its seals' : 'some balances differ from what they should be';
      throw new CommandFailed(why, { code: 'differs', details });
    });
  },
});

export function verify(args: string[], io: CommandIo): Promise<number> {
  return runCommand('kkm verify', command, args, io);
}

interface DeepCheck {
  readonly cards: CardsCheck;
  /** Of a repair. */
  readonly documents: readonly string[];
}

async function checkCards(
  infobase: Infobase,
  now: LocalDateTime,
  { mayRepair, isDryRun }: { readonly mayRepair: boolean; readonly isDryRun: boolean },
  io: CommandIo,
): Promise<DeepCheck> {
  const options: VerifyCardsOptions = {
    limit: listed,
    isDryRun,
    afterPage: async (done, last) => {
      io.showProgress?.(`calculating cards: ${last === 0 ? 100 : Math.min(100, Math.floor((100 * done) / last))} %`);
      await pause(0);
    },
  };
  if (!mayRepair) {
    const cards = await verifyCards(infobase, now, options);
    io.showProgress?.('');
    return { cards, documents: [] };
  }
  const end = await repairCards(infobase, now, options);
  io.showProgress?.('');
  if (end.code === 'refused') throw new CommandFailed(addRemedy(end));
  return { cards: end.check, documents: end.documents };
}

type DoneCheck = Extract<CardsCheck, { readonly code: 'done' }>;

function isDone(cards: CardsCheck | null): cards is DoneCheck {
  return cards?.code === 'done';
}

function isKept(invariants: InvariantsCheck | undefined): boolean {
  return invariants === undefined || (invariants.belowZero === null && invariants.uncovered === null);
}

function describeInvariants({ belowZero, lastNightOn, uncovered }: InvariantsCheck): string[] {
  const lines = [
    belowZero === null
      ? 'accruals: no row is below zero'
      : `card ${belowZero.cardNumber}: its accruals to ${belowZero.writeOffOn} are below zero: ` +
        `${describeSums(belowZero, (amount) => amount < 0)}${countCards(belowZero.cards)}`,
  ];
  if (lastNightOn === null) return lines;
  lines.push(
    uncovered === null
      ? `nights: no balance is above the accruals that cover it after ${lastNightOn}`
      : `card ${uncovered.cardNumber}: after the night of ${lastNightOn} the balance is above the accruals that cover it by ` +
          `${describeSums(uncovered.amount)}${countCards(uncovered.cards)}`,
  );
  return lines;
}

function countCards(cards: number): string {
  return cards === 1 ? '' : ` (${cards} cards)`;
}

/** "bonus -1.00, receipts 2": what is not zero, or what `isShown`. */
function describeSums(
  sums: Readonly<Record<MeasureName, number>>,
  isShown = (amount: number): boolean => amount !== 0,
): string {
  return measureNames
    .filter((measure) => isShown(sums[measure]))
    .map((measure) => `${measure} ${formatAmount(measure, sums[measure])}`)
    .join(', ');
}

function describeCards(cards: CardsCheck, isRepaired: boolean): string[] {
  if (!isDone(cards)) return ['cards: the infobase is not in stage billing, so there is nothing to calculate'];
  if (cards.wrong === 0) return [`cards: ${cards.cards} calculated from their receipts and documents, all in order`];
  const more = cards.wrong - cards.differences.length;
  const are = isRepaired ? 'differed from their receipts and documents' : 'differ from their receipts and documents';
  return [
    `cards: ${cards.wrong} of ${cards.cards} ${are}`,
    ...cards.differences.map(formatDifference),
    ...(more > 0 ? [`  ... and ${more} more`] : []),
  ];
}

function describeRepair({ cards, documents }: DeepCheck, isDryRun: boolean): string[] {
  if (isDryRun && isDone(cards)) return [`${countOf(cards.wrong, 'card')} would be corrected`];
  return documents.length === 0 ? [] : [`corrected by: ${documents.join('; ')}`];
}

function formatDifference({ cardNumber, missing }: CardDifference): string {
  const { balance, rows, pending } = missing;
  const sums = describeSums(balance);
  const parts = [
    ...(sums === '' ? [] : [`the balance lacks ${sums}`]),
    ...describeParts('rows of accruals that differ', rows, ({ writeOffOn }) => `to ${writeOffOn}`),
    ...describeParts('pending credits that differ', pending, ({ creditOn }) => `at ${creditOn}`),
  ];
  return `  card ${cardNumber}: ${parts.join('; ')}`;
}

/** Shown in full; of more, the rest is counted. */
const partsShown = 5;

/** "rows of accruals that differ: 2 (bonus to 2026-09-01 100.00, receipts to 2026-09-01 1)" */
function describeParts<T extends { readonly measure: MeasureName; readonly amount: number }>(
  what: string,
  parts: readonly T[],
  describeWhen: (part: T) => string,
): string[] {
  if (parts.length === 0) return [];
  const shown = parts.slice(0, partsShown).map((part) => {
    return `${part.measure} ${describeWhen(part)} ${formatAmount(part.measure, part.amount)}`;
  });
  return [`${what}: ${parts.length} (${shown.join(', ')}${parts.length > partsShown ? ', ...' : ''})`];
}

function showSums({ register, difference }: Awaited<ReturnType<typeof verifyRegisters>>[number]): object {
  if (difference === null) return { register, difference };
  const { cardNumber, ...sums } = difference;
  return { register, difference: { card: cardNumber, ...showMeasures(sums) } };
}

function showMeasures({ bonus, accumulation, receipts }: Readonly<Record<MeasureName, number>>): object {
  return { bonus: formatSum(bonus), accumulation: formatSum(accumulation), receipts };
}

function showInvariants(invariants: InvariantsCheck | undefined): object | null {
  if (invariants === undefined) return null;
  const { belowZero, lastNightOn, uncovered } = invariants;
  return {
    belowZero:
      belowZero === null
        ? null
        : {
            card: belowZero.cardNumber,
            writeOffDate: belowZero.writeOffOn,
            ...showMeasures(belowZero),
            cards: belowZero.cards,
          },
    lastNight: lastNightOn,
    uncovered:
      uncovered === null
        ? null
        : { card: uncovered.cardNumber, ...showMeasures(uncovered.amount), cards: uncovered.cards },
  };
}

function showCards(cards: CardsCheck | null): object | null {
  if (!isDone(cards)) return cards;
  const differences = cards.differences.map(({ cardNumber, missing: { balance, rows, pending } }) => {
    return { card: cardNumber, lacks: showMeasures(balance), rows: rows.length, pending: pending.length };
  });
  return { ...cards, differences };
}

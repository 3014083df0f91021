// `kkm night compare`: what a night takes by the documented rule, beside what true lots would lose.
import { setTimeout as sleep } from 'node:timers/promises';
import { addDays, type LocalDate } from '../../ledger/local-date-time.ts';
import { compareNight, type NightComparison, type NightComparisonLine } from '../../operations/night/compare-night.ts';
import type { Infobase } from '../../operations/infobase.ts';
import { findNightState } from '../../operations/night/run-night.ts';
import { answer } from '../answer.ts';
import { CommandFailed, commonFlags, defineCommand } from '../command-io.ts';
import { describeTotals, formatAmount, formatTotals } from '../format-figures.ts';
import { obstacleTexts, showNightProgress } from './format-night.ts';
import { formatTable } from '../format-table.ts';
import { withInfobase } from '../open-infobase.ts';
import { readCount } from '../read-number-flag.ts';
import { readDateFlag } from '../read-date-flag.ts';

const greatestLimit = 100_000;

export const nightCompare = defineCommand({
  usage: '[--date D]',
  about: 'compares what a night writes off with what lots, earliest write-off date first, would lose',
  notes: [
    'The documented rule compares a balance with the accruals that have not expired; lots record which accrual was spent.',
    'With one life for all accruals both are the same; with different lives the documented rule writes off less.',
    'A night that is done is calculated again with everything known now. Nothing is changed.',
  ],
  flags: {
    date: { takes: 'D', about: 'the date of the night: 2026-11-22 or 22.11.2026 (default: the next one)' },
    limit: {
      takes: 'N',
      about: `lines to list, in the order the cards were added: 0 to ${greatestLimit} (default 100)`,
    },
    all: { about: 'also list the lines on which the two agree' },
    ...commonFlags,
  },
  run: ({ flags }, io) => {
    const given = readDateFlag('date', flags.date);
    const limit = readCount('--limit', flags.limit ?? '100', greatestLimit);
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const on = given ?? (await findNextDate(infobase));
      const listed: NightComparisonLine[] = [];
      const found = await compareNight(infobase, on, {
        pause: () => sleep(0),
        onProgress: showNightProgress(io),
        onLine: (line) => {
          if (listed.length < limit && (flags.all || line.documented !== line.lots)) listed.push(line);
        },
      });
      io.showProgress?.('');
      if (found.code !== 'done') throw new CommandFailed(explain(found, on));
      const json = { infobase: infobase.name, ...describe(found, listed) };
      return answer(io, flags, { json, lines: showComparison(found, listed) });
    });
  },
});

async function findNextDate(infobase: Infobase): Promise<LocalDate> {
  const standing = await infobase.db.read((trx) => findNightState(infobase, trx));
  if (standing.code !== 'billing') throw new CommandFailed(obstacleTexts[standing.why]);
  return addDays(standing.state.lastNightOn, 1);
}

function explain(end: Exclude<NightComparison, { readonly code: 'done' }>, on: LocalDate): string {
  switch (end.code) {
    case 'not_run':
      return obstacleTexts[end.why];
    case 'before_start':
      return `billing began on ${end.startOn}: there was no night of ${on}`;
    case 'too_far':
      return `${on} is too far ahead: ${end.lastOn} is the latest`;
    case 'stopped':
      return 'stopped';
  }
}

type Done = Extract<NightComparison, { readonly code: 'done' }>;

function showComparison({ businessOn, total }: Done, listed: readonly NightComparisonLine[]): string[] {
  const totals = [
    `night of ${businessOn}: lines ${total.lines}, different ${total.apart}`,
    `documented: ${formatTotals(total.documented)}`,
    `lots:       ${formatTotals(total.lots)}`,
  ];
  if (listed.length === 0) return totals;
  const heading = [
    'card',
    'measure',
    'balance',
    'covered',
    'held',
    'documented',
    'lots',
    'documented so far',
    'lots so far',
  ];
  const rows = listed.map(({ cardNumber, measure, ...line }) => [
    cardNumber,
    measure,
    ...figuresOf(line).map((figure) => formatAmount(measure, figure)),
  ]);
  return [...totals, '', ...formatTable(heading, rows)];
}

function figuresOf(line: Omit<NightComparisonLine, 'cardNumber' | 'measure'>): number[] {
  const { balance, covered, held, documented, lots, documentedSoFar, lotsSoFar } = line;
  return [balance, covered, held, documented, lots, documentedSoFar, lotsSoFar];
}

function describe({ businessOn, total }: Done, listed: readonly NightComparisonLine[]): object {
  return {
    businessOn,
    lines: total.lines,
    apart: total.apart,
    documented: describeTotals(total.documented),
    lots: describeTotals(total.lots),
    cards: listed.map(({ cardNumber, measure, ...line }) => ({
      card: cardNumber,
      measure,
      balance: formatAmount(measure, line.balance),
      covered: formatAmount(measure, line.covered),
      held: formatAmount(measure, line.held),
      documented: formatAmount(measure, line.documented),
      lots: formatAmount(measure, line.lots),
      documentedSoFar: formatAmount(measure, line.documentedSoFar),
      lotsSoFar: formatAmount(measure, line.lotsSoFar),
    })),
  };
}

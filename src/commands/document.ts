// `kkm document`: «Начисление на дисконтные карты» and «Списание с дисконтных карт» made by hand, typed or from a file.
import { basename } from 'node:path';
import { measureNames, type BillingEffect } from '../ledger/account.ts';
import type { LocalDate } from '../ledger/local-date-time.ts';
import {
  documentLimit,
  makeDocument,
  type DocumentLine,
  type MakeDocumentOutcome,
} from '../operations/make-document.ts';
import { knowsCard } from '../operations/knows-card.ts';
import type { MakeDocumentRequest } from '../operations/plan-document.ts';
import {
  DocumentSheet,
  listDocumentFields,
  readDocumentRow,
  type DocumentField,
  type DocumentSort,
} from '../operations/read-document-sheet.ts';
import { readWholeTable } from '../operations/read-table.ts';
import {
  CommandFailed,
  commonFlags,
  defineCommand,
  dryRunFlag,
  runGroup,
  UsageMistake,
  type Command,
  type CommandIo,
} from './command-io.ts';
import { formatSum } from '../ledger/money.ts';
import { withInfobase } from './open-infobase.ts';
import {
  describeTable,
  openTable,
  readTableFlags,
  reportMistakes,
  tableFlags,
  tableNotes,
  type TableFlags,
} from './read-table-file.ts';

const flagOf: Readonly<Record<DocumentField, string>> = {
  card: 'card',
  bonus: 'bonus',
  accumulation: 'accumulation',
  receipts: 'receipts',
  rule: 'rule',
  writeOffDate: 'write-off-date',
  creditDate: 'credit-date',
  comment: 'comment',
};

const sumFlags = {
  card: { takes: 'NUMBER', about: 'the card' },
  bonus: { takes: 'SUM', about: 'rubles of bonus: 12.50' },
  accumulation: { takes: 'SUM', about: 'rubles of the accumulation sum' },
  receipts: { takes: 'N', about: 'receipts of the count' },
} as const;

const rowFlags = {
  from: { takes: 'FILE', about: 'a table file with a row a card instead: one document, all rows or none' },
  force: { about: 'make a document of a file whose rows have made one before' },
  comment: { takes: 'TEXT', about: 'why; shown with the document in the history of the cards' },
  ...tableFlags,
  ...dryRunFlag,
  ...commonFlags,
} as const;

const fileNotes = [
  ...tableNotes,
  'Columns: card («Номер карты»), bonus («Сумма бонусов»), accumulation («Сумма накопления»), receipts («Количество',
  'чеков»), comment («Комментарий»)',
];

const accrual = defineCommand({
  usage:
    '(--card NUMBER --bonus 12.50 [--accumulation SUM] [--receipts N] [--rule CODE | --write-off-date D] ' +
    '[--credit-date D] | --from FILE) [--comment TEXT]',
  about: 'accrues to cards: at once, or on the night of the credit date',
  notes: [
    'What is accrued is written off by the night of its write-off date: the date given, or that of the rule, counted from',
    "the credit date (or from today, by the rule), or else that of the rule that the card's kind has chosen. A rule's",
    'delay is for receipts: a document is credited today unless --credit-date is later.',
    ...fileNotes,
    'rule («Правило жизни»), write_off_date («Дата списания»), credit_date («Дата начисления»). A card may come in',
    `several rows. ${documentLimit} rows at most.`,
  ],
  flags: {
    ...sumFlags,
    rule: { takes: 'CODE', about: 'rule of life that gives the write-off date' },
    'write-off-date': { takes: 'D', about: 'the write-off date itself: 2026-12-31 or 31.12.2026, after today' },
    'credit-date': { takes: 'D', about: 'the day whose night credits it; today or later (default: today)' },
    ...rowFlags,
  },
  run: ({ flags }, io) => run('accrual', flags, false, io),
});

const writeOff = defineCommand({
  usage:
    '(--card NUMBER --bonus 12.50 [--accumulation SUM] [--receipts N] | --from FILE) [--comment TEXT] [--allow-debt]',
  about: 'writes off from cards: the balance is lowered, what burns later stays as it was',
  notes: [...fileNotes, `A card may come in several rows. ${documentLimit} rows at most.`],
  flags: {
    ...sumFlags,
    'allow-debt': { about: 'take more than is available: the balance may go below zero' },
    ...rowFlags,
  },
  run: ({ flags }, io) => run('write-off', flags, flags['allow-debt'], io),
});

const commands: Readonly<Record<DocumentSort, Command>> = { accrual, 'write-off': writeOff };

export function document(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm document', commands, args, io);
}

interface DocumentFlags extends TableFlags {
  readonly [flag: string]: string | boolean | undefined;
  readonly from: string | undefined;
  readonly force: boolean;
  readonly comment: string | undefined;
  readonly infobase: string | undefined;
  readonly 'data-dir': string | undefined;
  readonly 'dry-run': boolean;
  readonly json: boolean;
}

async function run(sort: DocumentSort, flags: DocumentFlags, mayOwe: boolean, io: CommandIo): Promise<number> {
  const fields = Object.keys(flagOf) as DocumentField[];
  const typed = fields.filter((field) => field !== 'comment' && flags[flagOf[field]] !== undefined);
  if (flags.from === undefined) {
    if (flags.force) throw new UsageMistake('--force is for --from');
    return makeTyped(sort, typed, flags, mayOwe, io);
  }
  const [extra] = typed;
  if (extra !== undefined) throw new UsageMistake(`--${flagOf[extra]} and --from exclude each other`);
  return makeFromFile(flags.from, sort, flags, mayOwe, io);
}

async function makeTyped(
  sort: DocumentSort,
  typed: readonly DocumentField[],
  flags: DocumentFlags,
  mayOwe: boolean,
  io: CommandIo,
): Promise<number> {
  if (flags.card === undefined) throw new UsageMistake('give --card NUMBER or --from FILE');
  const read = readDocumentRow(1, Object.fromEntries(typed.map((field) => [field, flags[flagOf[field]] as string])));
  // A typed value that cannot be read is a mistake of usage, shown before anything is opened.
  const [slip] = read.mistakes;
  if (slip !== undefined || read.row === undefined) {
    const { field = null, value = null, why = '' } = slip ?? {};
    throw new UsageMistake(`${nameFlag(field)}${why}${field === null || value === null ? '' : `, got "${value}"`}`);
  }
  const rows = [read.row];
  const isDryRun = flags['dry-run'];
  return withInfobase(io, flags, 'existing', async (infobase, clock) => {
    const request = { sort, rows, comment: flags.comment ?? null, mayOwe };
    const outcome = await makeDocument(infobase, clock.now(), request, isDryRun);
    if (outcome.ok) {
      tell(sort, outcome, isDryRun, flags.json, io);
      return 0;
    }
    const { field = null, value = null, why = outcome.why } = outcome.mistakes[0] ?? {};
    throw new CommandFailed(`${nameFlag(field, value)}${why}`);
  });
}

async function makeFromFile(
  file: string,
  sort: DocumentSort,
  flags: DocumentFlags,
  mayOwe: boolean,
  io: CommandIo,
): Promise<number> {
  const choice = await readTableFlags(flags, listDocumentFields(sort));
  const sheet = new DocumentSheet(sort, choice.columns);
  const table = await openTable(file, choice, sheet.reader);
  const isDryRun = flags['dry-run'];
  return withInfobase(io, flags, 'existing', async (infobase, clock) => {
    const unread = [
      ...(await readWholeTable(sheet, table.rows, knowsCard(infobase))),
      ...sheet.rows.flatMap(({ mistakes }) => mistakes.map((mistake) => sheet.locate(mistake))),
    ];
    const rows = sheet.rows.flatMap(({ row }) => (row === undefined ? [] : [row]));
    // With rows that cannot be read the others are only checked, so that all mistakes are shown at once.
    const origin = { fileName: basename(file), isForced: flags.force || unread.length > 0 };
    const request: MakeDocumentRequest = { sort, rows, comment: flags.comment ?? null, mayOwe, ...origin };
    const outcome: MakeDocumentOutcome =
      rows.length === 0 && unread.length > 0
        ? { ok: false, why: null, mistakes: [] }
        : await makeDocument(infobase, clock.now(), request, isDryRun || unread.length > 0);
    if (!outcome.ok && outcome.why !== null) {
      throw new CommandFailed(`${outcome.why}${outcome.field === 'isForced' ? ' (--force makes another)' : ''}`);
    }
    const refused = outcome.ok ? [] : outcome.mistakes.map((mistake) => sheet.locate(mistake));
    const mistakes = [...unread, ...refused].toSorted((a, b) => a.line - b.line);
    if (mistakes.length > 0) return reportMistakes(file, mistakes, flags.json, io);
    for (const line of describeTable(file, table, sheet.reader.leftOut)) io.err(line);
    if (outcome.ok) tell(sort, outcome, isDryRun, flags.json, io);
    return 0;
  });
}

function nameFlag(field: DocumentField | null, value: string | null = null): string {
  return field === null ? '' : `--${flagOf[field]}${value === null ? '' : ` ${value}`}: `;
}

const shownLines = 20;

function tell(
  sort: DocumentSort,
  { document: name, lines }: Extract<MakeDocumentOutcome, { ok: true }>,
  isDryRun: boolean,
  isJson: boolean,
  io: CommandIo,
): void {
  if (isJson) {
    io.out(JSON.stringify({ document: name, isDryRun, lines: lines.map(describeLine) }, null, 2));
    return;
  }
  const count = `${lines.length} card${lines.length === 1 ? '' : 's'}`;
  io.out(isDryRun ? `the ${sort} would be made: ${count}` : `${name}: ${count}`);
  for (const line of lines.slice(0, shownLines)) io.out(`  ${formatLine(line)}`);
  if (lines.length > shownLines) io.out(`  ... and ${lines.length - shownLines} more`);
}

interface ShownPart {
  readonly measure: string;
  readonly amount: string;
  readonly creditOn: LocalDate | null;
  readonly writeOffOn: LocalDate | null;
}

/** A write-off has no rows: its parts are what it takes from the balance. */
function listParts({ balance, rows, pending }: BillingEffect): ShownPart[] {
  const taken = measureNames.flatMap((measure) =>
    balance[measure] < 0 ? [{ measure, amount: balance[measure], writeOffOn: null }] : [],
  );
  const now = [...taken, ...rows].map((part) => ({ ...part, creditOn: null }));
  return [...now, ...pending].map(({ measure, amount, creditOn, writeOffOn }) => {
    const shown = measure === 'receipts' ? String(amount) : formatSum(amount);
    return { measure, amount: shown, creditOn, writeOffOn };
  });
}

function formatLine({ cardNumber, effect, after }: DocumentLine): string {
  const parts = listParts(effect).map(({ measure, amount, creditOn, writeOffOn }) => {
    const credit = creditOn === null ? '' : `credited on ${creditOn}, `;
    const term = writeOffOn === null ? '' : ` (${credit}written off on ${writeOffOn})`;
    return `${measure} ${amount.startsWith('-') ? '' : '+'}${amount}${term}`;
  });
  const left = `bonus ${formatSum(after.bonus)}, accumulation ${formatSum(after.accumulation)}, receipts ${after.receipts}`;
  return `${cardNumber}: ${parts.join(', ')}; then ${left}`;
}

function describeLine({ cardNumber, effect, after }: DocumentLine): object {
  const { bonus, accumulation, receipts } = after;
  const balance = { bonus: formatSum(bonus), accumulation: formatSum(accumulation), receipts };
  return { card: cardNumber, parts: listParts(effect), after: balance };
}

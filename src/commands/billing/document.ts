// `kkm document`: «Начисление на дисконтные карты» and «Списание с дисконтных карт» made by hand, typed or from a file.
import { basename } from 'node:path';
import { measureNames, type BillingEffect } from '../../ledger/account.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import {
  documentLimit,
  makeDocument,
  type DocumentLine,
  type MakeDocumentOutcome,
} from '../../operations/billing/make-document.ts';
import { knowsCard } from '../../operations/cards/knows-card.ts';
import type { MakeDocumentRequest } from '../../operations/billing/plan-document.ts';
import {
  DocumentSheet,
  listDocumentFields,
  readDocumentRow,
  type DocumentField,
  type DocumentSort,
} from '../../operations/billing/read-document-sheet.ts';
import type { Refusal } from '../../operations/refusal.ts';
import { readWholeTable } from '../../tables/read-table.ts';
import { answer, type Answer } from '../answer.ts';
import {
  CommandFailed,
  commonFlags,
  defineCommand,
  dryRunFlag,
  runGroup,
  UsageMistake,
  type Command,
  type CommandIo,
} from '../command-io.ts';
import { formatSum } from '../../ledger/money.ts';
import { formatAmount } from '../format-figures.ts';
import { withInfobase } from '../open-infobase.ts';
import { countOf } from '../../ledger/count-of.ts';
import {
  describeTable,
  openTable,
  readTableFlags,
  refuseTableFlags,
  reportMistakes,
  tableFlags,
  tableNotes,
  type TableFlags,
} from '../read-table-file.ts';
import { addRemedy } from '../refused-by.ts';

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
  from: { takes: 'FILE', about: 'a table file with a row for each card: one document, all rows or none' },
  force: { about: 'make a document from a file whose rows have made one before' },
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
  about: 'accrues to cards: at once, or in the night of the credit date',
  notes: [
    'The night of the write-off date writes the accrual off. The date is the one given, or that of the rule given, counted',
    "from the credit date (or from today, by the rule), or that of the rule of the card's kind. A rule's delay is for",
    'receipts: a document is credited today unless --credit-date is later.',
    ...fileNotes,
    'rule («Правило жизни»), write_off_date («Дата списания»), credit_date («Дата начисления»). A card may have',
    `several rows. ${documentLimit} rows at most.`,
  ],
  flags: {
    ...sumFlags,
    rule: { takes: 'CODE', about: 'rule of life that gives the write-off date' },
    'write-off-date': { takes: 'D', about: 'the write-off date itself: 2026-12-31 or 31.12.2026, after today' },
    'credit-date': { takes: 'D', about: 'the day whose night credits it, today or later (default: today)' },
    ...rowFlags,
  },
  run: ({ flags }, io) => run('accrual', flags, false, io),
});

const writeOff = defineCommand({
  usage:
    '(--card NUMBER --bonus 12.50 [--accumulation SUM] [--receipts N] | --from FILE) [--comment TEXT] [--allow-debt]',
  about: 'writes off from cards: lowers the balance; later write-offs stay as they are',
  notes: [...fileNotes, `A card may have several rows. ${documentLimit} rows at most.`],
  flags: {
    ...sumFlags,
    'allow-debt': { about: 'allow more than is available: the balance may go below zero' },
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
    if (flags.force) throw new UsageMistake('--force is for --from', '--force');
    refuseTableFlags(flags, '--from');
    return makeTyped(sort, typed, flags, mayOwe, io);
  }
  const [extra] = typed;
  if (extra !== undefined) throw new UsageMistake(`--${flagOf[extra]} and --from exclude each other`, '--from');
  return makeFromFile(flags.from, sort, flags, mayOwe, io);
}

async function makeTyped(
  sort: DocumentSort,
  typed: readonly DocumentField[],
  flags: DocumentFlags,
  mayOwe: boolean,
  io: CommandIo,
): Promise<number> {
  if (flags.card === undefined) throw new UsageMistake('give --card NUMBER or --from FILE', '--card');
  const read = readDocumentRow(1, Object.fromEntries(typed.map((field) => [field, flags[flagOf[field]] as string])));
  // A typed value that cannot be read is a mistake of usage, shown before anything is opened.
  const [slip] = read.mistakes;
  if (slip !== undefined || read.row === undefined) {
    const { field = null, value = null, why = '' } = slip ?? {};
    const got = field === null || value === null ? '' : `, got "${value}"`;
    throw new UsageMistake(`${nameFlag(field)}${why}${got}`, flagAt(field));
  }
  const rows = [read.row];
  const isDryRun = flags['dry-run'];
  return withInfobase(io, flags, 'existing', async (infobase, clock) => {
    const request = { sort, rows, comment: flags.comment ?? null, mayOwe };
    const outcome = await makeDocument(infobase, clock.now(), request, isDryRun);
    if (outcome.ok) return answer(io, flags, show(sort, outcome, isDryRun));
    if (outcome.why !== null) throw refuseDocument({ ...outcome, why: outcome.why });
    const { field = null, value = null, why = '' } = outcome.mistakes[0] ?? {};
    throw new CommandFailed(`${nameFlag(field, value)}${why}`, { field: flagAt(field) });
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
      throw refuseDocument({ ...outcome, why: outcome.why });
    }
    const refused = outcome.ok ? [] : outcome.mistakes.map((mistake) => sheet.locate(mistake));
    const mistakes = [...unread, ...refused].toSorted((a, b) => a.line - b.line);
    if (mistakes.length > 0) return reportMistakes(file, mistakes, flags.json, io);
    if (!flags.json) for (const line of describeTable(file, table, sheet.reader.leftOut)) io.err(line);
    return outcome.ok ? answer(io, flags, show(sort, outcome, isDryRun)) : 0;
  });
}

/** The document as a whole is refused. */
function refuseDocument(refusal: Pick<Refusal<'isForced' | 'comment'>, 'why' | 'field' | 'remedy'>): CommandFailed {
  const why = addRemedy(refusal);
  if (refusal.field === 'comment') return new CommandFailed(`--comment: ${why}`, { field: '--comment' });
  return new CommandFailed(refusal.field === 'isForced' ? `${why} (--force makes another)` : why);
}

function nameFlag(field: DocumentField | null, value: string | null = null): string {
  return field === null ? '' : `--${flagOf[field]}${value === null ? '' : ` ${value}`}: `;
}

function flagAt(field: DocumentField | null): string | undefined {
  return field === null ? undefined : `--${flagOf[field]}`;
}

const shownLines = 20;

function show(
  sort: DocumentSort,
  { document: name, lines }: Extract<MakeDocumentOutcome, { ok: true }>,
  isDryRun: boolean,
): Answer {
  const count = countOf(lines.length, 'card');
  const more = lines.length > shownLines ? [`  ... and ${lines.length - shownLines} more`] : [];
  return {
    json: { document: name, isDryRun, lines: lines.map(describeLine) },
    lines: [
      isDryRun ? `the ${sort} would be made: ${count}` : `${name}: ${count}`,
      ...lines.slice(0, shownLines).map((line) => `  ${formatLine(line)}`),
      ...more,
    ],
  };
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
    return { measure, amount: formatAmount(measure, amount), creditOn, writeOffOn };
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

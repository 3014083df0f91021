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
import type { MakeDocumentRequest } from '../operations/plan-document.ts';
import type { CsvMistake } from '../operations/read-csv.ts';
import {
  readDocumentRow,
  readDocumentSheet,
  type DocumentField,
  type DocumentSort,
  type ReadRow,
  type RowMistake,
} from '../operations/read-document-sheet.ts';
import { answer, type Answer } from './answer.ts';
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
import { countOf } from './count-of.ts';
import { encodingFlag, readTableFile, reportMistakes } from './read-table-file.ts';
import { addRemedy } from './refused-by.ts';

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
  ...encodingFlag,
  ...dryRunFlag,
  ...commonFlags,
} as const;

const fileNotes = [
  'FILE: its first line names the columns, by commas, semicolons or tabs: card («Номер карты»), bonus («Сумма бонусов»),',
  'accumulation («Сумма накопления»), receipts («Количество чеков»), comment («Комментарий»)',
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
    'write-off-date': { takes: 'D', about: 'the write-off date itself: 2026-12-31, after today' },
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

interface DocumentFlags {
  readonly [flag: string]: string | boolean | undefined;
  readonly from: string | undefined;
  readonly force: boolean;
  readonly comment: string | undefined;
  readonly encoding: string | undefined;
  readonly infobase: string | undefined;
  readonly 'data-dir': string | undefined;
  readonly 'dry-run': boolean;
  readonly json: boolean;
}

async function run(sort: DocumentSort, flags: DocumentFlags, mayOwe: boolean, io: CommandIo): Promise<number> {
  const { from, force, json } = flags;
  if (force && from === undefined) throw new UsageMistake('--force is for --from');
  const given = await readRows(sort, flags);
  if (!given.ok) return reportMistakes(from ?? '', given.mistakes, json, io);
  const rows = given.rows.flatMap(({ row }) => (row === undefined ? [] : [row]));
  const unread = given.rows.flatMap(({ mistakes }) => mistakes);
  // A typed value that cannot be read is a mistake of usage, told before anything is opened.
  const [slip] = unread;
  if (from === undefined && slip !== undefined) {
    const got = slip.field === null || slip.value === null ? '' : `, got "${slip.value}"`;
    throw new UsageMistake(`${nameFlag(slip.field)}${slip.why}${got}`, flagAt(slip.field));
  }
  const comment = flags.comment ?? null;
  const isDryRun = flags['dry-run'];
  return withInfobase(io, flags, 'existing', async (infobase, clock) => {
    const file = from === undefined ? {} : { fileName: basename(from), isForced: force };
    const request: MakeDocumentRequest = { sort, rows, comment, mayOwe, ...file };
    // With rows that cannot be read the others are only checked, so that all mistakes are told at once.
    const outcome: MakeDocumentOutcome =
      rows.length === 0 && unread.length > 0
        ? { ok: false, why: null, mistakes: [] }
        : await makeDocument(infobase, clock.now(), request, isDryRun || unread.length > 0);
    if (!outcome.ok && outcome.why !== null) {
      const way = outcome.field === 'isForced' ? ' (--force makes another)' : '';
      throw new CommandFailed(`${addRemedy({ ...outcome, why: outcome.why })}${way}`);
    }
    const mistakes = [...unread, ...(outcome.ok ? [] : outcome.mistakes)].toSorted((a, b) => a.line - b.line);
    const [first] = mistakes;
    if (from === undefined && first !== undefined) {
      const message = `${nameFlag(first.field, first.value)}${first.why}`;
      throw new CommandFailed(message, { field: flagAt(first.field) });
    }
    if (first !== undefined) return reportMistakes(from ?? '', mistakes.map(given.locate), json, io);
    return outcome.ok ? answer(io, flags, show(sort, outcome, isDryRun)) : 0;
  });
}

type GivenRows =
  | { readonly ok: true; readonly rows: readonly ReadRow[]; readonly locate: (mistake: RowMistake) => CsvMistake }
  | { readonly ok: false; readonly mistakes: readonly CsvMistake[] };

async function readRows(sort: DocumentSort, flags: DocumentFlags): Promise<GivenRows> {
  const fields = Object.keys(flagOf) as DocumentField[];
  const typed = fields.filter((field) => field !== 'comment' && flags[flagOf[field]] !== undefined);
  if (flags.from !== undefined) {
    const [extra] = typed;
    if (extra !== undefined) throw new UsageMistake(`--${flagOf[extra]} and --from exclude each other`, '--from');
    const read = await readTableFile(flags.from, flags.encoding);
    return read.ok ? readDocumentSheet(read.table, sort) : read;
  }
  if (flags.card === undefined) throw new UsageMistake('give --card NUMBER or --from FILE', '--card');
  const texts = Object.fromEntries(typed.map((field) => [field, flags[flagOf[field]] as string]));
  return { ok: true, rows: [readDocumentRow(1, texts)], locate: locateTyped };
}

function locateTyped({ field, ...mistake }: RowMistake): CsvMistake {
  return { ...mistake, column: field };
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

// `kkm import`: opening balances from a file of the old system, CSV or XLSX, as one document; all rows or none.
import { readFile } from 'node:fs/promises';
import { openingKinds, type OpeningKind } from '../db/import-run.ts';
import { dateOf, parseLocalDate } from '../ledger/local-date-time.ts';
import {
  importOpening,
  type ExpectedTotals,
  type ImportField,
  type ImportOpeningOutcome,
} from '../operations/import-opening.ts';
import { parseSheetCount, parseSheetSum } from '../operations/parse-sheet-figure.ts';
import type { CsvMistake } from '../operations/read-csv.ts';
import { listColumnNames, openingFields, type OpeningField } from '../operations/read-opening-sheet.ts';
import { answer } from './answer.ts';
import {
  CommandFailed,
  commonFlags,
  defineCommand,
  dryRunFlag,
  expected,
  runGroup,
  type CommandIo,
} from './command-io.ts';
import { countOf } from './count-of.ts';
import { formatSum } from '../ledger/money.ts';
import { importList } from './import-list.ts';
import { importReverse } from './import-reverse.ts';
import { MistakeFile } from './mistake-file.ts';
import { nameOperator } from './name-operator.ts';
import { withInfobase } from './open-infobase.ts';
import { openOpeningFile, type OpeningFile } from './read-opening-file.ts';
import { encodingFlag, findEncoding, formatMistake } from './read-table-file.ts';

/** Told on the terminal; the others are in the file of mistakes. */
const mistakesShown = 10;

const command = defineCommand({
  usage: `FILE --document ${openingKinds.join('|')} [--date D] [--unknown-cards create --kind CODE]`,
  about: 'brings in opening balances from a file, as one document; all rows or none',
  notes: [
    'opening-accumulation fills the register «Накопления» of an infobase that is not in stage billing; opening-balance',
    'those of billing, where a card may come in several rows, one for each write-off date («Дата списания»). A row',
    "without one is written off by the rule of the card's kind, counted from --date; «никогда» keeps it for ever.",
    'FILE is CSV or XLSX, with titles above its header and a foot row «Итого» as they come: card («Номер карты»), bonus',
    '(«Сумма бонусов»), accumulation («Сумма накопления»), receipts («Количество чеков»), write_off_date («Дата',
    'списания»), holder («Владелец») and kind («Вид карты», code or name) of a card to be made. Bad rows are written to',
    'FILE.errors.csv. Totals are told, kept, and held against what is expected.',
    'A file with sums for cards that stand in an opening document of that kind already is refused: the same balances in',
    'another file would double them. kkm import list shows what was brought in; kkm import reverse takes it back.',
  ],
  takes: ['FILE'],
  flags: {
    document: { takes: 'KIND', isRequired: true, about: openingKinds.join(' or ') },
    date: { takes: 'D', about: "the document's date: 2026-11-22, not later than today (default: today)" },
    'unknown-cards': { takes: 'WHAT', about: 'create or refuse (default): what a card that is not known is' },
    kind: { takes: 'CODE', about: 'card kind of new cards whose rows name none' },
    mapping: { takes: 'FILE', about: `JSON: {"card": "column name", ...}; fields: ${openingFields.join(', ')}` },
    'ignore-columns': {
      takes: 'NAME,...',
      about: 'columns of the file to leave out; any other unknown one is a mistake',
    },
    'expect-rows': { takes: 'N', about: 'refuse unless so many rows are brought in' },
    'expect-cards': { takes: 'N', about: 'refuse unless they are of so many cards' },
    'expect-bonus': { takes: 'SUM', about: 'refuse unless their bonus is this, rubles' },
    'expect-accumulation': { takes: 'SUM', about: 'refuse unless their accumulation sum is this, rubles' },
    'expect-receipts': { takes: 'N', about: 'refuse unless their receipt count is this' },
    'skip-bad': { about: 'leave bad rows out instead of refusing the file' },
    add: { about: 'bring in sums for cards that stand in an opening document already, on top of what they have' },
    force: { about: 'bring in a file that was brought in before, on top of itself' },
    ...encodingFlag,
    ...dryRunFlag,
    ...commonFlags,
  },
  run: async ({ flags, values: [path = ''] }, io) => {
    const kind = readOneOf('--document', flags.document, openingKinds);
    const given = flags.date === undefined ? undefined : parseLocalDate(flags.date);
    if (flags.date !== undefined && given === undefined) {
      throw expected('--date', 'a date such as 2026-11-22', flags.date);
    }
    const mayCreate =
      readOneOf('--unknown-cards', flags['unknown-cards'] ?? 'refuse', ['create', 'refuse']) === 'create';
    const wanted = readExpected(flags);
    const mapping = flags.mapping === undefined ? {} : await readMapping(flags.mapping);
    const ignoredColumns = flags['ignore-columns']?.split(',') ?? [];
    const encoding = flags.encoding === undefined ? undefined : findEncoding(flags.encoding);
    const names = new Set(listColumnNames(mapping).card.map((name) => name.toLowerCase()));
    return withInfobase(io, flags, 'existing', async (infobase, clock) => {
      const now = clock.now();
      const file = await openOpeningFile(path, encoding, (cell) => names.has(cell.trim().toLowerCase()));
      const mistakes = new MistakeFile(`${path}.errors.csv`);
      const request = {
        kind,
        file,
        datedOn: given ?? dateOf(now),
        mayCreate,
        kindCode: flags.kind ?? null,
        columns: { mapping, ignoredColumns, hasSerialDates: file.format === 'xlsx' },
        expected: wanted,
        isForced: flags.force,
        mayAdd: flags.add,
        mayLeaveOut: flags['skip-bad'],
        isDryRun: flags['dry-run'],
        madeBy: nameOperator(),
      };
      const shown: CsvMistake[] = [];
      let outcome: ImportOpeningOutcome;
      try {
        outcome = await importOpening(infobase, now, request, file.rows, {
          onMistakes: (found) => {
            shown.push(...found.slice(0, mistakesShown - shown.length));
            return mistakes.write(found);
          },
          onProgress: ({ rows, step }) => io.showProgress?.(`${path}: ${rows} rows, ${step}`),
        });
      } finally {
        io.showProgress?.('');
        await mistakes.close();
      }
      for (const mistake of shown) io.err(formatMistake(path, mistake));
      if (mistakes.count > 0) io.err(`${countOf(mistakes.count, 'mistake')} in all: ${mistakes.path}`);
      return tell(outcome, { kind, file, isDryRun: flags['dry-run'], isJson: flags.json, mistakes }, io);
    });
  },
});

/** A file that is named like one of the others is given with its folder: ./list. */
export function importCommand(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm import', { list: importList, reverse: importReverse }, args, io, command);
}

interface Told {
  readonly kind: OpeningKind;
  readonly file: OpeningFile;
  readonly isDryRun: boolean;
  readonly isJson: boolean;
  readonly mistakes: MistakeFile;
}

function tell(outcome: ImportOpeningOutcome, { kind, file, isDryRun, isJson, mistakes }: Told, io: CommandIo): number {
  const { totals, badRows } = outcome;
  const sums =
    totals === null
      ? null
      : { ...totals, bonus: formatSum(totals.bonus), accumulation: formatSum(totals.accumulation) };
  const { name, sha256, format, encoding } = file;
  const errors = mistakes.count > 0 ? mistakes.path : null;
  const details = { kind, isDryRun, file: { name, sha256, format, encoding }, badRows, errors, totals: sums };
  if (sums !== null && !isJson) {
    io.out(`rows ${sums.rows}, bad ${badRows}, cards ${sums.cards}, of them new ${sums.created}`);
    io.out(`bonus ${sums.bonus}, accumulation ${sums.accumulation}, receipts ${sums.receipts}`);
  }
  if (!outcome.ok) {
    const { why, standing } = outcome;
    for (const { cardNumber, document } of standing) io.err(`card ${cardNumber} stands in ${document}`);
    const way = findWayOut(outcome.field, kind);
    throw new CommandFailed(`nothing was written: ${why}${way === undefined ? '' : ` (${way})`}`, {
      code: mistakes.count > 0 ? 'mistakes' : 'refused',
      details: { ...details, standing },
    });
  }
  const { number, document, documentId } = outcome;
  return answer(
    io,
    { json: isJson },
    {
      json: { ok: true, ...details, number, document, documentId },
      lines: isDryRun ? 'dry run: nothing was written' : `posted: ${document}`,
    },
  );
}

/** The flag that would let the file in, by what of the request stood in its way. */
function findWayOut(field: ImportField | null, kind: OpeningKind): string | undefined {
  if (field === 'kind') return `--document ${openingKinds.find((other) => other !== kind)}`;
  if (field === 'isForced')
    return '--force brings it in on top of itself; kkm import reverse takes the earlier one back';
  if (field === 'mayAdd') return '--add brings the sums in on top; kkm import list shows what was brought in';
  return undefined;
}

function readOneOf<const T extends string>(flag: string, text: string, words: readonly T[]): T {
  const word = words.find((known) => known === text);
  if (word === undefined) throw expected(flag, words.join(' or '), text);
  return word;
}

function readExpected(flags: Readonly<Record<`expect-${keyof ExpectedTotals}`, string | undefined>>): ExpectedTotals {
  const totals: Partial<Record<keyof ExpectedTotals, number>> = {};
  for (const figure of ['rows', 'cards', 'bonus', 'accumulation', 'receipts'] as const) {
    const text = flags[`expect-${figure}`];
    if (text === undefined) continue;
    const isSum = figure === 'bonus' || figure === 'accumulation';
    const value = text.trim() === '' ? undefined : (isSum ? parseSheetSum : parseSheetCount)(text);
    if (value === undefined) {
      throw expected(`--expect-${figure}`, isSum ? 'a sum in rubles' : 'a whole number', text);
    }
    totals[figure] = value;
  }
  return totals;
}

async function readMapping(path: string): Promise<Partial<Record<OpeningField, string>>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''));
  } catch (reason) {
    throw new CommandFailed(`cannot read the mapping ${path}: ${(reason as Error).message}`, { cause: reason });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new CommandFailed(`${path}: expected an object such as {"card": "column name"}`);
  }
  for (const [field, column] of Object.entries(parsed)) {
    const isKnown = (openingFields as readonly string[]).includes(field);
    if (!isKnown)
      throw new CommandFailed(`${path}: there is no field "${field}"; there are: ${openingFields.join(', ')}`);
    if (typeof column !== 'string' || column.trim() === '')
      throw new CommandFailed(`${path}: "${field}": expected the name of a column`);
  }
  return parsed;
}

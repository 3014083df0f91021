// `kkm import`: opening balances from a file of the old system, CSV or XLSX, as one document; all rows or none.
import { basename } from 'node:path';
import { openingKinds, type OpeningKind } from '../../db/opening/import-run.ts';
import { dateOf } from '../../ledger/local-date-time.ts';
import { importOpening, type ImportOpeningOutcome } from '../../operations/opening/import-opening.ts';
import type { ExpectedTotals, ImportField } from '../../operations/opening/opening-request.ts';
import type { TableFile } from '../../tables/open-table-file.ts';
import type { TableMistake } from '../../tables/table-mistake.ts';
import { openingFields, OpeningSheet } from '../../operations/opening/read-opening-sheet.ts';
import { nothingLeftOut } from '../../tables/table-reader.ts';
import { answer, say } from '../answer.ts';
import { CommandFailed, commonFlags, defineCommand, dryRunFlag, runGroup, type CommandIo } from '../command-io.ts';
import { countOf } from '../../ledger/count-of.ts';
import { formatSum } from '../../ledger/money.ts';
import { importList } from './import-list.ts';
import { importReverse } from './import-reverse.ts';
import { MistakeFile } from './mistake-file.ts';
import { nameOperator } from '../name-operator.ts';
import { withInfobase } from '../open-infobase.ts';
import { readDateFlag } from '../read-date-flag.ts';
import { readTotal } from '../read-number-flag.ts';
import { readOneOf } from '../read-word-flag.ts';
import {
  addHint,
  describeTable,
  describeTableAsJson,
  formatMistake,
  openTable,
  readTableFlags,
  tableFlags,
  tableNotes,
} from '../read-table-file.ts';

/** Shown on the terminal; the others are in the file of mistakes. */
const mistakesShown = 10;

const command = defineCommand({
  usage: `FILE --document ${openingKinds.join('|')} [--date D] [--unknown-cards create --kind CODE]`,
  about: 'brings in opening balances from a file, as one document; all rows or none',
  notes: [
    'opening-accumulation is for the register «Накопления» of an infobase that is not in stage billing; opening-balance is',
    'for stage billing, where a card may have several rows, one for each write-off date («Дата списания»). A row',
    "without one is written off by the rule of the card's kind, counted from --date; «никогда» never expires.",
    ...tableNotes,
    'Columns: card («Номер карты»), bonus («Сумма бонусов»), accumulation («Сумма накопления»), receipts («Количество',
    'чеков»), writeOffDate («Дата списания»), holder («Владелец») and kind («Вид карты», code or name) of a card to be',
    'made. A sum below zero is a debt: --allow-debt accepts it. Bad rows are written to FILE.errors.csv. The totals are',
    'shown, stored, and compared with the --expect flags.',
    'A file with sums for cards that are in an earlier opening document of that kind is refused: the same balances in',
    'another file would double them. kkm import list shows what was brought in; kkm import reverse takes it back.',
  ],
  takes: ['FILE'],
  flags: {
    document: { takes: 'KIND', isRequired: true, about: openingKinds.join(' or ') },
    date: { takes: 'D', about: "the document's date: 2026-11-22 or 22.11.2026, not later than today (default: today)" },
    'unknown-cards': { takes: 'WHAT', about: 'create or refuse (default): what to do with a card that does not exist' },
    kind: { takes: 'CODE', about: 'card kind of new cards whose rows give none' },
    'expect-rows': { takes: 'N', about: 'refuse unless this many rows are brought in' },
    'expect-cards': { takes: 'N', about: 'refuse unless they are for this many cards' },
    'expect-bonus': { takes: 'SUM', about: 'refuse unless their bonus sum is this, in rubles' },
    'expect-accumulation': { takes: 'SUM', about: 'refuse unless their accumulation sum is this, in rubles' },
    'expect-receipts': { takes: 'N', about: 'refuse unless their receipt count is this' },
    'allow-debt': { about: 'accept sums below zero: the balance is then below zero' },
    'skip-bad': { about: 'leave bad rows out instead of refusing the file' },
    add: { about: 'accept cards that are in an earlier opening document: their sums are added to what they have' },
    force: { about: 'accept a file that was imported before: its sums are added again' },
    ...tableFlags,
    ...dryRunFlag,
    ...commonFlags,
  },
  run: async ({ flags, values: [path = ''] }, io) => {
    const kind = readOneOf('--document', flags.document, openingKinds);
    const given = readDateFlag('date', flags.date);
    const mayCreate =
      readOneOf('--unknown-cards', flags['unknown-cards'] ?? 'refuse', ['create', 'refuse']) === 'create';
    const wanted = readExpected(flags);
    const choice = await readTableFlags(flags, openingFields);
    // Its rows are read by the operation, which knows the kinds.
    const { reader } = new OpeningSheet({ ...blankSheet, ...choice.columns });
    return withInfobase(io, flags, 'existing', async (infobase, clock) => {
      const now = clock.now();
      const file = await openTable(path, choice, reader);
      const mistakes = new MistakeFile(`${path}.errors.csv`);
      const request = {
        kind,
        file: { name: basename(path), sha256: file.sha256 },
        datedOn: given ?? dateOf(now),
        mayCreate,
        mayOwe: flags['allow-debt'],
        kindCode: flags.kind ?? null,
        columns: { ...choice.columns, hasSerialDates: file.format === 'xlsx' },
        expected: wanted,
        isForced: flags.force,
        mayAdd: flags.add,
        mayLeaveOut: flags['skip-bad'],
        isDryRun: flags['dry-run'],
        madeBy: nameOperator(),
      };
      const shown: TableMistake[] = [];
      let outcome: ImportOpeningOutcome;
      try {
        outcome = await importOpening(infobase, now, request, file.rows, {
          onMistakes: (found) => {
            const explained = found.map((mistake) => addHint(mistake, hints));
            shown.push(...explained.slice(0, mistakesShown - shown.length));
            return mistakes.write(explained);
          },
          onProgress: ({ rows, step }) => io.showProgress?.(`${path}: ${rows} rows, ${step}`),
        });
      } finally {
        io.showProgress?.('');
        await mistakes.close();
      }
      for (const mistake of shown) io.err(formatMistake(path, mistake));
      if (mistakes.count > 0) io.err(`${countOf(mistakes.count, 'mistake')} in all: ${mistakes.path}`);
      return report(outcome, { path, kind, file, flags, mistakes }, io);
    });
  },
});

/** A file that is named like one of the others is given with its folder: ./list. */
export function importCommand(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm import', { list: importList, reverse: importReverse }, args, io, command);
}

/** Ways out by the flags of this command. */
const hints = {
  unknown_card: '--unknown-cards create makes it',
  no_kind: '--kind CODE gives one',
  debt: '--allow-debt accepts debts',
};

const blankSheet = { kinds: [], kindCode: null, hasSerialDates: false, mayHaveWriteOffDate: false, mayOwe: false };

interface Imported {
  readonly path: string;
  readonly kind: OpeningKind;
  readonly file: TableFile;
  readonly flags: { readonly json: boolean; readonly 'dry-run': boolean };
  readonly mistakes: MistakeFile;
}

function report(outcome: ImportOpeningOutcome, imported: Imported, io: CommandIo): number {
  const { path, kind, file, flags, mistakes } = imported;
  const isDryRun = flags['dry-run'];
  const { totals, badRows, leftOut } = outcome;
  const sums =
    totals === null
      ? null
      : { ...totals, bonus: formatSum(totals.bonus), accumulation: formatSum(totals.accumulation) };
  const errors = mistakes.count > 0 ? mistakes.path : null;
  const read = { name: basename(path), ...describeTableAsJson(file, leftOut ?? nothingLeftOut) };
  const details = { kind, isDryRun, file: read, badRows, errors, totals: sums };
  say(io, flags, describeTable(path, file, leftOut ?? nothingLeftOut));
  if (sums !== null) {
    say(io, flags, [
      `rows ${sums.rows}, bad ${badRows}, cards ${sums.cards}, of which new ${sums.created}`,
      `bonus ${sums.bonus}, accumulation ${sums.accumulation}, receipts ${sums.receipts}`,
    ]);
  }
  if (!outcome.ok) {
    const { why, standing } = outcome;
    for (const { cardNumber, document } of standing) io.err(`card ${cardNumber} is in ${document}`);
    const way = findWayOut(outcome.field, kind);
    throw new CommandFailed(`nothing was written: ${why}${way === undefined ? '' : ` (${way})`}`, {
      code: mistakes.count > 0 ? 'mistakes' : 'refused',
      details: { ...details, standing },
    });
  }
  const { number, document, documentId } = outcome;
  return answer(io, flags, {
    json: { ok: true, ...details, number, document, documentId },
    lines: isDryRun ? 'dry run: nothing was written' : `posted: ${document}`,
  });
}

/** The flag that would let the file in, by what of the request stood in its way. */
function findWayOut(field: ImportField | null, kind: OpeningKind): string | undefined {
  if (field === 'kind') return `--document ${openingKinds.find((other) => other !== kind)}`;
  if (field === 'isForced') return '--force imports it again on top; kkm import reverse reverses the earlier import';
  if (field === 'mayAdd') return '--add adds the sums to what they have; kkm import list shows the imports';
  return undefined;
}

function readExpected(flags: Readonly<Record<`expect-${keyof ExpectedTotals}`, string | undefined>>): ExpectedTotals {
  const totals: Partial<Record<keyof ExpectedTotals, number>> = {};
  for (const figure of ['rows', 'cards', 'bonus', 'accumulation', 'receipts'] as const) {
    const text = flags[`expect-${figure}`];
    if (text === undefined) continue;
    const isSum = figure === 'bonus' || figure === 'accumulation';
    totals[figure] = readTotal(`--expect-${figure}`, text, isSum ? 'sum' : 'count');
  }
  return totals;
}

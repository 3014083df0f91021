// `kkm report`: the reports, as a table by pages, or whole as CSV, XLSX or NDJSON.
import { openReport, reportNames, type OpenReport, type ReportName } from '../../operations/reports/open-report.ts';
import { readReportPage } from '../../operations/reports/read-report-page.ts';
import { readCellOf, type RowColumn } from '../../tables/row-column.ts';
import { writeRows } from '../../tables/write-rows.ts';
import { countOf } from '../../ledger/count-of.ts';
import { answer, say } from '../answer.ts';
import { defineCommand, runGroup, type Command, type CommandIo, type Commands, type Given } from '../command-io.ts';
import { formatTable } from '../format-table.ts';
import { withInfobase } from '../open-infobase.ts';
import { pageNote, readLimit } from '../read-page.ts';
import { refusedBy } from '../refused-by.ts';
import {
  flagNames,
  listReportFlags,
  readDestination,
  readReportRequest,
  type Destination,
  type ReportFlags,
} from './report-flags.ts';
import { writeReportFile } from './write-report-file.ts';

interface ReportText {
  readonly about: string;
  readonly notes?: readonly string[];
}

const reportTexts: Readonly<Record<ReportName, ReportText>> = {
  turnover: {
    about: '«Остатки и обороты»: what cards had, what came in and went out, what is left',
    notes: [
      'Of the register of the stage: under billing «Остатки» of billing, which begin with its opening document. With --shop',
      'only what the tills of that shop moved is counted. A table leaves out the columns by kind of document.',
    ],
  },
  movements: { about: 'the documents that a turnover is made of, with what each moved' },
  sales: {
    about: '«Продажи по дисконтным картам»: receipts and returns',
    notes: ['Sums are those of the receipts; cancelled ones are not counted.'],
  },
  department: { about: '«Отчет отдела»: the shift reports of tills; the sum is that of accepted receipts' },
  burning: {
    about: 'what burns when, if nothing else happens: of a card or of all, by date of write-off',
    notes: ['In stage billing only. What is pending burns after it is credited.'],
  },
  flags: { about: 'receipts that someone should check, the latest first' },
  debts: { about: 'cards with a balance below zero' },
};

export function report(args: string[], io: CommandIo): Promise<number> {
  const commands: Commands = Object.fromEntries(reportNames.map((name) => [name, defineReport(name)]));
  return runGroup('kkm report', commands, args, io);
}

function defineReport(name: ReportName): Command {
  const flags = listReportFlags(name);
  const usage = Object.entries(flags)
    .filter(([flag]) => !['infobase', 'data-dir', 'json'].includes(flag))
    .map(([flag, form]) => ('takes' in form ? `[--${flag} ${form.takes}]` : `[--${flag}]`))
    .join(' ');
  return defineCommand({
    ...reportTexts[name],
    usage,
    flags,
    run: ({ flags: given }, io) => {
      const request = readReportRequest(given);
      const destination = readDestination(given);
      const limit = readLimit(given.limit);
      return withInfobase(io, given, 'existing', async (infobase) => {
        const opened = await openReport(infobase, name, request, given.after ?? '');
        if (!opened.ok) throw refusedBy(opened, flagNames);
        const head = { infobase: infobase.name, report: name };
        if (destination.sort === 'all') return writeAll(io, given, opened, destination, head);
        return writePage(io, { ...given, json: destination.isJson }, opened, limit, head);
      });
    },
  });
}

async function writePage(
  io: CommandIo,
  flags: { readonly json: boolean },
  opened: OpenReport,
  limit: number,
  head: object,
): Promise<number> {
  const { rows, next } = await readReportPage(opened, limit);
  const columns = opened.columns.filter(isForPeople);
  const heading = columns.map(({ name }) => name);
  const lines = rows.map((row) => columns.map((column) => String(readCellOf(row, column) ?? '-')));
  pageNote(io, flags, next);
  return answer(io, flags, {
    json: { ...head, rows, next },
    lines: rows.length === 0 ? 'there are no rows' : formatTable(heading, lines),
  });
}

/** Flows by kind of document are too many columns for a terminal. */
function isForPeople({ path = [] }: RowColumn): boolean {
  return !path.includes('byDocument');
}

async function writeAll(
  io: CommandIo,
  flags: Given<ReportFlags>,
  { columns, read }: OpenReport,
  { format, file }: Extract<Destination, { sort: 'all' }>,
  head: object,
): Promise<number> {
  let rows = 0;
  const count = async function* (): AsyncGenerator<readonly object[]> {
    for await (const piece of read()) {
      rows += piece.length;
      yield piece.map(({ row }) => row);
    }
  };
  const texts = writeRows(format, columns, count());
  if (file !== undefined) {
    await writeReportFile(file, texts);
    return answer(io, flags, { json: { ...head, file, rows }, lines: `${file}: ${countOf(rows, 'row')}` });
  }
  // The line that is written has its own end.
  for await (const text of texts) say(io, { json: false }, String(text).replace(/\n$/, ''));
  return 0;
}

// `kkm cards import`: cards from a table file, all of them or none.
import { basename } from 'node:path';
import { importCards } from '../../operations/cards/import-cards.ts';
import { cardColumns, CardSheet } from '../../operations/cards/read-card-sheet.ts';
import { nothingLeftOut } from '../../tables/table-reader.ts';
import { answer, say } from '../answer.ts';
import { commonFlags, defineCommand, dryRunFlag } from '../command-io.ts';
import { countOf } from '../../ledger/count-of.ts';
import { refusedBy } from '../refused-by.ts';
import { withInfobase } from '../open-infobase.ts';
import {
  describeTable,
  describeTableAsJson,
  openTable,
  readTableFlags,
  reportMistakes,
  tableFlags,
  tableNotes,
} from '../read-table-file.ts';

export const cardsImport = defineCommand({
  usage: 'FILE --kind CODE [--update]',
  about: 'adds the cards of a table file, all of them or none; every mistake is shown with its line and column',
  notes: [
    ...tableNotes,
    'Columns: number («Номер карты»), holder («Владелец»), kind («Вид карты», code or name), status («Статус»: active,',
    'accrue_only, blocked), validFrom («Действует с»), validTo («Действует по»), note («Примечание»). Dates: 2026-11-22 or',
    '22.11.2026; both days are included.',
    'With --update an empty value clears a holder, a date or a note; an empty kind or status leaves it as it was.',
  ],
  takes: ['FILE'],
  flags: {
    kind: { takes: 'CODE', about: 'card kind of new cards whose row gives none' },
    update: { about: 'edits the existing cards: only the fields that the file has a column for' },
    ...tableFlags,
    ...dryRunFlag,
    ...commonFlags,
  },
  run: async ({ flags, values: [file = ''] }, io) => {
    const choice = await readTableFlags(flags, cardColumns);
    const table = await openTable(file, choice, new CardSheet([], choice.columns).reader);
    const isDryRun = flags['dry-run'];
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const outcome = await importCards(infobase, table.rows, {
        ...(flags.kind === undefined ? {} : { kindCode: flags.kind }),
        columns: choice.columns,
        fileName: basename(file),
        mayUpdate: flags.update,
        isDryRun,
      });
      if (!outcome.ok && outcome.why !== null) throw refusedBy(outcome, { kindCode: '--kind' });
      const leftOut = outcome.ok ? outcome.leftOut : nothingLeftOut;
      say(io, flags, describeTable(file, table, leftOut));
      if (!outcome.ok) return reportMistakes(file, outcome.mistakes, flags.json, io, hints);
      const { added, updated, unchanged } = outcome;
      const edited = flags.update ? `, ${updated} changed, ${unchanged} as before` : '';
      return answer(io, flags, {
        json: { ok: true, added, updated, unchanged, ...describeTableAsJson(table, leftOut), isDryRun },
        lines: `${countOf(added, 'card')} ${isDryRun ? 'would be ' : ''}added${edited}`,
      });
    });
  },
});

const hints = { known_card: '--update edits it', no_kind: '--kind CODE gives one' };

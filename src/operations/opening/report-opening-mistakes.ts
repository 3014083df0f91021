// Everything that is wrong with a file of opening balances in the order of its lines: what the reader has found, and what
// the infobase says of the rows that could be read.
import { listStagedMistakes, type MistakePlace } from '../../db/opening/import-mistake.ts';
import { listFaults, type FaultyRow } from '../../db/opening/import-stage.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';
import type { MistakeReason, TableMistake } from '../../tables/table-mistake.ts';
import type { OpeningSheet } from './read-opening-sheet.ts';

const pageRows = 1_000;

/** @returns how many rows are bad by what the infobase says. */
export async function reportOpeningMistakes(
  infobase: Infobase,
  sheet: OpeningSheet,
  lastNightOn: LocalDate | undefined,
  onMistakes: (mistakes: readonly TableMistake[]) => Promise<void>,
): Promise<number> {
  const found = listFound(infobase)[Symbol.asyncIterator]();
  let next = await found.next();
  let faults = 0;
  let waiting: TableMistake[] = [];
  const give = async (mistake: TableMistake): Promise<void> => {
    waiting.push(mistake);
    if (waiting.length < pageRows) return;
    const full = waiting;
    waiting = [];
    await onMistakes(full);
  };
  for await (const row of listAllFaults(infobase)) {
    faults += 1;
    for (; next.done !== true && next.value.line < row.line; next = await found.next()) await give(next.value);
    await give(explainFault(row, sheet, lastNightOn));
  }
  for (; next.done !== true; next = await found.next()) await give(next.value);
  if (waiting.length > 0) await onMistakes(waiting);
  return faults;
}

async function* listFound(infobase: Infobase): AsyncGenerator<TableMistake> {
  for (let after: MistakePlace = { line: -1, ordinal: -1 }; ;) {
    const page = await infobase.db.stage((trx) => listStagedMistakes(trx, after, pageRows));
    const last = page.at(-1);
    if (last === undefined) return;
    for (const { ordinal: _ordinal, reason, ...mistake } of page) {
      yield reason === null ? mistake : { ...mistake, reason: reason as MistakeReason };
    }
    after = last;
  }
}

async function* listAllFaults(infobase: Infobase): AsyncGenerator<FaultyRow> {
  for (let after = 0; ;) {
    const page = await infobase.db.stage((trx) => listFaults(trx, after, pageRows));
    const last = page.at(-1);
    if (last === undefined) return;
    yield* page;
    after = last.line;
  }
}

function explainFault(
  { line, cardNumber, writeOffOn, fault }: FaultyRow,
  { reader }: OpeningSheet,
  lastNightOn: LocalDate | undefined,
): TableMistake {
  const ofCard = (why: string, reason?: MistakeReason): TableMistake => {
    const mistake = { line, column: reader.titleOf('card'), value: cardNumber, why };
    return reason === undefined ? mistake : { ...mistake, reason };
  };
  switch (fault) {
    case 'unknown_card':
      return ofCard('there is no card of this number', 'unknown_card');
    case 'no_kind':
      return ofCard('the card is new and its rows name no kind', 'no_kind');
    case 'other_kind':
      return ofCard('the card is new and its rows name different kinds');
    case 'other_holder':
      return ofCard('the card is new and its rows name different holders');
    case 'night_done': {
      const why = `the night of the write-off date is done: expected a date after ${lastNightOn}`;
      return { line, column: reader.titleOf('writeOffDate'), value: writeOffOn, why };
    }
    case 'rule_past':
      return ofCard(`the rule of the card's kind gives a write-off date that is not after ${lastNightOn}: name one`);
    case 'too_much':
      return ofCard('the card would hold more than a register can');
    case 'payment_card':
      return ofCard('the card is a payment card: its accumulation sum and receipt count never change');
  }
}

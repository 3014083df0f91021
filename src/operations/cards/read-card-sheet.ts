// Cards from a table file: which column is what, and every value read or its mistake named. Knows no database.
import type { CardKind } from '../../ledger/card.ts';
import type { CardChange } from './card-change.ts';
import { cardKey } from './card-key.ts';
import { cardFields, parseCardField, parseCardNumber, type CardField, type Parsed } from './parse-card-field.ts';
import type { ColumnChoice } from '../../tables/read-columns.ts';
import type { CsvMistake } from '../../tables/read-csv.ts';
import type { StreamedRow } from '../../tables/read-csv-stream.ts';
import { TableReader, type TableForm } from '../../tables/table-reader.ts';

export interface CardRow {
  readonly line: number;
  /** Null where the file's value cannot be the number of a card. */
  readonly number: string | null;
  /** The fields that the file has a column for; without a kind or status where the row leaves it empty. */
  readonly change: CardChange;
  /** What could not be read; such a row is not written. */
  readonly mistakes: readonly CsvMistake[];
}

export type CardColumn = CardField | 'number';

const cardForm: TableForm<CardColumn> = {
  ...cardKey,
  names: {
    number: ['number', 'номер карты', 'card number', 'cardnumber', 'номер'],
    holder: ['holder', 'владелец'],
    kind: ['kind', 'вид карты'],
    status: ['status', 'статус'],
    validFrom: ['valid_from', 'действует с', 'validfrom'],
    validTo: ['valid_to', 'действует по', 'validto'],
    note: ['note', 'примечание'],
  },
  key: 'number',
  required: ['number'],
  figures: {},
};

export const cardColumns = Object.keys(cardForm.names) as readonly CardColumn[];

export class CardSheet {
  readonly reader: TableReader<CardColumn>;
  private readonly parse: (field: CardField, text: string) => Parsed<CardChange>;

  constructor(kinds: readonly CardKind[], choice: ColumnChoice<CardColumn> = {}) {
    this.reader = new TableReader(cardForm, choice);
    // A file repeats few kinds, statuses and dates many times.
    this.parse = rememberParsed(kinds);
  }

  /** A row that the reader takes for one of a card. */
  read(row: StreamedRow): CardRow {
    const { reader } = this;
    const { line } = row;
    const mistakes: CsvMistake[] = [];
    const take = <T>(field: CardColumn, value: string, parsed: Parsed<T>): T | undefined => {
      if (parsed.ok) return parsed.value;
      mistakes.push({ line, column: reader.titleOf(field), value, why: `expected ${parsed.expected}` });
      return undefined;
    };
    const numberText = reader.cell(row, 'number');
    const number = take('number', numberText, parseCardNumber(numberText)) ?? null;
    const change: CardChange = {};
    for (const field of cardFields) {
      if (!reader.has(field)) continue;
      const text = reader.cell(row, field);
      // An empty kind is the one given for the whole file, an empty status that of a new card.
      const isLeftOut = text === '' && (field === 'kind' || field === 'status');
      if (!isLeftOut) Object.assign(change, take(field, text, this.parse(field, text)));
    }
    reader.add([]);
    return { line, number, change, mistakes };
  }
}

const rememberedLimit = 10_000;

function rememberParsed(kinds: readonly CardKind[]): (field: CardField, text: string) => Parsed<CardChange> {
  const known = new Map<string, Parsed<CardChange>>();
  return (field, text) => {
    if (field === 'holder' || field === 'note') return parseCardField(field, text, kinds);
    const key = `${field}=${text}`;
    let parsed = known.get(key);
    if (parsed === undefined) {
      parsed = parseCardField(field, text, kinds);
      if (known.size < rememberedLimit) known.set(key, parsed);
    }
    return parsed;
  };
}

// Cards from a table file: which column is what, and every value read or its mistake named. Knows no database.
import type { CardKind } from '../../ledger/card.ts';
import { rememberParsed, type Parsed } from '../../tables/parsed.ts';
import type { ColumnChoice } from '../../tables/read-columns.ts';
import { Sheet, type SheetForm } from '../../tables/sheet.ts';
import type { TableMistake } from '../../tables/table-mistake.ts';
import type { TableReader } from '../../tables/table-reader.ts';
import type { TableRow } from '../../tables/table-row.ts';
import type { CardChange } from './card-change.ts';
import { cardKey } from './card-key.ts';
import { cardFields, parseCardField, parseCardNumber, type CardField } from './parse-card-field.ts';

export interface CardRow {
  readonly line: number;
  /** Null where the file's value cannot be the number of a card. */
  readonly number: string | null;
  /** The fields that the file has a column for; without a kind or status where the row leaves it empty. */
  readonly change: CardChange;
  /** What could not be read; such a row is not written. */
  readonly mistakes: readonly TableMistake[];
}

export type CardColumn = CardField | 'number';

/** Each field of a card is read as the change that it makes. */
type CardValues = { readonly number: string } & Readonly<Record<CardField, CardChange>>;

const names = {
  number: ['number', 'номер карты', 'card number', 'cardnumber', 'номер'],
  holder: ['holder', 'владелец'],
  kind: ['kind', 'вид карты'],
  status: ['status', 'статус'],
  validFrom: ['valid_from', 'действует с', 'validfrom'],
  validTo: ['valid_to', 'действует по', 'validto'],
  note: ['note', 'примечание'],
} as const satisfies Readonly<Record<CardColumn, readonly string[]>>;

export const cardColumns = Object.keys(names) as readonly CardColumn[];

function formOf(kinds: readonly CardKind[]): SheetForm<CardValues> {
  const parse = (field: CardField) => (text: string) => parseCardField(field, text, kinds);
  const nothing: Parsed<CardChange> = { ok: true, value: {} };
  // An empty kind is the one given for the whole file, an empty status that of a new card.
  const parseGiven = (field: CardField) => rememberParsed((text) => (text === '' ? nothing : parse(field)(text)));
  return {
    ...cardKey,
    key: 'number',
    fields: {
      number: { names: names.number, parse: parseCardNumber, isRequired: true },
      holder: { names: names.holder, parse: parse('holder') },
      kind: { names: names.kind, parse: parseGiven('kind') },
      status: { names: names.status, parse: parseGiven('status') },
      validFrom: { names: names.validFrom, parse: rememberParsed(parse('validFrom')) },
      validTo: { names: names.validTo, parse: rememberParsed(parse('validTo')) },
      note: { names: names.note, parse: parse('note') },
    },
  };
}

export class CardSheet {
  readonly reader: TableReader<CardColumn>;
  private readonly sheet: Sheet<CardValues>;

  constructor(kinds: readonly CardKind[], choice: ColumnChoice<CardColumn> = {}) {
    this.sheet = new Sheet(formOf(kinds), choice);
    this.reader = this.sheet.reader;
  }

  /** A row that the reader takes for one of a card. */
  read(row: TableRow): CardRow {
    const { line } = row;
    const { values, mistakes } = this.sheet.read(row);
    const change: CardChange = {};
    for (const field of cardFields) Object.assign(change, values[field]);
    const located = mistakes.map((mistake) => this.sheet.locate(line, mistake));
    return { line, number: values.number ?? null, change, mistakes: located };
  }
}

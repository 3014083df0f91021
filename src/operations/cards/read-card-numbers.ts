// A list of cards in a table file: the column of their numbers. Knows no database.
import { nameOtherRow } from '../../tables/name-other-row.ts';
import type { ColumnChoice } from '../../tables/read-columns.ts';
import { Sheet, type SheetForm } from '../../tables/sheet.ts';
import type { TableReader } from '../../tables/table-reader.ts';
import type { TableRow } from '../../tables/table-row.ts';
import { cardKey, cardNumberNames } from './card-key.ts';
import { parseCardNumber } from './parse-card-field.ts';

interface NumberValues {
  readonly number: string;
}

const numbersForm: SheetForm<NumberValues> = {
  ...cardKey,
  // A card that is not there is a mistake of the list, whatever its number looks like.
  isKey: (text) => text !== '' && nameOtherRow(text) === undefined,
  key: 'number',
  fields: { number: { names: cardNumberNames, parse: parseCardNumber, isRequired: true } },
};

export class CardNumberSheet {
  readonly reader: TableReader<'number'>;
  /** The line of the file on which each number stands first. */
  readonly lines = new Map<string, number>();
  private readonly sheet: Sheet<NumberValues>;

  constructor(choice: ColumnChoice<'number'> = {}) {
    this.sheet = new Sheet(numbersForm, choice);
    this.reader = this.sheet.reader;
  }

  /** A row that the reader takes for one of a card. */
  read(row: TableRow): void {
    const { values, mistakes } = this.sheet.read(row);
    for (const mistake of mistakes) this.reader.mistakes.push(this.sheet.locate(row.line, mistake));
    const { number } = values;
    if (number !== undefined && !this.lines.has(number)) this.lines.set(number, row.line);
  }

  /** After the last row: an empty list would mean every card. */
  end(): void {
    const { reader } = this;
    if (reader.mistakes.length > 0 || this.lines.size > 0) return;
    const why = 'no card is listed below the header';
    reader.mistakes.push({ line: reader.headerLine, column: null, value: null, why });
  }
}

// A list of cards in a table file: the column of their numbers. Knows no database.
import { cardKey, cardNumberNames } from './card-key.ts';
import { nameOtherRow } from '../../tables/name-other-row.ts';
import { parseCardNumber } from './parse-card-field.ts';
import type { ColumnChoice } from '../../tables/read-columns.ts';
import type { StreamedRow } from '../../tables/read-csv-stream.ts';
import { TableReader, type TableForm } from '../../tables/table-reader.ts';

const numbersForm: TableForm<'number'> = {
  ...cardKey,
  // A card that is not there is a mistake of the list, whatever its number looks like.
  isKey: (text) => text !== '' && nameOtherRow(text) === undefined,
  names: { number: cardNumberNames },
  key: 'number',
  required: ['number'],
  figures: {},
};

export class CardNumberSheet {
  readonly reader: TableReader<'number'>;
  /** The line of the file on which each number stands first. */
  readonly lines = new Map<string, number>();

  constructor(choice: ColumnChoice<'number'> = {}) {
    this.reader = new TableReader(numbersForm, choice);
  }

  /** A row that the reader takes for one of a card. */
  read(row: StreamedRow): void {
    const { reader } = this;
    const text = reader.cell(row, 'number');
    const parsed = parseCardNumber(text);
    reader.add([]);
    if (!parsed.ok) {
      const why = `expected ${parsed.expected}`;
      reader.mistakes.push({ line: row.line, column: reader.titleOf('number'), value: text, why });
    } else if (!this.lines.has(parsed.value)) this.lines.set(parsed.value, row.line);
  }

  /** After the last row: an empty list would mean every card. */
  end(): void {
    const { reader } = this;
    if (reader.mistakes.length > 0 || this.lines.size > 0) return;
    const why = 'no card is listed below the header';
    reader.mistakes.push({ line: reader.headerLine, column: null, value: null, why });
  }
}

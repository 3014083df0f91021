// One reader for every table: what the columns are called and how their values are read goes in; the values of each row,
// or what is wrong with them, come out.
import type { FigureForm } from './parse-sheet-figure.ts';
import type { Parsed } from './parsed.ts';
import type { ColumnChoice } from './read-columns.ts';
import type { MistakeReason, TableMistake } from './table-mistake.ts';
import { TableReader } from './table-reader.ts';
import type { TableForm } from './table-header.ts';
import type { TableRow } from './table-row.ts';

/** A text that can be read and is not allowed. */
export interface RefusedText {
  readonly ok: false;
  readonly why: string;
  readonly reason: MistakeReason;
}

export interface Field<T> {
  /** Of its column; the first of them are shown to people. */
  readonly names: readonly string[];
  /** Given '' for an empty cell; not called where the file has no such column. */
  readonly parse: (text: string) => Parsed<T> | RefusedText;
  /** There must be such a column. */
  readonly isRequired?: true;
  /** Foot rows add the column up. */
  readonly figure?: FigureForm;
}

export type Fields<R> = { readonly [F in keyof R]: Field<R[F]> };

export interface FieldMistake<F extends string = string> {
  readonly field: F;
  readonly value: string;
  readonly why: string;
  readonly reason?: MistakeReason;
}

export interface ReadFields<R> {
  /** Without the fields that have no column, and those that could not be read. */
  readonly values: Partial<R>;
  readonly mistakes: readonly FieldMistake<keyof R & string>[];
}

export interface SheetForm<R> extends Pick<
  TableForm<keyof R & string>,
  'key' | 'isKey' | 'explainKey' | 'mayKeyBeKnown' | 'headerNames' | 'wanted'
> {
  readonly fields: Fields<R>;
}

/** @param find the text of a field; undefined where there is none, which of a required field is an empty one. */
export function readFields<R>(fields: Fields<R>, find: (field: keyof R & string) => string | undefined): ReadFields<R> {
  const values: Partial<R> = {};
  const mistakes: FieldMistake<keyof R & string>[] = [];
  for (const name in fields) {
    const { parse, isRequired } = fields[name];
    const text = find(name) ?? (isRequired === true ? '' : undefined);
    if (text === undefined) continue;
    const parsed = parse(text);
    if (parsed.ok) values[name] = parsed.value;
    else mistakes.push(describeRefusal(name, text, parsed));
  }
  return { values, mistakes };
}

function describeRefusal<F extends string>(
  field: F,
  value: string,
  parsed: Exclude<Parsed<never> | RefusedText, { readonly ok: true }>,
): FieldMistake<F> {
  if ('expected' in parsed) return { field, value, why: `expected ${parsed.expected}` };
  return { field, value, why: parsed.why, reason: parsed.reason };
}

/** `R`: the values of a row by field. */
export class Sheet<R> {
  readonly reader: TableReader<keyof R & string>;
  private readonly fields: Fields<R>;
  private readonly figures: readonly (readonly [field: keyof R & string, form: FigureForm])[];

  constructor({ fields, ...form }: SheetForm<R>, choice: ColumnChoice<keyof R & string> = {}) {
    this.fields = fields;
    const entries = Object.entries(fields) as [keyof R & string, Field<unknown>][];
    this.figures = entries.flatMap(([name, { figure }]) => (figure === undefined ? [] : [[name, figure] as const]));
    this.reader = new TableReader<keyof R & string>(
      {
        ...form,
        names: Object.fromEntries(entries.map(([name, { names }]) => [name, names])) as TableForm<
          keyof R & string
        >['names'],
        required: entries.flatMap(([name, { isRequired }]) => (isRequired === true ? [name] : [])),
        figures: Object.fromEntries(this.figures) as TableForm<keyof R & string>['figures'],
      },
      choice,
    );
  }

  /** A row that the reader takes for one of the table. */
  read(row: TableRow): ReadFields<R> {
    const { reader } = this;
    const read = readFields(this.fields, (field) => reader.find(row, field));
    reader.add(this.figures.map(([field, form]) => this.countFigure(row, field, form, read.values[field])));
    return read;
  }

  /** A mistake with the column's name as the file has it. */
  locate(line: number, { field, ...mistake }: FieldMistake<keyof R & string>): TableMistake {
    return { line, column: this.reader.titleOf(field), ...mistake };
  }

  /** A figure that is refused counts all the same: a foot row is of the file. NaN where it cannot be read. */
  private countFigure(row: TableRow, field: keyof R & string, { parse }: FigureForm, value: unknown): number {
    return typeof value === 'number' ? value : (parse(this.reader.cell(row, field)) ?? Number.NaN);
  }
}

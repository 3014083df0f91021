// A table with a caption. On a narrow screen it scrolls inside its own frame, which the keyboard can reach.
import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  readonly title: ComponentChildren;
  readonly show: (row: Row) => ComponentChildren;
  /** Numbers stand at the right, under each other. */
  readonly isNumber?: boolean;
  /** The cell that names its row. */
  readonly isHead?: boolean;
}

export interface TableProps<Row> {
  /** Left out of sight where `isCaptionHidden`: a heading says the same just above. */
  readonly caption: string;
  readonly isCaptionHidden?: boolean;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Shown instead of a table without rows. */
  readonly none: ComponentChildren;
  /** Cells of a last row of totals, as many as there are columns. */
  readonly totals?: readonly ComponentChildren[];
}

export function Table<Row>({ caption, isCaptionHidden, columns, rows, none, totals }: TableProps<Row>) {
  if (rows.length === 0) return <p class="none">{none}</p>;
  return (
    <div class="table" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption class={isCaptionHidden === true ? 'unseen' : undefined}>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, isNumber }) => (
              <th scope="col" class={isNumber === true ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {columns.map(({ show, isNumber, isHead }) =>
                isHead === true ? (
                  <th scope="row">{show(row)}</th>
                ) : (
                  <td class={isNumber === true ? 'number' : undefined}>{show(row)}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
        {totals !== undefined && (
          <tfoot>
            <tr>
              {totals.map((cell, index) => (
                <td class={columns[index]?.isNumber === true ? 'number' : undefined}>{cell}</td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

// Rows of a report as a table. What a turnover is made of by kind of document stands in files only: the page would be too wide.
import { parseLocalDate, parseLocalDateTime } from '../../ledger/local-date-time.ts';
import { readCellOf, type Cell, type RowColumn } from '../../tables/row-column.ts';
import type { PageCall } from '../page.ts';
import { Table } from '../parts/table.tsx';
import { showCount, showDate, showMoment } from '../show.ts';
import { nameColumn } from './report-words.ts';

interface ReportTableProps {
  readonly call: PageCall;
  readonly caption: string;
  readonly columns: readonly RowColumn[];
  readonly rows: readonly object[];
  /** Where a row's card leads to. */
  readonly linkCard: (number: string) => string;
}

export function ReportTable({ call, caption, columns, rows, linkCard }: ReportTableProps) {
  const { say } = call;
  const shown = columns.filter(({ path = [] }) => !path.includes('byDocument'));
  return (
    <Table
      caption={caption}
      columns={shown.map((column, place) => ({
        title: nameColumn(column, say),
        isNumber: column.sort !== 'text',
        isHead: place === 0 && column.sort === 'text',
        show: (row: object) => {
          const cell = readCellOf(row, column);
          const isCard = column.name === 'card' && typeof cell === 'string';
          return isCard ? <a href={linkCard(cell)}>{cell}</a> : showCell(column, cell);
        },
      }))}
      rows={rows}
      none={say('Строк нет.', 'There are no rows.')}
    />
  );
}

/** Exact text of a sum: digits only are put in groups. */
function showCell({ sort }: RowColumn, cell: Cell): string {
  if (cell === null) return '';
  const text = String(cell);
  if (sort === 'sum') return groupSum(text);
  if (sort === 'count') return /^-?\d{1,15}$/.test(text) ? showCount(Number(text)) : text;
  const moment = text.length === 19 ? parseLocalDateTime(text) : undefined;
  if (moment !== undefined) return showMoment(moment);
  const date = text.length === 10 ? parseLocalDate(text) : undefined;
  return date === undefined ? text : showDate(date);
}

function groupSum(text: string): string {
  const [whole = '', fraction = '00'] = text.replace('-', '').split('.');
  return `${text.startsWith('-') ? '\u2212' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, '\u202f')},${fraction}`;
}

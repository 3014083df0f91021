// Movements of a card with their documents, as its history and its balance show them.
import type { CardOperation } from '../../operations/cards/list-card-operations.ts';
import { Table } from '../parts/table.tsx';
import type { Say } from '../say.ts';
import { showChange, showDate, showMoment, showMoney } from '../show.ts';
import { dateOf } from '../../ledger/local-date-time.ts';
import { nameDocumentKind } from '../words.ts';

interface MovementTableProps {
  readonly say: Say;
  readonly base: string;
  readonly caption: string;
  readonly rows: readonly CardOperation[];
}

export function MovementTable({ say, base, caption, rows }: MovementTableProps) {
  return (
    <Table
      caption={caption}
      columns={[
        { title: say('Когда', 'When'), show: ({ datedAt }) => showMoment(datedAt), isHead: true },
        { title: say('Бонусы', 'Bonus'), show: ({ bonus }) => (bonus === 0 ? '' : showChange(bonus)), isNumber: true },
        { title: say('Остаток', 'Balance'), show: ({ bonusAfter }) => showMoney(bonusAfter), isNumber: true },
        {
          title: say('Документ', 'Document'),
          show: (row) => (
            <>
              <a href={`${base}/documents/${row.documentId}`}>{nameDocumentKind(row.documentKind, say)}</a>
              {row.comment !== null && <div class="hint">{row.comment}</div>}
            </>
          ),
        },
        { title: say('Касса, чек', 'Till, receipt'), show: (row) => <span class="whole">{showTill(row)}</span> },
        {
          title: say('Накопление', 'Accumulation'),
          show: ({ accumulation }) => (accumulation === 0 ? '' : showChange(accumulation)),
          isNumber: true,
        },
        {
          title: say('Чеки', 'Receipts'),
          show: ({ receipts }) => (receipts > 0 ? `+${receipts}` : receipts || ''),
          isNumber: true,
        },
        {
          title: say('Сгорит', 'Burns'),
          show: ({ writeOffAt }) => (writeOffAt === null ? '' : showDate(dateOf(writeOffAt))),
        },
      ]}
      rows={rows}
      none={say('Движений нет.', 'There are no movements.')}
    />
  );
}

function showTill({ kkm, receiptNumber, shopCode }: CardOperation): string {
  if (kkm === null) return '';
  const receipt = receiptNumber === null ? '' : `, ${receiptNumber}`;
  return `${kkm}${receipt}${shopCode === null ? '' : ` (${shopCode})`}`;
}

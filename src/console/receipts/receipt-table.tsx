// Receipts as lists show them.
import type { ListedReceipt } from '../../operations/receipts/list-receipts.ts';
import type { PageCall } from '../page.ts';
import { Table } from '../parts/table.tsx';
import { showMoment, showMoney } from '../show.ts';
import { nameFlag, nameReceiptKind } from '../words.ts';
import { CardLink } from '../parts/card-link.tsx';

interface ReceiptTableProps {
  readonly call: PageCall;
  readonly receipts: readonly ListedReceipt[];
}

export function ReceiptTable({ call: { say, base }, receipts }: ReceiptTableProps) {
  return (
    <Table
      caption={say('Чеки, пришедшие последними сверху', 'Receipts, the latest to come first')}
      columns={[
        {
          title: say('Чек', 'Receipt'),
          show: ({ id, kkm, shiftNumber, receiptNumber }) => (
            <a href={`${base}/receipts/${id}`}>
              {kkm}, {say('смена', 'shift')} {shiftNumber}, {say('чек', 'receipt')} {receiptNumber}
            </a>
          ),
          isHead: true,
        },
        { title: say('Когда', 'When'), show: ({ receiptAt }) => showMoment(receiptAt) },
        {
          title: say('Что', 'What'),
          show: ({ kind, state, flags }) => (
            <>
              {nameReceiptKind(kind, say)}
              {state === 'cancelled' && <span class="badge bad">{say('отменён', 'cancelled')}</span>}
              {flags.map((flag) => (
                <span class="badge warn">{nameFlag(flag, say)}</span>
              ))}
            </>
          ),
        },
        {
          title: say('Карта', 'Card'),
          show: ({ cardNumber }) => <CardLink base={base} number={cardNumber} />,
        },
        {
          title: say('Со скидкой', 'With discount'),
          show: ({ sumWithDiscountKopecks }) => showMoney(sumWithDiscountKopecks),
          isNumber: true,
        },
        {
          title: say('Начислено', 'Accrued'),
          show: ({ bonusAccruedKopecks }) => showMoney(bonusAccruedKopecks),
          isNumber: true,
        },
        {
          title: say('Списано', 'Redeemed'),
          show: ({ bonusRedeemedKopecks }) => showMoney(bonusRedeemedKopecks),
          isNumber: true,
        },
      ]}
      rows={receipts}
      none={say('Таких чеков нет.', 'There are no such receipts.')}
    />
  );
}

// Receipts that have come: a list with its filters, and one of them with all that it has done.
import { listReceipts } from '../../operations/receipts/list-receipts.ts';
import { readReceipt, type ReadReceipt, type RelatedReceipt } from '../../operations/receipts/read-receipt.ts';
import type { ReceiptLine } from '../../ledger/receipt.ts';
import { NotFound, type Page, type PageCall } from '../page.ts';
import { InputField } from '../parts/form.tsx';
import { NextPage } from '../parts/next-page.tsx';
import { SearchForm } from '../parts/search-form.tsx';
import { Table } from '../parts/table.tsx';
import { Facts } from '../parts/tiles.tsx';
import { readDate, readText, readWhole } from '../read-query.ts';
import type { Say } from '../say.ts';
import { showMoment, showMoney } from '../show.ts';
import { nameDocumentKind, nameFlag, nameReceiptKind, nameRoad } from '../words.ts';
import { ReceiptTable } from './receipt-table.tsx';
import { CardLink } from '../parts/card-link.tsx';
import { measureColumns } from '../parts/measure-columns.tsx';

export const receiptPages: readonly Page[] = [
  { method: 'GET', path: 'receipts', answer: showReceipts },
  { method: 'GET', path: 'receipts/:id', answer: showReceipt },
];

async function showReceipts(call: PageCall) {
  const { infobase, say, base, query } = call;
  const filter = {
    cardNumber: readText(query, 'card'),
    kkm: readText(query, 'kkm'),
    shiftNumber: readWhole(query, 'shift'),
    from: readDate(query, 'from'),
    to: readDate(query, 'to'),
  };
  const { rows, next } = await listReceipts(infobase, filter, { limit: 50, before: readWhole(query, 'after') });
  return {
    kind: 'page' as const,
    title: say('Чеки', 'Receipts'),
    body: (
      <>
        <SearchForm action={`${base}/receipts`} say={say}>
          <InputField name="card" label={say('Карта', 'Card')} value={filter.cardNumber ?? ''} type="search" />
          <InputField name="kkm" label={say('Касса', 'Till')} value={filter.kkm ?? ''} type="search" />
          <InputField
            name="shift"
            label={say('Смена', 'Shift')}
            value={filter.shiftNumber === null ? '' : String(filter.shiftNumber)}
            inputMode="numeric"
            size={6}
          />
          <InputField name="from" label={say('С', 'From')} value={filter.from ?? ''} type="date" />
          <InputField name="to" label={say('По', 'To')} value={filter.to ?? ''} type="date" />
        </SearchForm>
        <div id="found">
          <ReceiptTable call={call} receipts={rows} />
          <NextPage call={call} after={next} />
        </div>
      </>
    ),
  };
}

async function showReceipt(call: PageCall) {
  const { infobase, say, base, params } = call;
  const id = /^[1-9]\d{0,14}$/.test(params.id ?? '') ? Number(params.id) : 0;
  const read = await readReceipt(infobase, id);
  if (read === undefined) throw new NotFound(say('Такого чека нет.', 'There is no such receipt.'));
  const { receipt } = read;
  return {
    kind: 'page' as const,
    title: `${nameReceiptKind(receipt.kind, say)} ${receipt.kkm}, ${say('чек', 'receipt')} ${receipt.receiptNumber}`,
    crumbs: [{ title: say('Чеки', 'Receipts'), path: 'receipts' }],
    body: (
      <>
        <ReceiptFacts say={say} base={base} read={read} />
        <Lines say={say} lines={receipt.lines} />
        <Documents say={say} base={base} read={read} />
      </>
    ),
  };
}

function linkReceipt(
  base: string,
  say: Say,
  { id, kkm, shiftNumber, receiptNumber, receiptAt, state }: RelatedReceipt,
) {
  const name = `${kkm}, ${say('смена', 'shift')} ${shiftNumber}, ${say('чек', 'receipt')} ${receiptNumber}, ${showMoment(receiptAt)}`;
  if (id === null) return `${name} (${say('не пришёл', 'has not come')})`;
  return (
    <>
      <a href={`${base}/receipts/${id}`}>{name}</a>
      {state === 'cancelled' && ` (${say('отменён', 'cancelled')})`}
    </>
  );
}

function ReceiptFacts({ say, base, read }: { readonly say: Say; readonly base: string; readonly read: ReadReceipt }) {
  const { receipt, shopCode, cancel, original, returns } = read;
  return (
    <>
      {cancel !== null && (
        <p class="notice warn">
          {say('Отменён', 'Cancelled')} {showMoment(cancel.cancelledAt)}
          {cancel.reason !== null && `: ${cancel.reason}`}
          {cancel.documentId !== null && (
            <>
              {' '}
              <a href={`${base}/documents/${cancel.documentId}`}>{say('документ', 'document')}</a>
            </>
          )}
        </p>
      )}
      {receipt.flags.length > 0 && (
        <p class="notice warn">
          {say('Проверьте', 'Check')}: {receipt.flags.map((flag) => nameFlag(flag, say)).join(', ')}
        </p>
      )}
      <Facts
        facts={[
          {
            title: say('Карта', 'Card'),
            value: <CardLink base={base} number={receipt.cardNumber} />,
          },
          { title: say('Когда', 'When'), value: showMoment(receipt.receiptAt) },
          { title: say('Смена', 'Shift'), value: receipt.shiftNumber },
          { title: say('Магазин', 'Shop'), value: shopCode ?? '\u2014' },
          { title: say('Кассир', 'Cashier'), value: receipt.cashier ?? '\u2014' },
          { title: say('Как пришёл', 'How it came'), value: nameRoad(receipt.road, say) },
          { title: say('Сумма', 'Sum'), value: showMoney(receipt.sumKopecks) },
          { title: say('Сумма со скидкой', 'Sum with discount'), value: showMoney(receipt.sumWithDiscountKopecks) },
          { title: say('Начислено бонусов', 'Bonus accrued'), value: showMoney(receipt.bonusAccruedKopecks) },
          { title: say('Списано бонусов', 'Bonus redeemed'), value: showMoney(receipt.bonusRedeemedKopecks) },
          ...(original === null
            ? []
            : [{ title: say('Возврат чека', 'Returns receipt'), value: linkReceipt(base, say, original) }]),
          ...returns.map((one) => ({
            title: say('Возвращён чеком', 'Returned by'),
            value: linkReceipt(base, say, one),
          })),
        ]}
      />
    </>
  );
}

function Lines({ say, lines }: { readonly say: Say; readonly lines: readonly ReceiptLine[] }) {
  return (
    <Table
      caption={say('Товары', 'Goods')}
      columns={[
        { title: '№', show: ({ number }) => number, isNumber: true },
        { title: say('Код', 'Code'), show: ({ code }) => code, isHead: true },
        { title: say('Наименование', 'Name'), show: ({ name }) => name ?? '' },
        { title: say('Количество', 'Quantity'), show: ({ quantity }) => quantity.replace('.', ','), isNumber: true },
        { title: say('Цена', 'Price'), show: ({ price }) => price.replace('.', ','), isNumber: true },
        { title: say('Сумма', 'Sum'), show: ({ sumKopecks }) => showMoney(sumKopecks), isNumber: true },
        { title: say('Скидка', 'Discount'), show: ({ discountKopecks }) => showMoney(discountKopecks), isNumber: true },
      ]}
      rows={lines}
      none={say('Касса прислала чек без товаров.', 'The till sent the receipt without goods.')}
    />
  );
}

function Documents({ say, base, read }: { readonly say: Say; readonly base: string; readonly read: ReadReceipt }) {
  const rows = read.documents.flatMap(({ lines, ...document }) => lines.map((line) => ({ ...document, ...line })));
  return (
    <Table
      caption={say('Что чек изменил', 'What the receipt has changed')}
      columns={[
        {
          title: say('Документ', 'Document'),
          show: ({ documentId, kind }) => <a href={`${base}/documents/${documentId}`}>{nameDocumentKind(kind, say)}</a>,
          isHead: true,
        },
        { title: say('Карта', 'Card'), show: ({ cardNumber }) => cardNumber },
        ...measureColumns(say),
      ]}
      rows={rows}
      none={say('Ничего: чек записан без движений.', 'Nothing: it was recorded without movements.')}
    />
  );
}

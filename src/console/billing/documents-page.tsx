// Documents of both registers: a list with its filters, and one of them with its lines and reasons.
import type { LocalDate } from '../../ledger/local-date-time.ts';
import { documentRegisters, parseDocumentId } from '../../operations/billing/document-id.ts';
import {
  documentKinds,
  listDocuments,
  type DocumentCursor,
  type DocumentInList,
} from '../../operations/billing/list-documents.ts';
import { readDocument, type ReadDocument, type ReadDocumentLine } from '../../operations/billing/read-document.ts';
import { NotFound, type Page, type PageCall } from '../page.ts';
import { InputField, SelectField } from '../parts/form.tsx';
import { NextPage } from '../parts/next-page.tsx';
import { SearchForm } from '../parts/search-form.tsx';
import { Table } from '../parts/table.tsx';
import { Facts, Tiles } from '../parts/tiles.tsx';
import { readDate, readText } from '../read-query.ts';
import type { Say } from '../say.ts';
import { showChange, showCount, showDate, showMoment } from '../show.ts';
import { nameDocumentKind } from '../words.ts';
import { neverOn } from '../../ledger/life-rule.ts';
import { CardLink } from '../parts/card-link.tsx';
import { measureColumns } from '../parts/measure-columns.tsx';

export const documentPages: readonly Page[] = [
  { method: 'GET', path: 'documents', answer: showDocuments },
  { method: 'GET', path: 'documents/:id', answer: showDocument },
];

/** "12-340": the documents of each register before which the page begins. */
function readCursor(text: string | null): DocumentCursor | null {
  const [, accumulation = '', billing = ''] = /^(\d{1,15})-(\d{1,15})$/.exec(text ?? '') ?? [];
  return accumulation === '' ? null : { accumulation: Number(accumulation), billing: Number(billing) };
}

function writeCursor(cursor: DocumentCursor | null): string | null {
  return cursor === null ? null : `${cursor.accumulation}-${cursor.billing}`;
}

async function showDocuments(call: PageCall) {
  const { infobase, say, base, query } = call;
  const kindText = readText(query, 'kind');
  const registerText = readText(query, 'register');
  const filter = {
    register: documentRegisters.find((one) => one === registerText) ?? null,
    kind: documentKinds.find((one) => one === kindText) ?? null,
    cardNumber: readText(query, 'card'),
    from: readDate(query, 'from'),
    to: readDate(query, 'to'),
  };
  const { documents, next } = await listDocuments(infobase, filter, {
    limit: 50,
    before: readCursor(query.get('after')),
  });
  const any = { value: '', title: say('все', 'all') };
  return {
    kind: 'page' as const,
    title: say('Документы', 'Documents'),
    body: (
      <>
        <SearchForm action={`${base}/documents`} say={say}>
          <SelectField
            name="kind"
            label={say('Вид документа', 'Kind')}
            value={filter.kind ?? ''}
            choices={[any, ...documentKinds.map((value) => ({ value, title: nameDocumentKind(value, say) }))]}
          />
          <InputField name="card" label={say('Карта', 'Card')} value={filter.cardNumber ?? ''} type="search" />
          <InputField name="from" label={say('С', 'From')} value={filter.from ?? ''} type="date" />
          <InputField name="to" label={say('По', 'To')} value={filter.to ?? ''} type="date" />
        </SearchForm>
        <div id="found">
          <DocumentTable say={say} base={base} documents={documents} />
          <NextPage call={call} after={writeCursor(next)} />
        </div>
      </>
    ),
  };
}

interface DocumentTableProps {
  readonly say: Say;
  readonly base: string;
  readonly documents: readonly DocumentInList[];
}

function DocumentTable({ say, base, documents }: DocumentTableProps) {
  return (
    <Table
      caption={say('Документы, записанные последними сверху', 'Documents, the latest recorded first')}
      columns={[
        {
          title: say('Документ', 'Document'),
          show: ({ documentId, kind, comment }) => (
            <>
              <a href={`${base}/documents/${documentId}`}>{nameDocumentKind(kind, say)}</a>
              {comment !== null && <div class="hint">{comment}</div>}
            </>
          ),
          isHead: true,
        },
        { title: say('Дата', 'Date'), show: ({ datedAt }) => showMoment(datedAt) },
        { title: say('Касса', 'Till'), show: ({ kkm }) => kkm ?? '' },
        {
          title: say('Карта', 'Card'),
          show: ({ onlyLine, hasMoreLines }) =>
            onlyLine === null ? (
              hasMoreLines ? (
                say('несколько', 'several')
              ) : (
                ''
              )
            ) : (
              <CardLink base={base} number={onlyLine.cardNumber} />
            ),
        },
        {
          title: say('Бонусы', 'Bonus'),
          show: ({ onlyLine }) => (onlyLine === null ? '' : showChange(onlyLine.bonus)),
          isNumber: true,
        },
        {
          title: say('Накопление', 'Accumulation'),
          show: ({ onlyLine }) => (onlyLine === null ? '' : showChange(onlyLine.accumulation)),
          isNumber: true,
        },
      ]}
      rows={documents}
      none={say('Таких документов нет.', 'There are no such documents.')}
    />
  );
}

async function showDocument(call: PageCall) {
  const { infobase, say, base, params, query } = call;
  const place = parseDocumentId(params.id ?? '');
  const [, cardId = '', line = ''] = /^(\d{1,15})-(\d{1,15})$/.exec(query.get('after') ?? '') ?? [];
  const after = cardId === '' ? null : { cardId: Number(cardId), line: Number(line) };
  const read = place === undefined ? undefined : await readDocument(infobase, place, { limit: 100, after });
  if (read === undefined) throw new NotFound(say('Такого документа нет.', 'There is no such document.'));
  const next = read.next === null ? null : `${read.next.cardId}-${read.next.line}`;
  return {
    kind: 'page' as const,
    title: nameDocumentKind(read.kind, say),
    crumbs: [{ title: say('Документы', 'Documents'), path: 'documents' }],
    body: (
      <>
        <DocumentFacts say={say} base={base} read={read} />
        <Tiles
          tiles={[
            { title: say('Строк', 'Lines'), figure: showCount(read.total.count) },
            { title: say('Бонусы', 'Bonus'), figure: showChange(read.total.bonus) },
            { title: say('Накопление', 'Accumulation'), figure: showChange(read.total.accumulation) },
            { title: say('Чеки', 'Receipts'), figure: showCount(read.total.receipts) },
          ]}
        />
        <LineTable say={say} base={base} lines={read.lines} />
        <NextPage call={call} after={next} />
      </>
    ),
  };
}

function DocumentFacts({ say, base, read }: { readonly say: Say; readonly base: string; readonly read: ReadDocument }) {
  return (
    <Facts
      facts={[
        { title: say('Номер', 'Number'), value: read.name },
        { title: say('Дата документа', 'Dated'), value: showMoment(read.datedAt) },
        { title: say('Записан', 'Recorded'), value: showMoment(read.recordedAt) },
        ...(read.comment === null ? [] : [{ title: say('Основание', 'Reason'), value: read.comment }]),
        ...(read.madeBy === null ? [] : [{ title: say('Кто ввёл', 'Made by'), value: read.madeBy }]),
        ...(read.fileName === null ? [] : [{ title: say('Файл', 'File'), value: read.fileName }]),
        ...(read.receiptId === null
          ? []
          : [
              {
                title: say('Чек', 'Receipt'),
                value: (
                  <a href={`${base}/receipts/${read.receiptId}`}>
                    {read.kkm}, {say('чек', 'receipt')} {read.receiptNumber}
                  </a>
                ),
              },
            ]),
        ...(read.tradeDocumentId === null
          ? []
          : [
              {
                title: say('По документу', 'Follows from'),
                value: (
                  <a href={`${base}/documents/${read.tradeDocumentId}`}>{say('товарный документ', 'trade document')}</a>
                ),
              },
            ]),
      ]}
    />
  );
}

function LineTable({
  say,
  base,
  lines,
}: {
  readonly say: Say;
  readonly base: string;
  readonly lines: ReadDocument['lines'];
}) {
  return (
    <Table
      caption={say('Строки документа', 'Lines of the document')}
      columns={[
        {
          title: say('Карта', 'Card'),
          show: ({ cardNumber }) => <CardLink base={base} number={cardNumber} />,
          isHead: true,
        },
        ...measureColumns(say),
        {
          title: say('Почему', 'Why'),
          show: (line) => (
            <>
              {line.reason}
              {listTerms(line, say).map((text) => (
                <div class="hint">{text}</div>
              ))}
            </>
          ),
        },
      ]}
      rows={lines}
      none={say('У документа нет строк.', 'The document has no lines.')}
    />
  );
}

/** What the line accrues and until when, by its bonus. */
function listTerms({ accruals, delayed }: ReadDocumentLine, say: Say): string[] {
  const until = (on: LocalDate): string =>
    on === neverOn ? say('не сгорает', 'never burns') : `${say('сгорает', 'burns')} ${showDate(on)}`;
  return [
    ...accruals
      .filter(({ bonus }) => bonus !== 0)
      .map(({ bonus, writeOffOn }) => `${showChange(bonus)}: ${until(writeOffOn)}`),
    ...delayed
      .filter(({ bonus }) => bonus !== 0)
      .map(
        ({ bonus, creditOn, writeOffOn }) =>
          `${showChange(bonus)} ${say('начислится', 'is credited')} ${showDate(creditOn)}, ${until(writeOffOn)}`,
      ),
  ];
}

// Documents of both registers: the list, one of them with its lines, and «Начисление» and «Списание» made by hand.
import { z } from 'zod';
import { parseDocumentId, documentRegisters } from '../../operations/billing/document-id.ts';
import {
  documentKinds,
  listDocuments,
  type DocumentCursor,
  type DocumentListFilter,
} from '../../operations/billing/list-documents.ts';
import { makeDocument, type DocumentLine } from '../../operations/billing/make-document.ts';
import { readDocument } from '../../operations/billing/read-document.ts';
import { readDocumentRow, type DocumentField } from '../../operations/billing/read-document-sheet.ts';
import type { Infobase } from '../../operations/infobase.ts';
import * as examples from './document-examples.ts';
import {
  document,
  documentColumns,
  documentPage,
  measuresOut,
  showDocument,
  showListedDocument,
  showMeasures,
} from './document-schemas.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { refuseHttp, refuseOperation, refuseRows, type RowMistake } from '../json-refusal.ts';
import { countText, date, dateOut, flagText, listFormat, notEmpty, nullable, oneOf } from '../scalars.ts';

const read = { tag: 'Документы', roles: ['admin', 'auditor'], gate: 'door' } as const;

const aCursor = 'next прошлой страницы';

const documentCursor = z
  .string()
  .regex(/^\d{1,15}\.\d{1,15}$/, { error: aCursor })
  .transform((text): DocumentCursor => {
    const [accumulation = 0, billing = 0] = text.split('.').map(Number);
    return { accumulation, billing };
  });

const lineCursor = z
  .string()
  .regex(/^\d{1,15}\.\d{1,9}$/, { error: aCursor })
  .transform((text) => {
    const [cardId = 0, line = 0] = text.split('.').map(Number);
    return { cardId, line };
  });

const sum = z.string({ error: 'текст с суммой в рублях' });
const row = z
  .strictObject({
    cardNumber: notEmpty,
    bonus: sum.optional(),
    accumulation: sum.optional(),
    receipts: z.int({ error: 'целое число' }).optional(),
    rule: notEmpty.optional().meta({ description: 'Правило жизни, по которому считается срок' }),
    writeOffDate: date.optional(),
    creditDate: date.optional().meta({ description: 'День, ночь которого зачислит; иначе сразу' }),
    comment: z.string().optional(),
  })
  .meta({ id: 'DocumentRow' });

const newDocument = z
  .strictObject({
    kind: oneOf(['Accrual', 'WriteOff']).meta({ description: 'Начисление или Списание с дисконтных карт' }),
    comment: nullable(z.string({ error: 'текст' })),
    allowDebt: z.boolean({ error: 'true или false' }).default(false).meta({
      description: 'Списание может взять больше, чем доступно',
    }),
    rows: z.array(row, { error: 'список строк' }).min(1, { error: 'хотя бы одна строка' }),
  })
  .meta({ id: 'NewDocument' });

const madeDocument = z
  .strictObject({
    document: z.string().nullable().meta({ description: 'null при проверке без записи' }),
    dryRun: z.boolean(),
    lines: z.array(
      z.strictObject({
        cardNumber: z.string(),
        accruals: z.array(
          z.strictObject({
            measure: z.enum(['bonus', 'accumulation', 'receipts']),
            amount: z.string(),
            creditDate: dateOut.nullable(),
            writeOffDate: dateOut,
          }),
        ),
        after: z.strictObject(measuresOut).meta({ description: 'Остатки после документа' }),
      }),
    ),
  })
  .meta({ id: 'MadeDocument' });

const documentList = z.strictObject({
  register: nullable(oneOf(documentRegisters)),
  kind: nullable(oneOf(documentKinds)),
  card: nullable(notEmpty).meta({ description: 'Номер карты' }),
  from: nullable(date).meta({ description: 'Дата документа с, включительно' }),
  to: nullable(date).meta({ description: 'Дата документа по, включительно' }),
  limit: countText(1, 1_000).default(100).meta({ description: 'Документов на странице' }),
  cursor: nullable(documentCursor).meta({ description: aCursor }),
  format: listFormat,
});
type Query = z.output<typeof documentList>;

function toFilter({ register, kind, card: cardNumber, from, to }: Omit<Query, 'cursor' | 'limit'>): DocumentListFilter {
  return { register, kind, cardNumber, from, to };
}

/** Read in one turn, as a page. */
const piece = 1_000;

async function* readPieces(infobase: Infobase, { cursor, ...query }: Query): AsyncGenerator<readonly object[]> {
  for (let before = cursor; ;) {
    const { documents, next } = await listDocuments(infobase, toFilter(query), { limit: piece, before });
    yield documents.map(showListedDocument);
    if (next === null) return;
    before = next;
  }
}

export const documentEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    ...read,
    statuses: [],
    name: 'listDocuments',
    method: 'GET',
    path: 'documents',
    summary: 'Документы',
    description:
      'Обоих регистров, от новых к старым в порядке записи. Страница может быть короче limit и не последней, ' +
      'если подходит мало документов. Весь список сразу: NDJSON, CSV или XLSX, без limit; сервис отдаёт его по мере чтения.',
    input: { query: documentList },
    reply: documentPage,
    rows: {
      name: 'documents',
      open: ({ infobase }, query: Query) => ({
        columns: documentColumns,
        pieces: readPieces(infobase, query),
      }),
    },
    examples: examples.listDocuments,
    answer: async ({ infobase }, { limit, cursor, ...query }) => {
      const { documents, next } = await listDocuments(infobase, toFilter(query), { limit, before: cursor });
      return {
        body: {
          documents: documents.map(showListedDocument),
          next: next === null ? null : `${next.accumulation}.${next.billing}`,
        },
      };
    },
  }),
  defineEndpoint({
    ...read,
    statuses: [404],
    name: 'readDocument',
    method: 'GET',
    path: 'documents/{id}',
    summary: 'Прочитать документ',
    description: 'Строки по картам, страницами; строка списания ночного регламента говорит, что и почему сгорело.',
    input: {
      path: z.strictObject({ id: notEmpty.meta({ description: 'id из списка: accumulation-1, billing-42' }) }),
      query: z.strictObject({
        limit: countText(1, 1_000).default(100).meta({ description: 'Строк на странице' }),
        cursor: nullable(lineCursor).meta({ description: aCursor }),
      }),
    },
    reply: document,
    examples: examples.readDocument,
    answer: async ({ infobase }, { id, limit, cursor }) => {
      const place = parseDocumentId(id);
      const found = place === undefined ? undefined : await readDocument(infobase, place, { limit, after: cursor });
      if (found === undefined) throw refuseHttp(404, `Документа ${id.slice(0, 50)} нет`);
      return { body: showDocument(found) };
    },
  }),
  defineEndpoint({
    ...read,
    roles: ['admin'],
    statuses: [200, 201, 409],
    name: 'makeDocument',
    method: 'POST',
    path: 'documents',
    summary: 'Начислить или списать вручную',
    description:
      'Один документ на все строки, или ничего. dryRun=true показывает, что изменилось бы (200), и ничего не пишет.',
    input: {
      query: z.strictObject({ dryRun: flagText.meta({ description: 'Проверить, не записывая' }) }),
      body: newDocument,
    },
    reply: madeDocument,
    examples: examples.makeDocument,
    answer: async ({ infobase, now }, { kind, comment, allowDebt, rows, dryRun }) => {
      const found = rows.map((one, index) => readDocumentRow(index + 1, toTexts(one)));
      const unread = found.flatMap(({ mistakes }) => mistakes);
      if (unread.length > 0) throw refuseRows(unread.map(nameMistake));
      const request = {
        sort: kind === 'Accrual' ? 'accrual' : 'write-off',
        rows: found.flatMap((one) => (one.row === undefined ? [] : [one.row])),
        comment,
        mayOwe: allowDebt,
      } as const;
      const outcome = await makeDocument(infobase, now, request, dryRun);
      if (!outcome.ok) {
        if (outcome.why === null) throw refuseRows(outcome.mistakes.map(nameMistake));
        throw refuseOperation({ ...outcome, why: outcome.why });
      }
      const body = { document: outcome.document, dryRun, lines: outcome.lines.map(showMadeLine) };
      return { status: dryRun ? 200 : 201, body };
    },
  }),
];

/** The row as the reader of files takes it: one set of rules for both. */
function toTexts({
  cardNumber: card,
  receipts,
  ...rest
}: z.output<typeof row>): Partial<Record<DocumentField, string>> {
  const texts = { card, ...rest, ...(receipts === undefined ? {} : { receipts: String(receipts) }) };
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined));
}

interface FoundMistake extends Omit<RowMistake, 'column'> {
  readonly field: DocumentField | null;
}

function nameMistake({ line, field, value, why }: FoundMistake): RowMistake {
  return { line, column: field === 'card' ? 'cardNumber' : field, value, why };
}

function showMadeLine({ cardNumber, effect, after }: DocumentLine) {
  const { rows, pending } = effect;
  const accruals = [...rows.map((one) => ({ ...one, creditOn: null })), ...pending].map(
    ({ measure, amount, creditOn, writeOffOn }) => ({
      measure,
      amount:
        measure === 'receipts' ? String(amount) : showMeasures({ bonus: amount, accumulation: 0, receipts: 0 }).bonus,
      creditDate: creditOn,
      writeOffDate: writeOffOn,
    }),
  );
  return { cardNumber, accruals, after: showMeasures(after) };
}

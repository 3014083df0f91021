// Opening balances from files of the old system: imports, their list, and taking one back.
import { z } from 'zod';
import { dateOf } from '../../ledger/local-date-time.ts';
import { formatSum, parseKopecks } from '../../ledger/money.ts';
import { resultCodes } from '../../ledger/result.ts';
import { formatDocumentId } from '../../operations/billing/document-id.ts';
import {
  listImports,
  openingKinds,
  type ListedImport,
  type OpeningKind,
} from '../../operations/opening/list-imports.ts';
import type { ImportField } from '../../operations/opening/opening-request.ts';
import { reverseImport } from '../../operations/opening/reverse-import.ts';
import { startImport, type ImportResult } from '../../works/start-import.ts';
import { measuresOut, showMeasures } from '../billing/document-schemas.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import * as examples from './import-examples.ts';
import { JsonRefusal, refuseHttp, refuseRows } from '../json-refusal.ts';
import { countText, date, dateOut, flagText, idText, momentOut, notEmpty, nullable, oneOf } from '../scalars.ts';
import { answerGoesOn, takeStarted, waitForEnd, work } from '../works/work-schemas.ts';

const shared = { tag: 'Ввод остатков', roles: ['admin', 'auditor'], gate: 'door' } as const;

/** Of a million rows, in whatever form. */
const fileLimitBytes = 64 * 1024 ** 2;
export const tableTypes = ['text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'] as const;

const listed = z
  .strictObject({
    id: z.int(),
    document: z.enum(openingKinds),
    state: z.enum(['stands', 'reversed', 'gone']).meta({ description: 'gone: удалён вместе с биллингом' }),
    reverses: z.int().nullable().meta({ description: 'Ввод, который сторнирован этой записью' }),
    reversedBy: z.int().nullable(),
    recordedAt: momentOut,
    madeBy: z.string().nullable(),
    fileName: z.string(),
    date: dateOut,
    name: z.string().nullable(),
    rows: z.int(),
    badRows: z.int(),
    cards: z.int(),
    created: z.int(),
    ...measuresOut,
  })
  .meta({ id: 'Import' });
const imports = z.strictObject({ imports: z.array(listed) }).meta({ id: 'Imports' });

const imported = z
  .strictObject({
    id: z.int().nullable().meta({ description: 'null при проверке без записи' }),
    name: z.string().nullable().meta({ description: 'Документ' }),
    documentId: z.string().nullable(),
    dryRun: z.boolean(),
    file: z.strictObject({
      format: z.enum(['csv', 'xlsx']),
      encoding: z.string().nullable(),
      sheet: z.string().nullable(),
    }),
    rows: z.int(),
    badRows: z.int(),
    leftOutRows: z.int().meta({ description: 'Итоги, группы и прочие строки отчёта' }),
    cards: z.int(),
    created: z.int().meta({ description: 'Новых карт' }),
    ...measuresOut,
    mistakes: z
      .array(
        z.strictObject({
          line: z.int(),
          column: z.string().nullable(),
          value: z.string().nullable(),
          why: z.string(),
        }),
      )
      .meta({ description: 'Строки, которые оставлены (skipBad)' }),
  })
  .meta({ id: 'Imported' });

const reversal = z
  .strictObject({
    id: z.int().nullable(),
    name: z.string().nullable(),
    dryRun: z.boolean(),
    reverses: z.int(),
    cards: z.int(),
    ...measuresOut,
  })
  .meta({ id: 'ImportReversal' });

const aTotal = 'текст с суммой, например "123.45"';
const total = z
  .string({ error: aTotal })
  .regex(/^-?\d{1,13}(\.\d{1,2})?$/, { error: aTotal })
  .transform((text) => (text.startsWith('-') ? -Number(parseKopecks(text.slice(1))) : Number(parseKopecks(text))));

const importQuery = z.strictObject({
  document: oneOf(openingKinds).meta({ description: 'В «Накопления» или в регистры биллинга' }),
  fileName: z.string().max(200).default('import').meta({ description: 'Имя файла для списка вводов' }),
  date: nullable(date).meta({ description: 'Дата документа; иначе сегодня' }),
  unknownCards: oneOf(['refuse', 'create'])
    .default('refuse')
    .meta({ description: 'Что делать с номером, которого нет' }),
  kind: nullable(notEmpty).meta({ description: 'Вид новых карт, если его нет в строке' }),
  allowDebt: flagText.meta({ description: 'Принимать суммы меньше нуля' }),
  skipBad: flagText.meta({ description: 'Оставить строки с ошибками, а не отказать файлу' }),
  add: flagText.meta({ description: 'Прибавить к картам, у которых ввод остатков уже есть' }),
  force: flagText.meta({ description: 'Принять файл, который уже загружали' }),
  dryRun: flagText.meta({ description: 'Проверить, не записывая' }),
  async: flagText.meta({ description: 'Не ждать конца: сразу 202' }),
  sheet: z.string().max(200).optional().meta({ description: 'Лист книги; иначе первый видимый' }),
  expectRows: countText(0, 999_999_999).optional().meta({ description: 'Отказать, если строк не столько' }),
  expectCards: countText(0, 999_999_999).optional(),
  expectBonus: total.optional().meta({ description: 'Отказать, если сумма бонусов не такая' }),
  expectAccumulation: total.optional(),
  expectReceipts: countText(0, 999_999_999).optional(),
});

export const importEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    ...shared,
    statuses: [],
    name: 'listImports',
    method: 'GET',
    path: 'imports',
    summary: 'Вводы остатков и их сторно',
    input: {},
    reply: imports,
    examples: examples.listImports,
    answer: async ({ infobase }) => ({ body: { imports: (await listImports(infobase)).map(showListed) } }),
  }),
  defineEndpoint({
    ...shared,
    roles: ['admin'],
    statuses: [200, 201, 202, 409],
    name: 'importOpening',
    method: 'POST',
    path: 'imports',
    summary: 'Ввести остатки из файла',
    description:
      'Тело — файл CSV или XLSX. Один документ на весь файл, или ничего. dryRun=true проверяет файл (200). Работа ' +
      'дольше десяти секунд идёт дальше в сервисе (202).',
    input: { query: importQuery, file: { types: tableTypes, limitBytes: fileLimitBytes } },
    reply: z.union([imported, work]).meta({ id: 'ImportAnswer' }),
    examples: examples.importOpening,
    answer: async (at, { bytes, ...query }) => {
      const task = {
        source: { bytes },
        fileName: query.fileName,
        sheet: query.sheet,
        request: toRequest(at.now, query),
      };
      const begun = takeStarted(startImport(at.tools, at, task));
      const ended = query.async ? undefined : await waitForEnd(at, begun);
      if (ended === undefined) return answerGoesOn(begun);
      const result = ended.result as ImportResult | undefined;
      if (result === undefined || ended.incident !== undefined) throw refuseHttp(409, ended.failure ?? '');
      if (!result.outcome.ok) throw refuseImport(result);
      return { status: result.isDryRun ? 200 : 201, body: showImported(query.document, result, result.outcome) };
    },
  }),
  defineEndpoint({
    ...shared,
    roles: ['admin'],
    statuses: [200, 404, 409],
    name: 'reverseImport',
    method: 'POST',
    path: 'imports/{id}/reverse',
    summary: 'Сторнировать ввод остатков',
    description: 'Документ по тем же картам с обратными суммами, если регистры позволяют.',
    input: {
      path: z.strictObject({ id: idText.meta({ description: 'id из списка' }) }),
      query: z.strictObject({ dryRun: flagText }),
    },
    reply: reversal,
    examples: examples.reverseImport,
    answer: async ({ infobase, now, user: madeBy }, { id: number, dryRun }) => {
      if (!(await listImports(infobase)).some((one) => one.number === number)) {
        throw refuseHttp(404, `Ввода остатков ${number} нет`);
      }
      const outcome = await reverseImport(infobase, now, { number, madeBy, isDryRun: dryRun });
      if (!outcome.ok) {
        const cards = outcome.cards.map(({ cardNumber, why }) => `${cardNumber}: ${why}`);
        throw refuseHttp(409, [outcome.why, ...cards].join('; '));
      }
      const { number: id, document: name, cards, ...sums } = outcome.reversal;
      return { status: 200, body: { id, name, dryRun, reverses: number, cards, ...showMeasures(sums) } };
    },
  }),
];

function toRequest(now: Parameters<typeof dateOf>[0], query: z.output<typeof importQuery>) {
  const { expectRows, expectCards, expectBonus, expectAccumulation, expectReceipts } = query;
  const expected = {
    rows: expectRows,
    cards: expectCards,
    bonus: expectBonus,
    accumulation: expectAccumulation,
    receipts: expectReceipts,
  };
  return {
    kind: query.document,
    datedOn: query.date ?? dateOf(now),
    mayCreate: query.unknownCards === 'create',
    mayOwe: query.allowDebt,
    kindCode: query.kind,
    columns: {},
    expected: Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined)),
    isForced: query.force,
    mayAdd: query.add,
    mayLeaveOut: query.skipBad,
    isDryRun: query.dryRun,
  };
}

/** What of the query stands in the way. */
const fields: Readonly<Record<ImportField, string>> = {
  kind: 'document',
  datedOn: 'date',
  kindCode: 'kind',
  expected: 'expect',
  isForced: 'force',
  mayAdd: 'add',
  mayLeaveOut: 'skipBad',
};

function refuseImport({ outcome, mistakes, mistakeCount }: ImportResult): JsonRefusal {
  if (outcome.ok) throw new Error('an import that was made is not refused');
  if (mistakes.length > 0) return refuseRows(mistakes, mistakeCount);
  const { field, why, standing } = outcome;
  const cards = standing.map(({ cardNumber, document }) => `${cardNumber}: ${document}`);
  const text = [why, ...cards].join('; ');
  const status = field === 'datedOn' || field === 'kindCode' ? 400 : 409;
  const code = status === 400 ? resultCodes.badArgument : status;
  return new JsonRefusal(status, field === null ? { code, text } : { code, text, field: fields[field] });
}

function showImported(
  kind: OpeningKind,
  { isDryRun, file, mistakes }: ImportResult,
  outcome: Extract<ImportResult['outcome'], { readonly ok: true }>,
): z.input<typeof imported> {
  const { totals, badRows, leftOut, number, document, documentId } = outcome;
  const register = kind === 'opening-balance' ? 'billing' : 'accumulation';
  const { footRows, uncomparedRows, groupRows, otherRows } = leftOut;
  return {
    id: number,
    name: document,
    documentId: documentId === null ? null : formatDocumentId({ register, id: documentId }),
    dryRun: isDryRun,
    file: { format: file.format, encoding: file.encoding, sheet: file.sheet?.name ?? null },
    rows: totals.rows,
    badRows,
    leftOutRows: footRows + uncomparedRows + groupRows + otherRows,
    cards: totals.cards,
    created: totals.created,
    bonus: formatSum(totals.bonus),
    accumulation: formatSum(totals.accumulation),
    receipts: totals.receipts,
    mistakes: mistakes.map(({ line, column, value, why }) => ({ line, column, value, why })),
  };
}

function showListed(one: ListedImport): z.input<typeof listed> {
  const { number: id, kind, state, reverses, reversedBy, recordedAt, by, fileName, datedOn, document: name } = one;
  const { rows, badRows, cards, created } = one;
  return {
    id,
    document: kind,
    state,
    reverses,
    reversedBy: reversedBy === null ? null : reversedBy.number,
    recordedAt,
    madeBy: by,
    fileName,
    date: datedOn,
    name,
    rows,
    badRows,
    cards,
    created,
    ...showMeasures(one),
  };
}

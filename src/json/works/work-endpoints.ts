// Long work of the service, and the nights, which are such work.
import { z } from 'zod';
import { dateOf } from '../../ledger/local-date-time.ts';
import { formatTotalSum } from '../../ledger/money.ts';
import { resultCodes } from '../../ledger/result.ts';
import { formatDocumentId } from '../../operations/billing/document-id.ts';
import { previewNight, type NightTotal } from '../../operations/night/preview-night.ts';
import { readNightRuns } from '../../operations/night/read-night-runs.ts';
import { findDueDate, findNextNight } from '../../operations/night/run-night.ts';
import { nightObstacleTexts, startNights } from '../../works/start-nights.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { JsonRefusal, refuseHttp } from '../json-refusal.ts';
import { countText, date, dateOut, momentOut, notEmpty } from '../scalars.ts';
import * as examples from './work-examples.ts';
import { answerStarted, showWork, work, works } from './work-schemas.ts';

const shared = { tag: 'Долгая работа', roles: ['admin', 'auditor'], gate: 'none' } as const;
const night = { tag: 'Ночной регламент', roles: ['admin', 'auditor'], gate: 'door' } as const;
const workPath = z.strictObject({ id: notEmpty.meta({ description: 'id работы' }) });

const nightTask = z
  .strictObject({
    date: date.nullable().optional().meta({ description: 'До какой даты включительно; иначе до срока' }),
  })
  .meta({ id: 'NightTask' });

const nightTotal = z
  .strictObject({
    cards: z.int(),
    bonus: z.string().meta({ examples: ['123.45'] }),
    accumulation: z.string().meta({ examples: ['123.45'] }),
    receipts: z.string(),
  })
  .meta({ id: 'NightTotal' });
const nightPreview = z
  .strictObject({
    date: dateOut,
    nightsBefore: z.int().meta({ description: 'Ночей до неё' }),
    writeOff: nightTotal,
    accrual: nightTotal,
  })
  .meta({ id: 'NightPreview' });
const nightRuns = z
  .strictObject({
    obstacle: z.string().nullable().meta({ description: 'Почему регламент не выполняется' }),
    lastNight: dateOut.nullable(),
    runs: z.array(
      z.strictObject({
        date: dateOut,
        startedAt: momentOut,
        finishedAt: momentOut.nullable(),
        writeOffDocumentId: z.string().nullable(),
        writeOffLines: z.int(),
        accrualDocumentId: z.string().nullable(),
        accrualLines: z.int(),
      }),
    ),
  })
  .meta({ id: 'NightRuns' });

export const workEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    ...shared,
    statuses: [],
    name: 'listWork',
    method: 'GET',
    path: 'work',
    summary: 'Долгая работа',
    description: 'От новой к старой, последние пятьдесят; после перезапуска сервиса список пуст.',
    input: {},
    reply: works,
    examples: examples.listWork,
    answer: async ({ infobase, tools }) => ({ body: { work: tools.work.list(infobase.name).map(showWork) } }),
  }),
  defineEndpoint({
    ...shared,
    statuses: [404],
    name: 'getWork',
    method: 'GET',
    path: 'work/{id}',
    summary: 'Состояние работы',
    input: { path: workPath },
    reply: work,
    examples: examples.getWork,
    answer: async ({ infobase, tools }, { id }) => {
      const found = tools.work.find(infobase.name, id);
      if (found === undefined) throw refuseHttp(404, 'Такой работы нет: список пуст после перезапуска сервиса');
      return { body: showWork(found) };
    },
  }),
  defineEndpoint({
    ...shared,
    roles: ['admin'],
    statuses: [202, 404, 409],
    name: 'stopWork',
    method: 'POST',
    path: 'work/{id}/stop',
    summary: 'Остановить работу',
    description: 'Она остановится там, где может: то, что уже записано, остаётся.',
    input: { path: workPath },
    reply: work,
    examples: examples.stopWork,
    answer: async ({ infobase, tools }, { id }) => {
      const isAsked = tools.work.requestStop(infobase.name, id);
      const found = tools.work.find(infobase.name, id);
      if (found === undefined) throw refuseHttp(404, 'Такой работы нет: список пуст после перезапуска сервиса');
      if (!isAsked) throw refuseHttp(409, 'Работа уже закончена');
      return { status: 202, body: showWork(found) };
    },
  }),
  defineEndpoint({
    ...night,
    roles: ['admin'],
    statuses: [202, 409],
    name: 'runNights',
    method: 'POST',
    path: 'night/run',
    summary: 'Выполнить ночной регламент',
    description: 'За все даты, срок которых пришёл, по порядку.',
    input: { body: nightTask },
    reply: work,
    examples: examples.runNights,
    answer: async ({ infobase, clock, user, now, tools }, { date: given }) => {
      if (given !== undefined && given !== null && given > dateOf(now)) {
        const text = `Дата ${given} ещё не наступила: сейчас ${now}`;
        throw new JsonRefusal(400, { code: resultCodes.badArgument, text, field: 'date' });
      }
      const dueOn = given ?? findDueDate(now, tools.nightTime);
      const next = await findNextNight(infobase, dueOn);
      if (next.code === 'not_run') throw refuseHttp(409, nightObstacleTexts[next.why]);
      return answerStarted(startNights(tools, { infobase, clock, user }, dueOn));
    },
  }),
  defineEndpoint({
    ...night,
    statuses: [409],
    name: 'previewNight',
    method: 'GET',
    path: 'night/preview',
    summary: 'Что сделает ночной регламент',
    description: 'За дату не дальше десяти лет, если до неё больше ничего не случится. Ничего не меняет.',
    input: { query: z.strictObject({ date }) },
    reply: nightPreview,
    examples: examples.previewNight,
    answer: async ({ infobase }, { date: on }) => {
      const found = await previewNight(infobase, on, { pause: () => new Promise<void>((go) => void setImmediate(go)) });
      switch (found.code) {
        case 'done': {
          const { businessOn, nightsBefore, writeOff, accrual } = found;
          const totals = { writeOff: showTotal(writeOff), accrual: showTotal(accrual) };
          return { body: { date: businessOn, nightsBefore, ...totals } };
        }
        case 'done_before':
          throw refuseHttp(409, `Эта ночь уже выполнена: последняя выполнена за ${found.lastNightOn}`);
        case 'too_far':
          throw refuseHttp(409, `Слишком далёкая дата: не позже ${found.lastOn}`);
        case 'not_run':
          throw refuseHttp(409, nightObstacleTexts[found.why]);
        case 'stopped':
          throw new Error('a preview that nobody stops was stopped');
      }
    },
  }),
  defineEndpoint({
    ...night,
    statuses: [],
    name: 'listNights',
    method: 'GET',
    path: 'night/runs',
    summary: 'Выполненные ночи',
    description: 'От новых к старым.',
    input: { query: z.strictObject({ limit: countText(1, 1_000).default(100) }) },
    reply: nightRuns,
    examples: examples.listNights,
    answer: async ({ infobase }, { limit }) => {
      const { obstacle, lastNightOn, runs } = await readNightRuns(infobase, limit);
      return {
        body: {
          obstacle: obstacle === null ? null : nightObstacleTexts[obstacle],
          lastNight: lastNightOn,
          runs: runs.map(({ businessOn, startedAt, finishedAt, writeOffLines, accrualLines, ...documents }) => ({
            date: businessOn,
            startedAt,
            finishedAt,
            writeOffDocumentId: nameId(documents.writeOffDocumentId),
            writeOffLines,
            accrualDocumentId: nameId(documents.accrualDocumentId),
            accrualLines,
          })),
        },
      };
    },
  }),
];

function nameId(id: number | null): string | null {
  return id === null ? null : formatDocumentId({ register: 'billing', id });
}

function showTotal({ lines: cards, sums }: NightTotal): z.input<typeof nightTotal> {
  const { bonus, accumulation, receipts } = sums;
  return {
    cards,
    bonus: formatTotalSum(bonus),
    accumulation: formatTotalSum(accumulation),
    receipts: String(receipts),
  };
}

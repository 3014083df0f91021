// Switching billing on and off, as the form of the source has it: the current state, switching on with the posting again of
// documents since the start, switching off after three confirmations.
import { z } from 'zod';
import { stages } from '../../ledger/settings.ts';
import { confirmations, findBillingRemains, leaveDisabling } from '../../operations/enabling/disable-billing.ts';
import type { Repost } from '../../operations/enabling/enable-billing.ts';
import { pauseEnablingRun } from '../../operations/enabling/pause-enabling.ts';
import {
  previewEnabling,
  readBillingStatus,
  type BillingStatus,
} from '../../operations/enabling/read-billing-status.ts';
import { rehearseEnabling } from '../../operations/enabling/rehearse-enabling.ts';
import { startDisabling } from '../../works/start-disabling.ts';
import { explainEnd, startEnabling } from '../../works/start-enabling.ts';
import * as examples from './billing-examples.ts';
import { defineEndpoint, type Circumstances, type Endpoint } from '../endpoint.ts';
import { refuseHttp, refuseOperation } from '../json-refusal.ts';
import { countText, date, dateOut, idText, momentOut } from '../scalars.ts';
import { answerStarted, work } from '../works/work-schemas.ts';

const shared = { tag: 'Биллинг', roles: ['admin'], gate: 'none' } as const;

const billing = z
  .strictObject({
    stage: z.enum(stages),
    startDate: dateOut.nullable(),
    lastNight: dateOut.nullable(),
    exclusive: z
      .strictObject({ purpose: z.enum(['enabling', 'disabling']), since: momentOut })
      .nullable()
      .meta({ description: 'Кассы получают код 10; null, если обслуживаются' }),
    runner: z.string().nullable().meta({ description: 'Процесс, который сейчас включает или выключает биллинг' }),
    enabling: z
      .strictObject({
        startDate: dateOut,
        phase: z.enum(['opening', 'posting', 'done']),
        isPaused: z.boolean(),
        documents: z.int(),
        posted: z.int(),
        waiting: z.int(),
        failed: z.int(),
        nightsDone: z.int(),
        nightsDue: z.int(),
        documentsPerSecond: z.int().nullable(),
        failures: z
          .array(
            z.strictObject({
              receiptId: z.int(),
              kind: z.string(),
              kkm: z.string(),
              shiftNumber: z.int(),
              receiptNumber: z.int(),
              receiptDate: momentOut,
              cardNumber: z.string(),
              why: z.string().nullable(),
            }),
          )
          .meta({ description: 'Первые документы с ошибками' }),
      })
      .nullable()
      .meta({ description: 'Включение с перепроведением; null, если его не было' }),
  })
  .meta({ id: 'Billing' });

const enableTask = z
  .strictObject({
    startDate: date.meta({ description: 'Сегодня или раньше' }),
    exclusive: z.literal(true, { error: 'true: пока биллинг включается, кассы получают код 10' }).meta({
      description: 'Включить монопольный режим',
    }),
  })
  .meta({ id: 'EnableBilling' });

const disableTask = z
  .strictObject({
    confirm: z
      .array(z.enum(confirmations, { error: '"1", "2", "3"' }), { error: 'список подтверждений: "1", "2", "3"' })
      .refine((given) => confirmations.every((one) => given.includes(one)), {
        error: 'все три подтверждения: "1", "2", "3"',
      })
      .meta({
        description:
          '1: это та база; 2: документы биллинга и сальдо будут физически уничтожены; 3: копия будет сделана',
      }),
  })
  .meta({ id: 'DisableBilling' });

export const billingEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    ...shared,
    roles: ['admin', 'auditor'],
    statuses: [],
    name: 'getBilling',
    method: 'GET',
    path: 'billing',
    summary: 'Состояние биллинга',
    input: {
      query: z.strictObject({ limit: countText(0, 1_000).default(20).meta({ description: 'Документов с ошибками' }) }),
    },
    reply: billing,
    examples: examples.getBilling,
    answer: async (at, { limit }) => ({ body: await showBilling(at, limit) }),
  }),
  defineEndpoint({
    ...shared,
    statuses: [202, 409],
    name: 'enableBilling',
    method: 'POST',
    path: 'billing/enable',
    summary: 'Включить биллинг',
    description: 'Ввод начальных остатков, потом перепроведение всех документов от даты начала, с ночами между ними.',
    input: { body: enableTask },
    reply: work,
    examples: examples.enableBilling,
    answer: async (at, { startDate: startOn }) => {
      const found = await previewEnabling(at.infobase, at.now, startOn, at.tools.nightTime);
      if (!found.ok) throw refuseOperation(found, { startOn: 'startDate' });
      return answerStarted(startEnabling(at.tools, at, { sort: 'enable', startOn }));
    },
  }),
  defineEndpoint({
    ...shared,
    statuses: [409],
    name: 'pauseBilling',
    method: 'POST',
    path: 'billing/pause',
    summary: 'Приостановить включение',
    description: 'В каком бы процессе оно ни шло. Кассы по-прежнему получают код 10.',
    input: {},
    reply: billing,
    examples: examples.pauseBilling,
    answer: async (at) => {
      if (!(await pauseEnablingRun(at.infobase))) throw refuseHttp(409, 'Биллинг сейчас не включают');
      return { body: await showBilling(at, 0) };
    },
  }),
  defineEndpoint({
    ...shared,
    statuses: [202, 409],
    name: 'continueBilling',
    method: 'POST',
    path: 'billing/continue',
    summary: 'Продолжить включение',
    input: {},
    reply: work,
    examples: examples.continueBilling,
    answer: async (at) => {
      await checkRun(at);
      return answerStarted(startEnabling(at.tools, at, { sort: 'continue' }));
    },
  }),
  defineEndpoint({
    ...shared,
    statuses: [202, 409],
    name: 'repostFailed',
    method: 'POST',
    path: 'billing/repost',
    summary: 'Перепровести документы с ошибками',
    input: {},
    reply: work,
    examples: examples.repostFailed,
    answer: async (at) => repost(at, 'failed'),
  }),
  defineEndpoint({
    ...shared,
    statuses: [202, 409],
    name: 'repostReceipt',
    method: 'POST',
    path: 'billing/repost/{receiptId}',
    summary: 'Перепровести документ чека',
    input: { path: z.strictObject({ receiptId: idText.meta({ description: 'id чека' }) }) },
    reply: work,
    examples: examples.repostReceipt,
    answer: async (at, which) => repost(at, which),
  }),
  defineEndpoint({
    ...shared,
    statuses: [202, 409],
    name: 'disableBilling',
    method: 'POST',
    path: 'billing/disable',
    summary: 'Выключить биллинг',
    description:
      'Сначала копия базы рядом с ней, потом все документы биллинга и сальдо физически уничтожаются. Карты, чеки и ' +
      '«Накопления» остаются.',
    input: { body: disableTask },
    reply: work,
    examples: examples.disableBilling,
    answer: async (at) => {
      if ((await findBillingRemains(at.infobase)) === undefined) throw await leaveOff(at);
      return answerStarted(startDisabling(at.tools, at));
    },
  }),
];

async function repost(at: Circumstances, which: Repost) {
  await checkRun(at, which);
  return answerStarted(startEnabling(at.tools, at, { sort: 'repost', which }));
}

/** @throws JsonRefusal (409) where there is nothing to continue. */
async function checkRun({ infobase, now, tools }: Circumstances, which?: Repost): Promise<void> {
  const found = await rehearseEnabling(infobase, now, {
    holder: tools.nameRunner(),
    readMs: tools.readWallMs,
    nightTime: tools.nightTime,
    ...(which === undefined ? {} : { which }),
  });
  if (found.code !== 'ready') throw refuseHttp(409, explainEnd(found));
}

/** Billing is off already; a switching-off that was broken off before it removed anything may have left the tills out. */
async function leaveOff({ infobase, tools }: Circumstances) {
  const left = await leaveDisabling(infobase, tools.nameRunner(), tools.readWallMs());
  return refuseHttp(409, left.code === 'left' ? 'Биллинг выключен; кассы снова обслуживаются' : 'Биллинг выключен');
}

async function showBilling({ infobase, now, tools }: Circumstances, limit: number): Promise<z.input<typeof billing>> {
  const { nightTime, readWallMs } = tools;
  const found = await readBillingStatus(infobase, now, { limit, nightTime, nowMs: readWallMs() });
  const { stage, startOn, lastNightOn, exclusive, enabling, holder } = found;
  return {
    stage: stage as (typeof stages)[number],
    startDate: startOn,
    lastNight: lastNightOn,
    exclusive: exclusive === null ? null : { purpose: exclusive.purpose, since: exclusive.sinceAt },
    runner: holder,
    enabling: enabling === null ? null : showEnabling(enabling),
  };
}

function showEnabling(enabling: NonNullable<BillingStatus['enabling']>) {
  const { startOn, phase, isPaused, documents, counts, nightsDone, nightsDue, documentsPerSecond, failed } = enabling;
  return {
    startDate: startOn,
    phase,
    isPaused,
    documents,
    posted: counts.posted,
    waiting: counts.waiting,
    failed: counts.failed,
    nightsDone,
    nightsDue,
    documentsPerSecond,
    failures: failed.map(({ receiptId, kind, kkm, shiftNumber, receiptNumber, receiptAt, cardNumber, why }) => {
      return { receiptId, kind, kkm, shiftNumber, receiptNumber, receiptDate: receiptAt, cardNumber, why };
    }),
  };
}

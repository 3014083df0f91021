// How the service and its infobase stand.
import { z } from 'zod';
import { describeResult } from '../../ledger/result.ts';
import { stages } from '../../ledger/settings.ts';
import { describeService } from '../../operations/admin/describe-service.ts';
import { defineEndpoint, versionMark, type Endpoint } from '../endpoint.ts';
import { momentOut } from '../scalars.ts';

const status = z
  .strictObject({
    code: z.int().meta({ description: '0, или почему кассы не обслуживаются: 8, 9 или 10' }),
    text: z.string(),
    version: z.string(),
    serverTime: momentOut,
    stage: z.enum(stages),
    billingEnabled: z.boolean(),
    billingStartDate: momentOut.nullable(),
    subscription: z.boolean(),
  })
  .meta({ id: 'Status' });

export const serviceEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    tag: 'Сервис',
    roles: ['till', 'admin', 'auditor'],
    gate: 'none',
    statuses: [],
    name: 'getStatus',
    method: 'GET',
    path: 'status',
    summary: 'Состояние базы',
    description: 'Как по SOAP. Отвечает в любой стадии, и без подписки.',
    input: {},
    reply: status,
    examples: [
      {
        name: 'online',
        summary: 'Стадия «онлайн»',
        status: 200,
        reply: {
          code: 0,
          text: 'Выполнено.',
          version: versionMark,
          serverTime: '2026-11-22T12:00:00',
          stage: 'online',
          billingEnabled: false,
          billingStartDate: null,
          subscription: true,
        },
      },
    ],
    answer: async ({ infobase, now, serviceVersion }) => {
      const { code, version, serverAt, stage, billingEnabled, billingStartAt, hasSubscription } = await describeService(
        infobase,
        now,
        serviceVersion,
      );
      const body = {
        code,
        text: describeResult(code),
        version,
        serverTime: serverAt,
        stage: stage as (typeof stages)[number],
        billingEnabled,
        billingStartDate: billingStartAt,
        subscription: hasSubscription,
      };
      return { body, code };
    },
  }),
];

// The sealed business days.
import { z } from 'zod';
import { listSealsBefore } from '../../operations/seals/list-seals.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { countText, dateOut, idText, momentOut, nullable } from '../scalars.ts';
import { listSeals as examples } from './seal-examples.ts';

const seal = z
  .strictObject({
    number: z.int(),
    businessOn: dateOut.meta({ description: 'Последний день, который закрывает пломба' }),
    sealedAt: momentOut,
    units: z.int().meta({ description: 'Сколько записано после прошлой пломбы' }),
    changed: z.int().meta({ description: 'Сколько из прошлых дней изменилось' }),
    digest: z.string().meta({ description: 'SHA-256; последний храните вне базы' }),
  })
  .meta({ id: 'Seal' });

const sealPage = z.strictObject({ seals: z.array(seal), next: z.string().nullable() }).meta({ id: 'SealPage' });

export const sealEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    tag: 'Администратор',
    roles: ['admin', 'auditor'],
    gate: 'none',
    statuses: [],
    name: 'listSeals',
    method: 'GET',
    path: 'seals',
    summary: 'Пломбы дней',
    description: 'Дайджест дня по всему, что записано, вместе с дайджестом прошлой пломбы. От новых к старым.',
    input: {
      query: z.strictObject({
        limit: countText(1, 1_000).default(100).meta({ description: 'Пломб на странице' }),
        cursor: nullable(idText).meta({ description: 'next прошлой страницы' }),
      }),
    },
    reply: sealPage,
    examples,
    answer: async ({ infobase }, { limit, cursor }) => {
      const { seals, next } = await listSealsBefore(infobase, cursor, limit);
      const rows = seals.map(({ id: number, businessOn, sealedAt, units, changed, digest }) => {
        return { number, businessOn, sealedAt, units, changed, digest };
      });
      return { body: { seals: rows, next: next === null ? null : String(next) } };
    },
  }),
];

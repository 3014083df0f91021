// Shops and their tills.
import { z } from 'zod';
import {
  listShops,
  listTills,
  listUnknownTills,
  removeShop,
  removeTill,
  saveShop,
  saveTill,
} from '../../operations/catalogs/shops.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { refuseHttp, refuseOperation } from '../json-refusal.ts';
import { notEmpty } from '../scalars.ts';
import * as examples from './shop-examples.ts';

const read = { tag: 'Магазины и кассы', roles: ['admin', 'auditor'], gate: 'door', statuses: [] } as const;
const write = { tag: 'Магазины и кассы', roles: ['admin'], gate: 'door' } as const;

const shop = z.strictObject({ code: z.string(), name: z.string() }).meta({ id: 'Shop' });
const shops = z.strictObject({ shops: z.array(shop) }).meta({ id: 'Shops' });
const shopChange = z.strictObject({ name: z.string({ error: 'текст' }).optional() }).meta({
  id: 'ShopChange',
  description: 'Новому магазину нужно имя',
});
const shopPath = z.strictObject({ code: notEmpty.meta({ description: 'Код магазина' }) });

const till = z
  .strictObject({
    kkm: z.string(),
    shop: z.string().nullable(),
    isSynced: z.boolean().meta({ description: 'Работает без связи и подтверждает пакеты синхронизации' }),
  })
  .meta({ id: 'Till' });
const tills = z
  .strictObject({
    tills: z.array(till),
    unknown: z.array(z.string()).meta({ description: 'Обращались к сервису, а в списке их нет' }),
  })
  .meta({ id: 'Tills' });
const tillChange = z
  .strictObject({
    shop: z.string({ error: 'код магазина или null' }).nullable().optional(),
    isSynced: z.boolean({ error: 'true или false' }).optional(),
  })
  .meta({ id: 'TillChange', description: 'Чего нет, остаётся как было' });
const tillPath = z.strictObject({ kkm: notEmpty.meta({ description: 'Имя, которым касса называет себя' }) });

export const shopEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    ...read,
    name: 'listShops',
    method: 'GET',
    path: 'shops',
    summary: 'Магазины',
    input: {},
    reply: shops,
    examples: examples.listShops,
    answer: async ({ infobase }) => ({ body: { shops: [...(await listShops(infobase))] } }),
  }),
  defineEndpoint({
    ...write,
    statuses: [200, 201],
    name: 'saveShop',
    method: 'PUT',
    path: 'shops/{code}',
    summary: 'Создать или изменить магазин',
    input: { path: shopPath, body: shopChange },
    reply: shop,
    examples: examples.saveShop,
    answer: async ({ infobase }, { code, name }) => {
      const outcome = await saveShop(infobase, code, name);
      if (!outcome.ok) throw refuseOperation(outcome);
      const saved = (await listShops(infobase)).find((one) => one.code === code);
      if (saved === undefined) throw refuseHttp(404, `Магазина ${code} больше нет`);
      return { status: outcome.isNew ? 201 : 200, body: saved };
    },
  }),
  defineEndpoint({
    ...write,
    statuses: [204, 404, 409],
    name: 'removeShop',
    method: 'DELETE',
    path: 'shops/{code}',
    summary: 'Удалить магазин',
    description: 'Магазин с кассами или документами остаётся.',
    input: { path: shopPath },
    reply: undefined,
    examples: examples.removeShop,
    answer: async ({ infobase }, { code }) => {
      const outcome = await removeShop(infobase, code);
      if (!outcome.ok) throw refuseOperation(outcome);
      return { status: 204 };
    },
  }),
  defineEndpoint({
    ...read,
    name: 'listTills',
    method: 'GET',
    path: 'tills',
    summary: 'Кассы',
    input: {},
    reply: tills,
    examples: examples.listTills,
    answer: async ({ infobase }) => ({
      body: { tills: (await listTills(infobase)).map(showTill), unknown: [...(await listUnknownTills(infobase))] },
    }),
  }),
  defineEndpoint({
    ...write,
    statuses: [200, 201],
    name: 'saveTill',
    method: 'PUT',
    path: 'tills/{kkm}',
    summary: 'Добавить или изменить кассу',
    description: 'Документы, которые касса уже принесла, остаются за прежним магазином.',
    input: { path: tillPath, body: tillChange },
    reply: till,
    examples: examples.saveTill,
    answer: async ({ infobase }, { kkm, shop: shopCode, isSynced }) => {
      const change = {
        ...(shopCode === undefined ? {} : { shopCode }),
        ...(isSynced === undefined ? {} : { isSynced }),
      };
      const outcome = await saveTill(infobase, kkm, change);
      if (!outcome.ok) throw refuseOperation(outcome, { shopCode: 'shop' });
      const saved = (await listTills(infobase)).find((one) => one.kkm === kkm);
      if (saved === undefined) throw refuseHttp(404, `Кассы ${kkm} больше нет`);
      return { status: outcome.isNew ? 201 : 200, body: showTill(saved) };
    },
  }),
  defineEndpoint({
    ...write,
    statuses: [204, 404],
    name: 'removeTill',
    method: 'DELETE',
    path: 'tills/{kkm}',
    summary: 'Удалить кассу из списка',
    description: 'Обслуживать её сервис не перестаёт.',
    input: { path: tillPath },
    reply: undefined,
    examples: examples.removeTill,
    answer: async ({ infobase }, { kkm }) => {
      const outcome = await removeTill(infobase, kkm);
      if (!outcome.ok) throw refuseOperation(outcome);
      return { status: 204 };
    },
  }),
];

function showTill({ kkm, shopCode, isSynced }: Awaited<ReturnType<typeof listTills>>[number]): z.input<typeof till> {
  return { kkm, shop: shopCode, isSynced };
}

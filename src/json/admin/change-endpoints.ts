// The log of changes: who changed what, when, from what to what.
import { z } from 'zod';
import { changeSubjects, doors, listChanges } from '../../operations/admin/list-changes.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { countText, date, idText, momentOut, notEmpty, nullable, oneOf } from '../scalars.ts';
import { listChanges as examples } from './change-examples.ts';

const fields = z.record(z.string(), z.unknown()).nullable();

const change = z
  .strictObject({
    id: z.string(),
    recordedAt: momentOut.meta({ description: 'По часам сервера, и в тестовой базе' }),
    by: z.string().meta({ description: 'Пользователь; у командной строки имя@машина' }),
    door: z.enum(doors),
    subject: z.enum(changeSubjects),
    key: z.string().meta({ description: 'Что именно: имя настройки, код вида, номер карты' }),
    before: fields.meta({ description: 'Поля, которые изменились, как были; null, если не было ничего' }),
    after: fields.meta({ description: 'Какими стали; null, если не осталось ничего' }),
  })
  .meta({ id: 'Change' });
const changePage = z.strictObject({ changes: z.array(change), next: z.string().nullable() }).meta({ id: 'ChangePage' });

export const changeEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    tag: 'Администратор',
    roles: ['admin', 'auditor'],
    gate: 'none',
    statuses: [],
    name: 'listChanges',
    method: 'GET',
    path: 'changes',
    summary: 'Журнал изменений',
    description:
      'Кто, когда и откуда изменил настройки, пользователей, справочники, карты, часы, биллинг, кто сделал документ ' +
      'вручную. От новых к старым. Страница может быть короче limit и не последней, если подходит мало записей. ' +
      'Чеки касс здесь не повторяются: их запись - сами чеки.',
    input: {
      query: z.strictObject({
        subject: nullable(oneOf(changeSubjects)).meta({ description: 'Что изменилось' }),
        by: nullable(notEmpty).meta({ description: 'Имя пользователя, точно' }),
        from: nullable(date).meta({ description: 'С даты, включительно' }),
        to: nullable(date).meta({ description: 'По дату, включительно' }),
        limit: countText(1, 1_000).default(100).meta({ description: 'Записей на странице' }),
        cursor: nullable(idText).meta({ description: 'next прошлой страницы' }),
      }),
    },
    reply: changePage,
    examples,
    answer: async ({ infobase }, { limit, cursor, ...filter }) => {
      const { changes, next } = await listChanges(infobase, filter, { limit, before: cursor });
      return {
        body: {
          changes: changes.map((one) => ({ ...one, id: String(one.id) })),
          next: next === null ? null : String(next),
        },
      };
    },
  }),
];

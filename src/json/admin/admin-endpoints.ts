// What an administrator keeps of an infobase: settings, users, and the clock of a test infobase.
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  addClockDays,
  advanceClock,
  advanceLimitDays,
  setClock,
  type AdvanceClockOutcome,
} from '../../operations/admin/move-clock.ts';
import { listSettings, type StandingSetting } from '../../operations/admin/list-settings.ts';
import { saveSetting } from '../../operations/admin/save-setting.ts';
import { addServiceUser, listServiceUsers, removeServiceUser, userRoles } from '../../operations/admin/users.ts';
import * as examples from './admin-examples.ts';
import { defineEndpoint, type Circumstances, type Endpoint } from '../endpoint.ts';
import { refuseHttp, refuseOperation } from '../json-refusal.ts';
import { dateOut, moment, momentOut, notEmpty, oneOf } from '../scalars.ts';

const read = { tag: 'Администратор', roles: ['admin', 'auditor'], gate: 'none' } as const;
const write = { tag: 'Администратор', roles: ['admin'], gate: 'none' } as const;

const setting = z
  .strictObject({
    name: z.string(),
    value: z.string(),
    isOwn: z.boolean().meta({ description: 'false: значение по умолчанию' }),
    expected: z.string().meta({ description: 'Какие значения бывают' }),
    about: z.string(),
  })
  .meta({ id: 'Setting' });
const settings = z.strictObject({ settings: z.array(setting) }).meta({ id: 'Settings' });
const settingChange = z.strictObject({ value: z.string({ error: 'текст' }) }).meta({ id: 'SettingChange' });
const settingName = z.strictObject({ name: notEmpty.meta({ description: 'Имя настройки' }) });

const user = z.strictObject({ name: z.string(), role: z.enum(userRoles), addedAt: momentOut }).meta({ id: 'User' });
const users = z.strictObject({ users: z.array(user) }).meta({ id: 'Users' });
const newUser = z
  .strictObject({
    name: z.string({ error: 'текст' }),
    role: oneOf(userRoles),
    password: z.string({ error: 'текст' }).meta({ description: 'Не короче 6 знаков; в ответах и журнале его нет' }),
    update: z.boolean({ error: 'true или false' }).default(false).meta({
      description: 'Дать известному пользователю эту роль и новый пароль',
    }),
  })
  .meta({ id: 'NewUser' });

const clock = z
  .strictObject({
    now: momentOut,
    isTest: z.boolean().meta({ description: 'true: часы тестовой базы, они стоят, пока их не переведут' }),
  })
  .meta({ id: 'Clock' });
const clockChange = z
  .strictObject({
    now: moment.optional().meta({ description: 'Поставить часы; ночи, срок которых пришёл, выполнит сервис' }),
    advanceTo: moment.optional().meta({ description: 'Перевести и выполнить все ночи на пути' }),
    advanceDays: z
      .int({ error: `целое число от 0 до ${advanceLimitDays}` })
      .min(0)
      .max(advanceLimitDays)
      .optional()
      .meta({ description: 'То же на столько дней' }),
  })
  .refine(
    ({ now, advanceTo, advanceDays }) => [now, advanceTo, advanceDays].filter((one) => one !== undefined).length === 1,
    {
      error: 'одно из полей: now, advanceTo, advanceDays',
    },
  )
  .meta({ id: 'ClockChange' });
const movedClock = z
  .strictObject({
    before: momentOut,
    now: momentOut,
    nights: z.array(z.strictObject({ date: dateOut, writeOffLines: z.int(), accrualLines: z.int() })),
    dueNights: z.int().nullable().meta({ description: 'Ночей, срок которых пришёл; null, если биллинг выключен' }),
  })
  .meta({ id: 'MovedClock' });

export const adminEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    ...read,
    statuses: [],
    name: 'listSettings',
    method: 'GET',
    path: 'settings',
    summary: 'Настройки базы',
    input: {},
    reply: settings,
    examples: examples.listSettings,
    answer: async ({ infobase }) => ({ body: { settings: await listSettings(infobase) } }),
  }),
  defineEndpoint({
    ...read,
    statuses: [404],
    name: 'getSetting',
    method: 'GET',
    path: 'settings/{name}',
    summary: 'Прочитать настройку',
    input: { path: settingName },
    reply: setting,
    examples: examples.getSetting,
    answer: async (at, { name }) => ({ body: await findSetting(at, name) }),
  }),
  defineEndpoint({
    ...write,
    statuses: [404, 409],
    name: 'saveSetting',
    method: 'PUT',
    path: 'settings/{name}',
    summary: 'Изменить настройку',
    description: 'Действует со следующего вызова.',
    input: { path: settingName, body: settingChange },
    reply: setting,
    examples: examples.saveSetting,
    answer: async (at, { name, value }) => {
      await findSetting(at, name);
      const outcome = await saveSetting(at.infobase, at.now, name, value);
      if (!outcome.ok) throw refuseOperation(outcome);
      return { body: await findSetting(at, name) };
    },
  }),
  defineEndpoint({
    ...write,
    statuses: [],
    name: 'listUsers',
    method: 'GET',
    path: 'users',
    summary: 'Пользователи базы',
    input: {},
    reply: users,
    examples: examples.listUsers,
    answer: async ({ infobase }) => ({
      body: {
        users: (await listServiceUsers(infobase)).map(({ name, role, madeAt }) => ({ name, role, addedAt: madeAt })),
      },
    }),
  }),
  defineEndpoint({
    ...write,
    statuses: [200, 201],
    name: 'addUser',
    method: 'POST',
    path: 'users',
    summary: 'Добавить пользователя',
    input: { body: newUser },
    reply: user,
    examples: examples.addUser,
    answer: async ({ infobase, now }, { update: mayReplace, ...given }) => {
      const outcome = await addServiceUser(infobase, now, given, { mayReplace });
      if (!outcome.ok) throw refuseOperation(outcome);
      const { name, role } = given;
      return { status: outcome.isNew ? 201 : 200, body: { name: name.normalize('NFC'), role, addedAt: now } };
    },
  }),
  defineEndpoint({
    ...write,
    statuses: [204, 404, 409],
    name: 'removeUser',
    method: 'DELETE',
    path: 'users/{name}',
    summary: 'Удалить пользователя',
    description: 'Последний администратор остаётся: больше никто не добавил бы другого.',
    input: { path: z.strictObject({ name: notEmpty.meta({ description: 'Имя пользователя' }) }) },
    reply: undefined,
    examples: examples.removeUser,
    answer: async ({ infobase }, { name }) => {
      const { sort } = await removeServiceUser(infobase, name, { mustLeaveAdmin: true });
      if (sort === 'unknown') throw refuseHttp(404, `Пользователя ${name.slice(0, 100)} нет`);
      if (sort === 'last_admin') throw refuseHttp(409, 'Последнего администратора удалить нельзя');
      return { status: 204 };
    },
  }),
  defineEndpoint({
    ...read,
    statuses: [],
    name: 'getClock',
    method: 'GET',
    path: 'clock',
    summary: 'Часы базы',
    input: {},
    reply: clock,
    examples: examples.getClock,
    answer: async ({ infobase, now }) => ({ body: { now, isTest: infobase.testNow !== undefined } }),
  }),
  defineEndpoint({
    ...write,
    statuses: [409],
    name: 'moveClock',
    method: 'PUT',
    path: 'clock',
    summary: 'Перевести часы тестовой базы',
    description: 'Только вперёд.',
    input: { body: clockChange },
    reply: movedClock,
    examples: examples.moveClock,
    answer: async (at, { now, advanceTo, advanceDays }) => {
      if (now !== undefined) {
        const outcome = await setClock(at.infobase, now, { nightTime: at.tools.nightTime });
        if (!outcome.ok) throw refuseOperation(outcome, { to: 'now' });
        return { body: { before: outcome.before, now: outcome.now, nights: [], dueNights: outcome.dueNights } };
      }
      const outcome = await advance(at, advanceTo ?? addClockDays(at.now, advanceDays ?? 0));
      if (!outcome.ok) throw refuseOperation(outcome, { to: advanceTo === undefined ? 'advanceDays' : 'advanceTo' });
      const nights = outcome.nights.map(({ businessOn, writeOffLines, accrualLines }) => {
        return { date: businessOn, writeOffLines, accrualLines };
      });
      const dueNights = outcome.obstacle === null ? outcome.dueNights - nights.length : null;
      return { body: { before: outcome.before, now: outcome.now, nights, dueNights } };
    },
  }),
];

/** @throws JsonRefusal (404) */
async function findSetting({ infobase }: Circumstances, name: string): Promise<StandingSetting> {
  const found = (await listSettings(infobase)).find((one) => one.name === name);
  if (found === undefined) throw refuseHttp(404, `Настройки ${name.slice(0, 50)} нет`);
  return found;
}

/** The time that the other infobases of the service have between two chunks of a night. */
const pauseMs = 5;
/** How often another runner of a night is asked whether it is done. */
const heldMs = 200;

function advance(
  { infobase, tools }: Circumstances,
  to: Parameters<typeof advanceClock>[1],
): Promise<AdvanceClockOutcome> {
  return advanceClock(infobase, to, {
    nightTime: tools.nightTime,
    holder: tools.nameRunner(),
    readMs: tools.readWallMs,
    pause: () => sleep(pauseMs),
    wait: () => sleep(heldMs),
  });
}

// «Синхронизация накоплений по ДК для Псевдо-Онлайн»: making one, and which tills have taken it.
import { z } from 'zod';
import { listSyncs, showSync, type SyncDocument } from '../../operations/sync/list-syncs.ts';
import { startSync, type SyncResult } from '../../works/start-sync.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { refuseHttp } from '../json-refusal.ts';
import { flagText, idText, momentOut, notEmpty } from '../scalars.ts';
import * as examples from './sync-examples.ts';
import { answerGoesOn, takeStarted, waitForEnd, work } from '../works/work-schemas.ts';

const shared = { tag: 'Синхронизация', roles: ['admin', 'auditor'], gate: 'door' } as const;

const sync = {
  id: z.int(),
  date: momentOut,
  isFull: z.boolean().meta({ description: 'Все карты, а не список' }),
  cards: z.int(),
  firstVersion: z.int().nullable(),
  lastVersion: z.int().nullable(),
};
const listedSync = z.strictObject(sync).meta({ id: 'Sync' });
const syncs = z.strictObject({ syncs: z.array(listedSync) }).meta({ id: 'Syncs' });
const syncDetail = z
  .strictObject({
    ...sync,
    tills: z.array(
      z.strictObject({
        kkm: z.string(),
        state: z.enum(['confirmed', 'fetched', 'waiting']),
        fetchedVersion: z.int(),
        fetchedAt: momentOut.nullable(),
        confirmedVersion: z.int(),
        confirmedAt: momentOut.nullable(),
      }),
    ),
  })
  .meta({ id: 'SyncDetail' });
const newSync = z
  .strictObject({
    cards: z
      .array(notEmpty, { error: 'список номеров карт' })
      .default([])
      .meta({ description: 'Пустой список: все карты' }),
  })
  .meta({ id: 'NewSync' });
const madeSync = z
  .strictObject({ id: z.int(), cards: z.int(), firstVersion: z.int().nullable(), lastVersion: z.int().nullable() })
  .meta({ id: 'MadeSync' });

export const syncEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    ...shared,
    statuses: [],
    name: 'listSyncs',
    method: 'GET',
    path: 'syncs',
    summary: 'Документы синхронизации',
    input: {},
    reply: syncs,
    examples: examples.listSyncs,
    answer: async ({ infobase }) => ({ body: { syncs: (await listSyncs(infobase)).map(showListed) } }),
  }),
  defineEndpoint({
    ...shared,
    roles: ['admin'],
    statuses: [201, 202, 409],
    name: 'createSync',
    method: 'POST',
    path: 'sync',
    summary: 'Сделать синхронизацию',
    description:
      'До неё карты на кассах не принимаются (acceptCards = false), и приняты все отчёты за смены; чего нет, скажет ответ.',
    input: {
      query: z.strictObject({ async: flagText.meta({ description: 'Не ждать конца: сразу 202' }) }),
      body: newSync,
    },
    reply: z.union([madeSync, work]).meta({ id: 'SyncAnswer' }),
    examples: examples.createSync,
    answer: async (at, { cards, async: isAsync }) => {
      const begun = takeStarted(startSync(at.tools, at, { cardNumbers: cards, isDryRun: false }));
      const ended = isAsync ? undefined : await waitForEnd(at, begun);
      if (ended === undefined) return answerGoesOn(begun);
      if (ended.state !== 'done') throw refuseHttp(409, ended.failure ?? '');
      const { id, cards: count, firstVersion, lastVersion } = ended.result as SyncResult;
      return { status: 201, body: { id: id as number, cards: count, firstVersion, lastVersion } };
    },
  }),
  defineEndpoint({
    ...shared,
    statuses: [404],
    name: 'getSync',
    method: 'GET',
    path: 'sync/{id}',
    summary: 'Какие кассы приняли синхронизацию',
    input: { path: z.strictObject({ id: idText.meta({ description: 'Номер документа' }) }) },
    reply: syncDetail,
    examples: examples.getSync,
    answer: async ({ infobase }, { id }) => {
      const found = await showSync(infobase, id);
      if (found === undefined) throw refuseHttp(404, `Документа синхронизации ${id} нет`);
      return { body: { ...showListed(found.document), tills: [...found.tills] } };
    },
  }),
];

function showListed({
  id,
  datedAt,
  isFull,
  cards,
  firstVersion,
  lastVersion,
}: SyncDocument): z.input<typeof listedSync> {
  return { id, date: datedAt, isFull, cards, firstVersion, lastVersion };
}

// Long work as bodies have it.
import { z } from 'zod';
import { workKinds, workStates, type BackgroundWork, type Work } from '../../background-work.ts';
import type { Circumstances } from '../endpoint.ts';
import { refuseHttp } from '../json-refusal.ts';
import { momentOut } from '../scalars.ts';

export const work = z
  .strictObject({
    id: z.string(),
    kind: z.enum(workKinds),
    title: z.string(),
    user: z.string(),
    startedAt: momentOut,
    endedAt: momentOut.nullable(),
    state: z.enum(workStates),
    isStopping: z.boolean(),
    done: z.int().meta({ description: 'Сколько сделано, в том, что считает работа' }),
    total: z.int().nullable().meta({ description: 'Из скольких; null, если неизвестно' }),
    result: z.record(z.string(), z.unknown()).nullable().meta({ description: 'Чем кончилось, у каждого вида своё' }),
    failure: z.string().nullable().meta({ description: 'Почему не сделана или остановлена' }),
    incident: z.string().nullable().meta({ description: 'Номер внутренней ошибки в журнале' }),
  })
  .meta({ id: 'Work' });

export const works = z.strictObject({ work: z.array(work) }).meta({ id: 'Works' });

/** Kinds whose result is fit for JSON as it is; the others have an address of their own that shows it. */
const shownResults: readonly Work['kind'][] = ['enabling', 'disabling', 'night', 'sync', 'backup'];

export function showWork(one: Work): z.input<typeof work> {
  const { id, kind, title, user, startedAt, endedAt, state, isStopping, done, total, result, failure, incident } = one;
  return {
    id,
    kind,
    title,
    user,
    startedAt,
    endedAt: endedAt ?? null,
    state,
    isStopping,
    done,
    total: total ?? null,
    result: result !== undefined && shownResults.includes(kind) ? { ...result } : null,
    failure: failure ?? null,
    incident: incident ?? null,
  };
}

/** 202 with the work, and where it is asked after. @throws JsonRefusal (409) where such work is running. */
export function answerStarted(started: ReturnType<BackgroundWork['start']>) {
  const begun = takeStarted(started);
  return { status: 202, body: showWork(begun), headers: { Location: locate(begun) } } as const;
}

/** @throws JsonRefusal (409) where such work is running. */
export function takeStarted(started: ReturnType<BackgroundWork['start']>): Work {
  if (!('busy' in started)) return started;
  const { title, user, id } = started.busy;
  throw refuseHttp(409, `Уже идёт: ${title} (${user}), work/${id}`);
}

/** How long a request waits for work that is usually short. */
const waitMs = 10_000;

/** The work once it has ended; undefined where it goes on longer than a request should wait. */
export async function waitForEnd({ infobase, tools }: Circumstances, begun: Work): Promise<Work | undefined> {
  const ended = await tools.work.wait(infobase.name, begun.id, waitMs);
  return ended === undefined || ended.state === 'running' ? undefined : ended;
}

/** For work that goes on. */
export function answerGoesOn(begun: Work) {
  return { status: 202, body: showWork(begun), headers: { Location: locate(begun) } } as const;
}

function locate({ infobase, id }: Work): string {
  return `/${infobase}/hs/discount/v1/work/${id}`;
}

// Starts the switching-on of billing, its continuation, or the posting of failed documents again. A run that a restart of the
// service breaks off keeps the tills out, and goes on where it stopped when it is continued.
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkEnded, type BackgroundWork, type NoteProgress } from '../background-work.ts';
import type { LocalDate } from '../ledger/local-date-time.ts';
import {
  continueEnabling,
  enableBilling,
  repostDocuments,
  type Repost,
} from '../operations/enabling/enable-billing.ts';
import type { EnablingEnd, EnablingOptions } from '../operations/enabling/enabling-steps.ts';
import { readBillingStatus } from '../operations/enabling/read-billing-status.ts';
import type { WorkPlace, WorkTools } from './work-tools.ts';

/** What is to be done: a new run from a date, the run that was paused or broken off, or failed documents. */
export type EnablingTask =
  | { readonly sort: 'enable'; readonly startOn: LocalDate }
  | { readonly sort: 'continue' }
  | { readonly sort: 'repost'; readonly which: Repost };

const titles: Readonly<Record<EnablingTask['sort'], string>> = {
  enable: 'Включение биллинга',
  continue: 'Перепроведение от даты начала',
  repost: 'Перепроведение документов с ошибками',
};

/** Documents of one transaction: about 50 ms, in which the other infobases of the service wait. */
const stepItems = 200;
/** The time that they have between two of them. */
const pauseMs = 5;

export function startEnabling(
  tools: WorkTools,
  place: WorkPlace,
  task: EnablingTask,
): ReturnType<BackgroundWork['start']> {
  return tools.work.start({
    ...place,
    kind: 'enabling',
    title: titles[task.sort],
    run: (progress, signal) => run(tools, place, task, progress, signal),
  });
}

async function run(
  { nightTime, readWallMs, nameRunner }: WorkTools,
  { infobase, clock }: WorkPlace,
  task: EnablingTask,
  progress: NoteProgress,
  signal: AbortSignal,
): Promise<object> {
  const now = clock.now();
  const read = () => readBillingStatus(infobase, now, { limit: 0, nightTime, nowMs: readWallMs() });
  const before = (await read()).enabling;
  let done = before?.counts.posted ?? 0;
  if (task.sort !== 'enable' && before !== null) progress(done, before.documents);
  const end = await begin(task, {
    holder: nameRunner(),
    readMs: readWallMs,
    nightTime,
    stepItems,
    shouldStop: () => signal.aborted,
    pause: () => sleep(pauseMs),
    onOpening: ({ documents }) => {
      done = 0;
      progress(0, documents);
    },
    onPosted: (posted) => {
      done += posted;
      progress(done);
    },
  });
  const { startOn, lastNightOn, enabling } = await read();
  const result = { startDate: startOn, lastNight: lastNightOn, documents: enabling?.counts ?? null };
  if (end.code === 'done') return result;
  throw new WorkEnded(isStop(end) ? 'stopped' : 'failed', explainEnd(end), result);

  function begin(which: EnablingTask, options: EnablingOptions): Promise<EnablingEnd> {
    if (which.sort === 'enable') return enableBilling(infobase, now, which.startOn, options);
    if (which.sort === 'continue') return continueEnabling(infobase, now, options);
    return repostDocuments(infobase, now, which.which, options);
  }
}

function isStop({ code }: EnablingEnd): boolean {
  return code === 'paused' || code === 'stopped';
}

/** For people. What an operation refuses has its own words. */
export function explainEnd(end: Exclude<EnablingEnd, { readonly code: 'done' }>): string {
  switch (end.code) {
    case 'refused':
      return end.why;
    case 'held':
      return 'Биллинг сейчас включает или выключает другой процесс: повторите позже';
    case 'paused':
    case 'stopped':
      return 'Приостановлено: кассы не обслуживаются (код 10), пока перепроведение не продолжат';
    case 'failed':
      return 'Не все документы проведены: кассы не обслуживаются (код 10), пока не перепроведены документы с ошибками';
    case 'no_subscription':
      return 'Нет расширенной подписки, которая нужна биллингу';
  }
}

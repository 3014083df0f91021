// Starts the nights that are due, in order. What a restart breaks off goes on where it stopped: the service runs nights that
// were missed by itself.
import { WorkEnded, type BackgroundWork, type NoteProgress } from '../background-work.ts';
import type { LocalDate } from '../ledger/local-date-time.ts';
import { findNextNight, type CatchUp, type NightObstacle } from '../operations/night/run-night.ts';
import type { WorkPlace, WorkTools } from './work-tools.ts';

/** @param dueOn the last date whose night is run. */
export function startNights(tools: WorkTools, place: WorkPlace, dueOn: LocalDate): ReturnType<BackgroundWork['start']> {
  return tools.work.start({
    ...place,
    kind: 'night',
    title: 'Ночной регламент',
    run: (progress, signal) => run(tools, place, dueOn, progress, signal),
  });
}

async function run(
  { startNights: start, nameRunner }: WorkTools,
  { infobase, clock }: WorkPlace,
  dueOn: LocalDate,
  progress: NoteProgress,
  signal: AbortSignal,
): Promise<object> {
  const next = await findNextNight(infobase, dueOn);
  // A thread is started only where there is something for it to do.
  const { nights, end } = next.code === 'due' ? await runThread() : { nights: [], end: next };
  const result = {
    nights: nights.map(({ businessOn, writeOffLines, accrualLines }) => {
      return { date: businessOn, writeOffLines, accrualLines };
    }),
  };
  if (end.code === 'up_to_date') return result;
  throw new WorkEnded(end.code === 'stopped' ? 'stopped' : 'failed', explainNights(end), result);

  async function runThread(): Promise<CatchUp> {
    const started = start(infobase, {
      now: clock.now(),
      dueOn,
      holder: nameRunner(),
      onProgress: ({ doneCardId, lastCardId }) => progress(Math.min(doneCardId, lastCardId), lastCardId),
    });
    const stop = (): void => started.stop();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    return started.ended.finally(() => signal.removeEventListener('abort', stop));
  }
}

export const nightObstacleTexts: Readonly<Record<NightObstacle, string>> = {
  billing_off: 'Биллинг выключен: ночной регламент не выполняется',
  no_subscription: 'Нет расширенной подписки: ночной регламент не выполняется',
  enabling: 'Биллинг включается: ночные регламенты выполняет перепроведение',
};

function explainNights(end: Exclude<CatchUp['end'], { readonly code: 'up_to_date' }>): string {
  switch (end.code) {
    case 'not_run':
      return nightObstacleTexts[end.why];
    case 'held':
      return 'Ночной регламент сейчас выполняет другой процесс: ничего не потеряно';
    case 'stopped':
      return `Остановлено в регламенте за ${end.businessOn}: следующий запуск продолжит с этого места`;
  }
}

// Starts a document of the synchronization, with all cards or those given. A restart that breaks it off leaves nothing that a
// till could see.
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkEnded, type BackgroundWork, type NoteProgress } from '../background-work.ts';
import { createSync, type SyncEnd } from '../operations/sync/create-sync.ts';
import type { WorkPlace, WorkTools } from './work-tools.ts';

export interface SyncTask {
  /** None = all cards. */
  readonly cardNumbers: readonly string[];
  readonly isDryRun: boolean;
}

export type SyncResult = Omit<Extract<SyncEnd, { readonly code: 'done' }>, 'code'>;

/** The time that tills have between two pages. */
const pauseMs = 5;

export function startSync(tools: WorkTools, place: WorkPlace, task: SyncTask): ReturnType<BackgroundWork['start']> {
  return tools.work.start({
    ...place,
    kind: 'sync',
    title: task.isDryRun ? 'Проверка синхронизации накоплений' : 'Синхронизация накоплений',
    run: (progress) => run(tools, place, task, progress),
  });
}

async function run(
  { readWallMs, nameRunner }: WorkTools,
  { infobase, clock }: WorkPlace,
  task: SyncTask,
  progress: NoteProgress,
): Promise<SyncResult> {
  const end = await createSync(infobase, clock.now(), {
    ...task,
    holder: nameRunner(),
    readMs: readWallMs,
    afterTurn: async (cards) => {
      progress(cards);
      await sleep(pauseMs);
    },
  });
  if (end.code !== 'done') throw new WorkEnded('failed', explainSync(end), end);
  const { id, cards, firstVersion, lastVersion } = end;
  return { id, cards, firstVersion, lastVersion };
}

function explainSync(end: Exclude<SyncEnd, { readonly code: 'done' }>): string {
  switch (end.code) {
    case 'not_ready': {
      const shifts = end.unreported.map(
        ({ kkm, shiftNumber, receiptOn, receipts }) =>
          `касса ${kkm}, смена ${shiftNumber}, ${receiptOn}, чеков ${receipts}`,
      );
      const accepting = end.isAccepting ? ['карты на кассах ещё принимаются (acceptCards)'] : [];
      const missing = shifts.length > 0 ? [`не принят отчёт: ${shifts.join('; ')}`] : [];
      return ['Документ не создан', ...accepting, ...missing].join(': ');
    }
    case 'unknown_card':
      return `Документ не создан: карты ${end.cardNumber} нет`;
    case 'closed':
      return closedTexts[end.why];
    case 'held':
      return 'Документ уже создаёт другой процесс: повторите позже';
  }
}

const closedTexts = {
  exclusive: 'Документ не создан: база в монопольном режиме',
  no_subscription: 'Документ не создан: нет расширенной подписки',
  stage_changed: 'Документ не создан: тем временем сменился этап',
} as const;

// Starts what is done to many cards: making a range of numbers, or changing all cards of a filter. Each turn is a transaction:
// broken off, it is simply asked for again.
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkEnded, type BackgroundWork } from '../background-work.ts';
import { createCardRange, type CardRangeRequest } from '../operations/cards/create-card-range.ts';
import { editCards, type CardEdit, type EditCardsRequest } from '../operations/cards/edit-cards.ts';
import type { WorkPlace, WorkTools } from './work-tools.ts';

export type CardsResult =
  | {
      readonly sort: 'range';
      readonly first: string;
      readonly last: string;
      readonly created: number;
      readonly skipped: number;
    }
  | {
      readonly sort: 'edit';
      readonly isDryRun: boolean;
      readonly request: EditCardsRequest;
      readonly matched: number;
      readonly changed: number;
      readonly edits: readonly CardEdit[];
    };

/** The time that tills have between two turns. */
const pauseMs = 5;

/** The caller has checked the request. */
export function startCardRange(
  tools: Pick<WorkTools, 'work'>,
  place: WorkPlace,
  request: CardRangeRequest,
): ReturnType<BackgroundWork['start']> {
  return tools.work.start({
    ...place,
    kind: 'cards',
    title: 'Групповой ввод дисконтных карт',
    run: async (progress, signal) => {
      const outcome = await createCardRange(place.infobase, request, {
        afterTurn: async (done, all) => {
          progress(done, all);
          stopIfAsked(signal);
          await sleep(pauseMs);
        },
      });
      if (!outcome.ok) throw new WorkEnded('failed', outcome.why);
      const { first, last, created, skipped } = outcome;
      return { sort: 'range', first, last, created, skipped } satisfies CardsResult;
    },
  });
}

export function startCardEdit(
  tools: Pick<WorkTools, 'work'>,
  place: WorkPlace,
  request: EditCardsRequest,
  isDryRun: boolean,
): ReturnType<BackgroundWork['start']> {
  return tools.work.start({
    ...place,
    kind: 'cards',
    title: isDryRun ? 'Групповая обработка: предварительный расчёт' : 'Групповая обработка дисконтных карт',
    run: async (progress, signal) => {
      const outcome = await editCards(place.infobase, request, {
        isDryRun,
        afterTurn: async (changed) => {
          progress(changed);
          stopIfAsked(signal);
          await sleep(pauseMs);
        },
      });
      if (!outcome.ok) throw new WorkEnded('failed', outcome.mistakes.join('; '));
      const { matched, changed, edits } = outcome;
      return { sort: 'edit', isDryRun, request, matched, changed, edits } satisfies CardsResult;
    },
  });
}

function stopIfAsked(signal: AbortSignal): void {
  if (signal.aborted)
    throw new WorkEnded('stopped', 'Остановлено: часть карт уже изменена, повторите, чтобы закончить');
}

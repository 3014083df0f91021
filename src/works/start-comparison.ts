// Starts the comparison of a night by the documented rule with the same night by lots, over all cards.
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkEnded, type BackgroundWork } from '../background-work.ts';
import type { LocalDate } from '../ledger/local-date-time.ts';
import {
  compareNight,
  type NightComparisonLine,
  type NightComparisonTotal,
} from '../operations/night/compare-night.ts';
import { keepMost } from './keep-most.ts';
import { nightObstacleTexts } from './start-nights.ts';
import type { WorkPlace, WorkTools } from './work-tools.ts';

export interface ComparisonResult {
  readonly businessOn: LocalDate;
  readonly total: NightComparisonTotal;
  /** The lines in which the two differ most, the most first. */
  readonly apart: readonly NightComparisonLine[];
}

const shownLines = 100;
/** The time that tills have between two pages of cards. */
const pauseMs = 5;

export function startComparison(
  tools: Pick<WorkTools, 'work'>,
  place: WorkPlace,
  businessOn: LocalDate,
): ReturnType<BackgroundWork['start']> {
  return tools.work.start({
    ...place,
    kind: 'comparison',
    title: 'Ночной регламент: по документации и по партиям',
    run: async (progress, signal) => {
      const apart = keepMost(shownLines, differ);
      const compared = await compareNight(place.infobase, businessOn, {
        pause: () => sleep(pauseMs),
        shouldStop: () => signal.aborted,
        onProgress: ({ doneCardId, lastCardId }) => progress(doneCardId, lastCardId),
        onLine: (line) => {
          if (line.documented !== line.lots) apart.add(line);
        },
      });
      switch (compared.code) {
        case 'done':
          return { businessOn, total: compared.total, apart: apart.list() } satisfies ComparisonResult;
        case 'before_start':
          throw new WorkEnded('failed', `Биллинг начат позже: с ${compared.startOn}`);
        case 'too_far':
          throw new WorkEnded('failed', `Слишком далёкая дата: не позже ${compared.lastOn}`);
        case 'not_run':
          throw new WorkEnded('failed', nightObstacleTexts[compared.why]);
        case 'stopped':
          throw new WorkEnded('stopped', 'Остановлено');
      }
    },
  });
}

function differ({ documented, lots }: NightComparisonLine): number {
  return Math.abs(documented - lots);
}

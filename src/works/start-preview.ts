// Starts the preview of a night to come: what it would write off and credit, in all and for the cards that lose or get most.
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkEnded, type BackgroundWork } from '../background-work.ts';
import type { MeasureName } from '../ledger/account.ts';
import type { LocalDate } from '../ledger/local-date-time.ts';
import { previewNight, type NightLine, type NightTotal } from '../operations/night/preview-night.ts';
import { keepMost } from './keep-most.ts';
import { nightObstacleTexts } from './start-nights.ts';
import type { WorkPlace, WorkTools } from './work-tools.ts';

export interface PreviewResult {
  readonly businessOn: LocalDate;
  /** Nights that come before it. */
  readonly nightsBefore: number;
  readonly writeOff: NightTotal;
  readonly accrual: NightTotal;
  /** The cards whose bonus changes most, the most first. */
  readonly top: readonly NightLine[];
}

const topCards = 50;
/** The time that tills have between two chunks. */
const pauseMs = 5;

export function startPreview(
  tools: Pick<WorkTools, 'work'>,
  place: WorkPlace,
  businessOn: LocalDate,
): ReturnType<BackgroundWork['start']> {
  return tools.work.start({
    ...place,
    kind: 'preview',
    title: 'Предварительный расчёт ночного регламента',
    run: async (progress, signal) => {
      const top = keepMost(topCards, weigh);
      const preview = await previewNight(place.infobase, businessOn, {
        pause: () => sleep(pauseMs),
        shouldStop: () => signal.aborted,
        onProgress: ({ doneCardId, lastCardId }) => progress(doneCardId, lastCardId),
        onLine: (line) => top.add(line),
      });
      switch (preview.code) {
        case 'done':
          return { ...preview, top: top.list() } satisfies PreviewResult;
        case 'done_before':
          throw new WorkEnded('failed', `Эта ночь уже выполнена: последняя выполнена за ${preview.lastNightOn}`);
        case 'too_far':
          throw new WorkEnded('failed', `Слишком далёкая дата: не позже ${preview.lastOn}`);
        case 'not_run':
          throw new WorkEnded('failed', nightObstacleTexts[preview.why]);
        case 'stopped':
          throw new WorkEnded('stopped', 'Остановлено');
      }
    },
  });
}

function weigh({ writeOffs, credits }: NightLine): number {
  return [...writeOffs, ...credits].reduce((sum, part) => sum + weighPart(part), 0);
}

/** A card that loses only receipts comes after all that lose a kopeck. */
function weighPart({ measure, amount }: { readonly measure: MeasureName; readonly amount: number }): number {
  return measure === 'bonus' ? amount : measure === 'accumulation' ? amount / 1e6 : amount / 1e9;
}

// What is said of the sealing of days, on its page and among the jobs.
import type { SealReport } from '../../operations/admin/jobs-report.ts';
import { nameUnfinished } from '../exchange/exchange-words.ts';
import type { Say } from '../say.ts';
import { showCount, showDate } from '../show.ts';

export function describeSealing({ lastRun, lastSeal, daysDue, holder }: SealReport, say: Say): string {
  const parts: string[] = [];
  if (holder !== null) parts.push(nameUnfinished(holder, say));
  if (lastRun !== null && lastRun.why !== null) {
    parts.push(say(`не опломбирован: ${lastRun.why}`, `failed: ${lastRun.why}`));
  }
  if (lastSeal !== null) {
    const on = showDate(lastSeal.businessOn);
    parts.push(say(`опломбировано по ${on}`, `sealed up to ${on}`));
  }
  if (daysDue > 0) parts.push(say(`не опломбировано дней: ${showCount(daysDue)}`, `days due: ${showCount(daysDue)}`));
  return parts.join('; ');
}

export function explainSealObstacle({ obstacle }: SealReport, say: Say): string | undefined {
  switch (obstacle) {
    case 'nights_due':
      return say('Ждёт ночи, которая не выполнена.', 'It waits for a night that is not done.');
    case 'exclusive_mode':
      return say('Ждёт включения или выключения биллинга.', 'It waits until billing is switched on or off.');
    case null:
      return undefined;
  }
}

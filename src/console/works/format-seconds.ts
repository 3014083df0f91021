// How long something takes, as people say it.
import type { Say } from '../say.ts';

export function formatSeconds(seconds: number, say: Say): string {
  if (seconds < 60) return `${seconds} ${say('с', 's')}`;
  if (seconds < 3_600) return `${Math.round(seconds / 60)} ${say('мин', 'min')}`;
  return `${Math.floor(seconds / 3_600)} ${say('ч', 'h')} ${Math.round((seconds % 3_600) / 60)} ${say('мин', 'min')}`;
}

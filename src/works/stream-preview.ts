// The lines of a night's preview as they are calculated, for a file: memory holds one chunk of cards.
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalDate } from '../ledger/local-date-time.ts';
import type { Infobase } from '../operations/infobase.ts';
import { previewNight, type NightLine } from '../operations/night/preview-night.ts';

/** The time that tills have between two chunks. */
const pauseMs = 5;

/** Ends early where nobody reads any more. */
export function streamPreview(infobase: Infobase, businessOn: LocalDate): AsyncIterable<readonly NightLine[]> {
  const pieces = new PassThrough({ objectMode: true, highWaterMark: 2 });
  let lines: NightLine[] = [];
  const handOver = async (): Promise<void> => {
    const piece = lines;
    lines = [];
    if (piece.length > 0 && !pieces.write(piece) && !pieces.destroyed)
      await once(pieces, 'drain').catch(() => undefined);
    await sleep(pauseMs);
  };
  previewNight(infobase, businessOn, {
    onLine: (line) => lines.push(line),
    shouldStop: () => pieces.destroyed,
    pause: handOver,
  })
    .then(handOver)
    .then(
      () => pieces.end(),
      (reason: Error) => pieces.destroy(reason),
    );
  return pieces;
}

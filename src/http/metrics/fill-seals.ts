// Sealed days: the last one, and those that have ended since.
import { startOf, toSeconds } from '../../ledger/local-date-time.ts';
import { readSealState } from '../../operations/seals/seal-run.ts';
import type { Families } from './families.ts';
import type { NightSource } from './fill-nights.ts';

export async function fillSeals(
  families: Families['seals'],
  { bases, nightTime }: Pick<NightSource, 'bases' | 'nightTime'>,
): Promise<void> {
  for (const { infobase, clock } of bases) {
    const { last, days } = await readSealState(infobase, clock.now(), nightTime);
    families.due.set({ infobase: infobase.name }, days);
    if (last !== null) families.lastDate.set({ infobase: infobase.name }, toSeconds(startOf(last.businessOn)));
  }
}

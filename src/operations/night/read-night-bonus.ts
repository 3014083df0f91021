// How much bonus a night has written off and credited.
import { sumNightBonus, type NightRun } from '../../db/night/night-run.ts';
import type { Infobase } from '../infobase.ts';

export interface NightBonus {
  readonly writtenOffKopecks: number;
  readonly creditedKopecks: number;
}

/** Reads every line of its documents: not for the thread that answers tills. */
export function readNightBonus(
  infobase: Infobase,
  { writeOffDocumentId, accrualDocumentId }: Pick<NightRun, 'writeOffDocumentId' | 'accrualDocumentId'>,
): Promise<NightBonus> {
  return infobase.db.read(async (trx) => ({
    writtenOffKopecks: Math.abs(await sumNightBonus(trx, writeOffDocumentId)),
    creditedKopecks: await sumNightBonus(trx, accrualDocumentId),
  }));
}

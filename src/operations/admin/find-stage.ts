// The stage of an infobase, for what stands on every page.
import type { Settings } from '../../ledger/settings.ts';
import type { Infobase } from '../infobase.ts';

export function findStage(infobase: Infobase): Promise<Settings['stage']> {
  return infobase.db.read(async (trx) => (await infobase.loadSettings(trx)).stage);
}

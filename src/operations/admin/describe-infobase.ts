// What a list of infobases shows of each.
import { findBillingState } from '../../db/billing/billing-state.ts';
import { listMigrationsDone } from '../../db/admin/integrity.ts';
import { countCards } from '../../db/cards/card.ts';
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';

export interface InfobaseDescription {
  readonly stage: string;
  readonly cards: number;
  /** What its clock stands at; null for an ordinary infobase. */
  readonly testNow: LocalDateTime | null;
  /** The last date whose night is done; null where billing is off. */
  readonly lastNightOn: LocalDate | null;
  /** The last migration done. */
  readonly schemaVersion: string;
}

export function describeInfobase(infobase: Infobase): Promise<InfobaseDescription> {
  return infobase.db.read(async (trx) => {
    const { stage } = await infobase.loadSettings(trx);
    const cards = await countCards(trx);
    const lastNightOn = (await findBillingState(trx))?.lastNightOn ?? null;
    const schemaVersion = (await listMigrationsDone(trx)).at(-1) ?? '';
    return { stage, schemaVersion, cards, testNow: infobase.testNow ?? null, lastNightOn };
  });
}

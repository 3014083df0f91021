// Asks the switching-on of billing, in whatever process it runs, to stop after its step; tills stay kept out.
import { findEnabling, pauseEnabling } from '../../db/enabling/enabling.ts';
import { recordChange } from '../admin/record-change.ts';
import type { Infobase } from '../infobase.ts';
import { writeOrRehearse } from '../rehearse.ts';

/** @returns whether there was a run to pause. */
export function pauseEnablingRun(infobase: Infobase, isDryRun = false): Promise<boolean> {
  return writeOrRehearse(infobase, isDryRun, async (trx) => {
    const enabling = await findEnabling(trx);
    if (enabling === undefined || enabling.phase === 'done') return false;
    await pauseEnabling(trx);
    await recordChange(trx, infobase, { subject: 'billing', key: 'pause', after: { startOn: enabling.startOn } });
    return true;
  });
}

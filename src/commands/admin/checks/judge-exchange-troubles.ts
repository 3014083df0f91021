// What of the exchange folder could not be taken when it was last looked at.
import type { Upkeep } from '../../../operations/admin/read-upkeep.ts';
import { warn, type Finding } from './finding.ts';

export function judgeExchangeTroubles(troubles: Upkeep['exchangeTroubles']): Finding[] {
  return troubles.map(({ place, why }) => {
    return warn('exchange', `${place}: ${why}`, 'correct the folder or the file; kkm jobs lists what is left');
  });
}

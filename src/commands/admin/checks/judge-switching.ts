// Whether billing is being switched on or off, and whether anybody is at it.
import type { Upkeep } from '../../../operations/admin/read-upkeep.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const check = 'switching';

export function judgeSwitching({
  exclusive,
  enabling,
  billingHolder,
}: Pick<Upkeep, 'exclusive' | 'enabling' | 'billingHolder'>): Finding {
  const isEnabling = enabling !== null && enabling.phase !== 'done';
  if (!isEnabling && exclusive === null) return ok(check, 'billing is not being switched on or off');
  if (billingHolder !== null) return warn(check, `${billingHolder} is at it`, 'wait for its end: kkm billing status');
  if (exclusive?.purpose === 'disabling') {
    const found = `switching billing off was interrupted, since ${exclusive.sinceAt}; tills are answered 10`;
    return fail(
      check,
      found,
      'kkm billing disable finishes it; where billing is off already, it serves the tills again',
    );
  }
  const state = enabling?.isPaused === true ? 'paused' : 'interrupted';
  const found = `switching billing on was ${state}; tills are answered 10`;
  return fail(check, found, 'kkm billing status shows how far it is; kkm billing continue goes on with it');
}

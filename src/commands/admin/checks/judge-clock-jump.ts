// Whether something was recorded later than now: then the clock was put back, or was ahead before.
import type { LocalDateTime } from '../../../ledger/local-date-time.ts';
import type { Upkeep } from '../../../operations/admin/read-upkeep.ts';
import { fail, ok, type Finding } from './finding.ts';

const check = 'clock jump';
const remedy =
  'correct the clock of the machine, and check KKM_TIMEZONE; what comes until then is dated before what is there';

export interface Clocks {
  /** The infobase's. */
  readonly now: LocalDateTime;
  readonly machineNow: LocalDateTime;
}

export function judgeClockJump(
  { lastDocumentAt, lastChangeAt }: Pick<Upkeep, 'lastDocumentAt' | 'lastChangeAt'>,
  { now, machineNow }: Clocks,
): Finding {
  if (lastDocumentAt !== null && lastDocumentAt > now) {
    return fail(check, `the last document was recorded ${lastDocumentAt}, and now it is ${now}`, remedy);
  }
  if (lastChangeAt !== null && lastChangeAt > machineNow) {
    return fail(check, `the last change was recorded ${lastChangeAt}, and now it is ${machineNow}`, remedy);
  }
  return ok(check, 'nothing was recorded later than now');
}

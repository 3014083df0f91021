// Whether days are sealed as they end.
import { daysBetween } from '../../../ledger/local-date-time.ts';
import type { Upkeep } from '../../../operations/admin/read-upkeep.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const check = 'seals';

export function judgeSeals({ last, dueOn }: Upkeep['seals']): Finding {
  if (last === null) return ok(check, 'no day is sealed yet: the running service makes the first seal');
  const days = dueOn === null ? 0 : daysBetween(last.businessOn, dueOn);
  const found = `sealed up to ${last.businessOn}`;
  if (days <= 0) return ok(check, found);
  const remedy = 'the running service seals them; look at `sealing failed` in the log, or run kkm seals make';
  return days === 1
    ? warn(check, `${found}, one day is due`, remedy)
    : fail(check, `${found}, ${days} days are due`, remedy);
}

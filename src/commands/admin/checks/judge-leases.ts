// Who has which work, and whether a lease runs further than any runner takes one: then the machine's clock was put back.
import type { StandingLease } from '../../../operations/admin/read-upkeep.ts';
import { fail, ok, type Finding } from './finding.ts';

const check = 'leases';
/** Runners take a minute at most. */
const longestMs = 10 * 60_000;

export function judgeLeases(leases: readonly StandingLease[], nowMs: number): Finding {
  const long = leases.find(({ untilMs }) => untilMs > nowMs + longestMs);
  if (long !== undefined) {
    const minutes = Math.ceil((long.untilMs - nowMs) / 60_000);
    const found = `${long.holder} has "${long.name}" for ${minutes} more minutes: the machine's clock was put back`;
    return fail(
      check,
      found,
      'correct the clock of the machine; if it is right now, nobody can do this work until then',
    );
  }
  const held = leases.filter(({ untilMs }) => untilMs >= nowMs);
  if (held.length === 0) return ok(check, 'nobody is at a job');
  return ok(check, held.map(({ name, holder }) => `${name}: ${holder}`).join(', '));
}

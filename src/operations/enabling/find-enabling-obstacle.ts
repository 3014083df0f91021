// Why billing cannot be switched on now.
import { findExclusiveMode } from '../../db/admin/exclusive-mode.ts';
import { hasBillingDocuments } from '../../db/billing/billing-register.ts';
import { findBillingState } from '../../db/billing/billing-state.ts';
import type { Trx } from '../../db/db.ts';
import { findEnabling } from '../../db/enabling/enabling.ts';
import { addDays, dateOf, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';
import { refuse, type Refusal } from '../refusal.ts';

/** Most nights between the start and today: a start date centuries ago by mistake would run for days. */
export const greatestNights = 3_660;

/** Why billing cannot be switched on, or undefined. */
export async function findEnablingObstacle(
  infobase: Infobase,
  trx: Trx,
  now: LocalDateTime,
  startOn: LocalDate,
): Promise<Refusal<'startOn'> | undefined> {
  const { role, stage } = await infobase.loadSettings(trx);
  const enabling = await findEnabling(trx);
  if (enabling !== undefined && enabling.phase !== 'done') {
    return refuse(`billing is being switched on from ${enabling.startOn} already`, { remedy: 'continue_enabling' });
  }
  if (role !== 'central') {
    return refuse(`billing is switched on at the central base, and the role of this one is ${role}`);
  }
  if (stage === 'billing') return refuse('billing is on already');
  if (stage !== 'online') return refuse(`the stage is ${stage}: the module for online work comes first (stage online)`);
  if (!infobase.hasSubscription) {
    return refuse('there is no extended subscription, which billing needs', { remedy: 'subscribe' });
  }
  if ((await hasBillingDocuments(trx)) || (await findBillingState(trx)) !== undefined) {
    return refuse('documents of an earlier billing are there and must be removed', { remedy: 'disable_billing' });
  }
  if ((await findExclusiveMode(trx)) !== undefined) {
    return refuse('exclusive mode is on for other work', { remedy: 'look_at_billing' });
  }
  const mistake = findStartMistake(dateOf(now), startOn);
  return mistake === undefined ? undefined : refuse(mistake, { field: 'startOn' });
}

function findStartMistake(today: LocalDate, startOn: LocalDate): string | undefined {
  if (startOn > today) return `the start date may be today or past, and ${startOn} is after ${today}`;
  const earliest = addDays(today, -greatestNights);
  return startOn < earliest ? `${startOn} is too long ago: ${earliest} at the earliest` : undefined;
}

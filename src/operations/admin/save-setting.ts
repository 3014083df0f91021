// Sets one setting of the infobase; a running service sees it with its next call, for the revision is raised.
import { findBillingState, openBillingState, removeBillingState } from '../../db/billing/billing-state.ts';
import { hasBillingDocuments } from '../../db/billing/billing-register.ts';
import type { Trx } from '../../db/db.ts';
import { hasReceipts } from '../../db/receipts/receipt.ts';
import { saveSetting as save } from '../../db/admin/setting.ts';
import { addDays, dateOf, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import {
  findSettingMistake,
  isSettingName,
  settingTable,
  type SettingName,
  type Settings,
} from '../../ledger/settings.ts';
import type { Infobase } from '../infobase.ts';
import { refuse, type Refusal } from '../refusal.ts';
import { writeOrRehearse } from '../rehearse.ts';
import { recordChange } from './record-change.ts';

export type SaveSettingOutcome = { readonly ok: true; readonly before: string } | Refusal;

export async function saveSetting(
  infobase: Infobase,
  now: LocalDateTime,
  name: string,
  value: string,
  isDryRun = false,
): Promise<SaveSettingOutcome> {
  if (!isSettingName(name)) {
    return refuse(`there is no setting "${name}"; there are: ${Object.keys(settingTable).join(', ')}`);
  }
  const mistake = findSettingMistake(name, value);
  if (mistake !== undefined) return refuse(mistake);
  return writeOrRehearse(infobase, isDryRun, async (trx) => {
    const { settings, isExclusive } = await infobase.loadKnown(trx);
    const before = settings[name];
    if ((name === 'stage' || name === 'role') && value !== before && isExclusive) {
      return refuse(`${name}: billing is being switched on or off`, { remedy: 'look_at_billing' });
    }
    const refusal =
      name === 'stage' ? await moveStage(trx, settings, value, dateOf(now)) : refuseRole(settings, name, value);
    if (refusal !== undefined) return refusal;
    await save(trx, name, value);
    await recordChange(trx, infobase, { subject: 'setting', key: name, before: { value: before }, after: { value } });
    return { ok: true, before };
  });
}

/**
 * Opens or closes billing with the stage. Only an infobase without receipts may change over directly: live history is
 * re-posted by switching billing on, and switching it off removes documents.
 * @returns why that cannot be done, or undefined.
 */
async function moveStage(trx: Trx, settings: Settings, after: string, today: LocalDate): Promise<Refusal | undefined> {
  const before = settings.stage;
  if (before === after) return undefined;
  if (after === 'billing') {
    if (settings.role === 'branch') {
      return refuse('stage: billing is switched on at the central base, and the role of this one is branch');
    }
    if (await hasReceipts(trx)) {
      const why = 'stage: there are receipts already: their balances must be opened and they must be posted again';
      return refuse(why, { remedy: 'enable_billing' });
    }
    // The night of the start date itself is still to run: nothing was there before it.
    if ((await findBillingState(trx)) === undefined) {
      await openBillingState(trx, { startOn: today, lastNightOn: addDays(today, -1) });
    }
    return undefined;
  }
  if (before !== 'billing') return undefined;
  if (await hasBillingDocuments(trx)) {
    return refuse('stage: billing has documents already, which must be removed first', { remedy: 'disable_billing' });
  }
  await removeBillingState(trx);
  return undefined;
}

/** Billing runs at the central base only, whichever of the two is set last. */
function refuseRole({ stage }: Settings, name: SettingName, value: string): Refusal | undefined {
  return name === 'role' && value === 'branch' && stage === 'billing'
    ? refuse('role: a branch has no billing, and the stage of this base is billing')
    : undefined;
}

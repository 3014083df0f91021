// Sets one setting of the infobase; a running service sees it with its next call, for the revision is raised.
import { saveSetting as save } from '../db/setting.ts';
import { isSettingName, settingTable } from '../ledger/settings.ts';
import type { Infobase } from './infobase.ts';

export type SaveSettingOutcome =
  { readonly ok: true; readonly before: string } | { readonly ok: false; readonly why: string };

export async function saveSetting(infobase: Infobase, name: string, value: string): Promise<SaveSettingOutcome> {
  if (!isSettingName(name)) {
    return { ok: false, why: `there is no setting "${name}"; there are: ${Object.keys(settingTable).join(', ')}` };
  }
  const { isValid, expected } = settingTable[name];
  if (!isValid(value)) return { ok: false, why: `${name}: expected ${expected}, got "${value}"` };
  return infobase.db.write(async (trx) => {
    const before = (await infobase.loadSettings(trx))[name];
    await save(trx, name, value);
    return { ok: true, before };
  });
}

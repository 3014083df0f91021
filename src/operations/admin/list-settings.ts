// The settings of the infobase as they stand, and which of them it has set itself.
import { listSettings as listOwn } from '../../db/admin/setting.ts';
import { settingTable, type SettingName } from '../../ledger/settings.ts';
import type { Infobase } from '../infobase.ts';

export interface StandingSetting {
  readonly name: SettingName;
  readonly value: string;
  /** false = the default of the process or of the product. */
  readonly isOwn: boolean;
  readonly expected: string;
  readonly about: string;
}

export function listSettings(infobase: Infobase): Promise<StandingSetting[]> {
  return infobase.db.read(async (trx) => {
    const settings = await infobase.loadSettings(trx);
    const own = await listOwn(trx);
    return (Object.keys(settingTable) as SettingName[]).map((name) => {
      const { expected, about } = settingTable[name];
      return { name, value: settings[name], isOwn: own[name] !== undefined, expected, about };
    });
  });
}

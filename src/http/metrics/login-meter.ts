// Failed logins of each infobase; addresses and names are in the log alone, for anybody can send any.
import type { Families } from './families.ts';

export interface LoginMeter {
  note(infobase: string, isChecked: boolean): void;
  fill(families: Families['logins'], infobases: readonly string[]): void;
}

export function meterLogins(): LoginMeter {
  const checked = new Map<string, number>();
  const unchecked = new Map<string, number>();
  return {
    note(infobase, isChecked) {
      const counts = isChecked ? checked : unchecked;
      counts.set(infobase, (counts.get(infobase) ?? 0) + 1);
    },
    fill({ failures }, infobases) {
      for (const infobase of infobases) {
        failures.inc({ infobase, checked: 'yes' }, checked.get(infobase) ?? 0);
        failures.inc({ infobase, checked: 'no' }, unchecked.get(infobase) ?? 0);
      }
    },
  };
}

// Removes a rule of life that no card kind has chosen. Accruals made under it keep their dates.
import { listKindsByRule, removeLifeRule as removeRule } from '../../db/catalogs/life-rule.ts';
import type { Infobase } from '../infobase.ts';
import { writeOrRehearse } from '../rehearse.ts';

export type RemoveLifeRuleOutcome =
  { readonly sort: 'removed' | 'unknown' } | { readonly sort: 'used'; readonly kinds: readonly string[] };

export function removeLifeRule(infobase: Infobase, code: string, isDryRun = false): Promise<RemoveLifeRuleOutcome> {
  return writeOrRehearse(infobase, isDryRun, async (trx) => {
    const kinds = (await listKindsByRule(trx)).get(code) ?? [];
    if (kinds.length > 0) return { sort: 'used', kinds };
    return { sort: (await removeRule(trx, code)) ? 'removed' : 'unknown' };
  });
}

// Removes a rule of life that no card kind has chosen. Accruals made under it keep their dates.
import { findLifeRule, listKindsByRule, removeLifeRule as removeRule } from '../../db/catalogs/life-rule.ts';
import { recordChange } from '../admin/record-change.ts';
import type { Infobase } from '../infobase.ts';
import { writeOrRehearse } from '../rehearse.ts';
import { isCatalogChanged, type CatalogOptions } from './catalog-guard.ts';
import { loadLifeRules, type ChosenLifeRule } from './list-life-rules.ts';

export type RemoveLifeRuleOutcome =
  { readonly sort: 'removed' | 'unknown' | 'changed' } | { readonly sort: 'used'; readonly kinds: readonly string[] };

export function removeLifeRule(
  infobase: Infobase,
  code: string,
  options: CatalogOptions<ChosenLifeRule> = {},
): Promise<RemoveLifeRuleOutcome> {
  return writeOrRehearse(infobase, options.isDryRun === true, async (trx) => {
    if (await isCatalogChanged(trx, loadLifeRules, options)) return { sort: 'changed' };
    const kinds = (await listKindsByRule(trx)).get(code) ?? [];
    if (kinds.length > 0) return { sort: 'used', kinds };
    const rule = await findLifeRule(trx, code);
    if (rule === undefined) return { sort: 'unknown' };
    await removeRule(trx, code);
    await recordChange(trx, infobase, { subject: 'life_rule', key: code, before: rule });
    return { sort: 'removed' };
  });
}

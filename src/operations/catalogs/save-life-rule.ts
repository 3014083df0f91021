// Adds a rule of life or edits one: what is not given stays as it was. A change touches new accruals only, for the dates
// are stored with each.
import type { Trx } from '../../db/db.ts';
import { findLifeRule, listKindsByRule, saveLifeRule as saveRule } from '../../db/catalogs/life-rule.ts';
import { findRuleMistake, type LifeRule } from '../../ledger/life-rule.ts';
import { dateOf, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { recordChange } from '../admin/record-change.ts';
import { isCatalogChanged, type CatalogOptions } from './catalog-guard.ts';
import { findCodeMistake, findNameMistake } from './catalog-text.ts';
import { loadLifeRules, type ChosenLifeRule } from './list-life-rules.ts';
import type { Infobase } from '../infobase.ts';
import { refuse, type Refusal } from '../refusal.ts';
import { writeOrRehearse } from '../rehearse.ts';

export type LifeRuleChange = Pick<LifeRule, 'code'> & Partial<Omit<LifeRule, 'code'>>;

export type SaveLifeRuleOutcome =
  | { readonly ok: true; readonly isNew: boolean; readonly rule: LifeRule; readonly kinds: readonly string[] }
  | Refusal<keyof LifeRule>;

/** What stands for no rule where a card kind chooses one. */
export const noRule = 'none';

/** @param now a fixed date that has come, or a delay that reaches the life from today on, is refused. */
export async function saveLifeRule(
  infobase: Infobase,
  now: LocalDateTime,
  change: LifeRuleChange,
  options: CatalogOptions<ChosenLifeRule> = {},
): Promise<SaveLifeRuleOutcome> {
  const codeMistake = findCodeMistake(change.code);
  if (codeMistake !== undefined) return refuse(codeMistake, { field: 'code' });
  if (change.code === noRule) return refuse(`"${noRule}" is what takes a kind's rule away`, { field: 'code' });
  const save = async (trx: Trx): Promise<SaveLifeRuleOutcome> => {
    if (await isCatalogChanged(trx, loadLifeRules, options))
      return refuse('the rules have changed', { sort: 'changed' });
    const known = await findLifeRule(trx, change.code);
    const { register, name, life } = { ...known, ...change };
    if (register === undefined) return needs('register');
    if (name === undefined) return needs('name');
    if (life === undefined) return needs('life');
    const lasting = { delay: { sort: 'none' }, lifeFrom: 'credit' } as const;
    const rule: LifeRule = { ...lasting, ...known, ...change, register, name, life };
    const kinds = (await listKindsByRule(trx)).get(rule.code) ?? [];
    const refusal = refuseRule(rule, known, kinds, dateOf(now));
    if (refusal !== undefined) return refusal;
    await saveRule(trx, rule);
    await recordChange(trx, infobase, { subject: 'life_rule', key: rule.code, before: known, after: rule });
    return { ok: true, isNew: known === undefined, rule, kinds };
  };
  return writeOrRehearse(infobase, options.isDryRun === true, save);
}

function needs(field: 'register' | 'name' | 'life'): SaveLifeRuleOutcome {
  return refuse(`a new rule needs a ${field}`, { field, sort: 'missing' });
}

function refuseRule(
  rule: LifeRule,
  known: LifeRule | undefined,
  kinds: readonly string[],
  today: LocalDate,
): SaveLifeRuleOutcome | undefined {
  const nameMistake = findNameMistake(rule.name);
  if (nameMistake !== undefined) return refuse(nameMistake, { field: 'name' });
  if (known !== undefined && known.register !== rule.register && kinds.length > 0) {
    return refuse(`the rule is chosen by card kinds (${kinds.join(', ')}): its register stays`, { field: 'register' });
  }
  const mistake = findRuleMistake(rule, today);
  return mistake === undefined ? undefined : refuse(mistake, { field: 'life' });
}

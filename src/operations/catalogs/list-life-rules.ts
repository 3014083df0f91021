// The rules of life with the card kinds that have chosen them.
import { listKindsByRule, listLifeRules as listRules } from '../../db/catalogs/life-rule.ts';
import type { Trx } from '../../db/db.ts';
import type { LifeRule } from '../../ledger/life-rule.ts';
import type { Infobase } from '../infobase.ts';

export interface ChosenLifeRule extends LifeRule {
  /** Codes of the card kinds that have chosen it. */
  readonly kinds: readonly string[];
}

export function listLifeRules(infobase: Infobase): Promise<ChosenLifeRule[]> {
  return infobase.db.read(loadLifeRules);
}

export async function loadLifeRules(trx: Trx): Promise<ChosenLifeRule[]> {
  const kinds = await listKindsByRule(trx);
  return (await listRules(trx)).map((rule) => ({ ...rule, kinds: kinds.get(rule.code) ?? [] }));
}

// Adds a card kind or edits one: what is not given stays as it was.
import { findCardKind, saveCardKind as saveKind } from '../../db/catalogs/card-kind.ts';
import type { Trx } from '../../db/db.ts';
import { findLifeRule } from '../../db/catalogs/life-rule.ts';
import type { CardKind } from '../../ledger/card.ts';
import type { LifeRegister } from '../../ledger/life-rule.ts';
import { recordChange } from '../admin/record-change.ts';
import { isCatalogChanged, type CatalogOptions } from './catalog-guard.ts';
import { findCodeMistake, findNameMistake } from './catalog-text.ts';
import { loadCardKinds, type CountedCardKind } from './list-card-kinds.ts';
import type { Infobase } from '../infobase.ts';
import { refuse, type Refusal } from '../refusal.ts';
import { writeOrRehearse } from '../rehearse.ts';

/** The fields to change; a percent of null = none sent to the till, a rule of null = unlimited life without delay. */
export type CardKindChange = Pick<CardKind, 'code'> & Partial<Omit<CardKind, 'code'>>;

export type SaveCardKindOutcome =
  { readonly ok: true; readonly isNew: boolean; readonly kind: CardKind } | Refusal<keyof CardKind>;

const noTerms = {
  purpose: 'discount',
  discount: { sort: 'none' },
  maxRedeemPercentHundredths: null,
  accrualPercentHundredths: null,
  bonusRuleCode: null,
  accumulationRuleCode: null,
} as const;

export async function saveCardKind(
  infobase: Infobase,
  change: CardKindChange,
  options: CatalogOptions<CountedCardKind> = {},
): Promise<SaveCardKindOutcome> {
  const codeMistake = findCodeMistake(change.code);
  if (codeMistake !== undefined) return refuse(codeMistake, { field: 'code' });
  const save = async (trx: Trx): Promise<SaveCardKindOutcome> => {
    if (await isCatalogChanged(trx, loadCardKinds, options))
      return refuse('the kinds have changed', { sort: 'changed' });
    const known = await findCardKind(trx, change.code);
    const kind: CardKind = { name: '', ...noTerms, ...known, ...change };
    const refusal = refuseKind(kind) ?? (await refuseRules(trx, kind));
    if (refusal !== undefined) return refusal;
    await saveKind(trx, kind);
    await recordChange(trx, infobase, { subject: 'card_kind', key: kind.code, before: known, after: kind });
    return { ok: true, isNew: known === undefined, kind };
  };
  return writeOrRehearse(infobase, options.isDryRun === true, save);
}

function refuseKind(kind: CardKind): SaveCardKindOutcome | undefined {
  if (kind.name === '') return refuse('a new kind needs a name', { field: 'name', sort: 'missing' });
  const nameMistake = findNameMistake(kind.name);
  if (nameMistake !== undefined) return refuse(nameMistake, { field: 'name' });
  // A payment card is topped up, it never accrues.
  if (kind.purpose === 'payment' && (kind.accrualPercentHundredths ?? 0) > 0) {
    return refuse('a payment kind has no accrual percent', { field: 'accrualPercentHundredths' });
  }
  return undefined;
}

async function refuseRules(trx: Trx, kind: CardKind): Promise<SaveCardKindOutcome | undefined> {
  const chosen = [
    ['bonusRuleCode', 'bonus'],
    ['accumulationRuleCode', 'accumulation'],
  ] as const satisfies readonly (readonly [keyof CardKind, LifeRegister])[];
  for (const [field, register] of chosen) {
    const code = kind[field];
    if (code === null) continue;
    const rule = await findLifeRule(trx, code);
    if (rule === undefined) return refuse(`there is no rule of life "${code}"`, { field });
    if (rule.register !== register) {
      return refuse(`rule "${code}" is of the register ${rule.register}, not ${register}`, { field });
    }
  }
  return undefined;
}

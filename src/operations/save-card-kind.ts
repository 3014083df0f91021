// Adds a card kind or edits one: what is not given stays as it was.
import { findCardKind, saveCardKind as saveKind } from '../db/card-kind.ts';
import type { Trx } from '../db/db.ts';
import type { CardKind } from '../ledger/card.ts';
import type { Infobase } from './infobase.ts';

/** The fields to change; a percent of null = none told to the till. */
export type CardKindChange = Pick<CardKind, 'code'> & Partial<Omit<CardKind, 'code'>>;

export type SaveCardKindOutcome =
  | { readonly ok: true; readonly isNew: boolean; readonly kind: CardKind }
  | { readonly ok: false; readonly field: keyof CardKind; readonly why: string };

const nameLimit = 100;
// Codes stand in filters (kind=A|B,status=...), in addresses and in files: no separators among them.
const codeForm = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,49}$/u;

const noTerms = {
  purpose: 'discount',
  discount: { sort: 'none' },
  maxRedeemPercentHundredths: null,
  accrualPercentHundredths: null,
} as const;

export async function saveCardKind(
  infobase: Infobase,
  change: CardKindChange,
  isDryRun = false,
): Promise<SaveCardKindOutcome> {
  if (!codeForm.test(change.code)) {
    return refuse('code', 'a code has 1 to 50 letters, digits, ".", "_" and "-", and begins with a letter or digit');
  }
  const save = async (trx: Trx): Promise<SaveCardKindOutcome> => {
    const known = await findCardKind(trx, change.code);
    const kind: CardKind = { name: '', ...noTerms, ...known, ...change };
    const refusal = refuseKind(kind);
    if (refusal !== undefined) return refusal;
    if (!isDryRun) await saveKind(trx, kind);
    return { ok: true, isNew: known === undefined, kind };
  };
  return isDryRun ? infobase.db.read(save) : infobase.db.write(save);
}

function refuseKind(kind: CardKind): SaveCardKindOutcome | undefined {
  if (kind.name === '') return refuse('name', 'a new kind needs a name');
  if (kind.name.length > nameLimit || kind.name !== kind.name.trim() || /\p{Cc}/u.test(kind.name)) {
    return refuse('name', `a name has ${nameLimit} characters at most, no blanks at its ends, no control characters`);
  }
  // SEED: a payment card is topped up, it never accrues.
  if (kind.purpose === 'payment' && (kind.accrualPercentHundredths ?? 0) > 0) {
    return refuse('accrualPercentHundredths', 'a payment kind has no accrual percent');
  }
  return undefined;
}

function refuse(field: keyof CardKind, why: string): SaveCardKindOutcome {
  return { ok: false, field, why };
}

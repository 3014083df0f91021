// A balance that is not the sum of its movements, in words.
import { formatSum } from '../../ledger/money.ts';
import type { InfobaseCheck } from '../../operations/admin/check-infobase.ts';

const registerTexts: Readonly<Record<string, string>> = {
  accumulation_balance: 'balances of «Накопления»',
  billing_balance: 'balances of billing',
  accrual_turnover: 'accruals by write-off date',
  pending_credit: 'pending credits',
  certificate: 'gift certificates',
};

/** "balances of billing": the register as people call it. */
export function nameRegister(register: string): string {
  return registerTexts[register] ?? register;
}

/** "card 29...: balances of billing differ from the sum of the movements by bonus 0.01, ..." */
export function describeDifference({
  register,
  cardNumber,
  bonus,
  accumulation,
  receipts,
}: InfobaseCheck['difference'] & object): string {
  const by = `bonus ${formatSum(bonus)}, accumulation ${formatSum(accumulation)}, receipts ${receipts}`;
  const owner = register === 'certificate' ? 'certificate' : 'card';
  return `${owner} ${cardNumber}: ${nameRegister(register)} differ from the sum of the movements by ${by}`;
}

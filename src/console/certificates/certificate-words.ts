// Gift certificates in words.
import type { CertificateState } from '../../ledger/certificate.ts';
import { parseLife } from '../../ledger/life-rule.ts';
import type { CertificateMovement } from '../../operations/certificates/certificate-catalog.ts';
import { nameLife } from '../catalogs/life-words.ts';
import type { Say } from '../say.ts';
import { showMoney } from '../show.ts';

export function nameState(state: CertificateState, say: Say): string {
  switch (state) {
    case 'issued':
      return say('выпущен', 'issued');
    case 'pre_redeemed':
      return say('погашен частично', 'partly redeemed');
    case 'redeemed':
      return say('погашен', 'redeemed');
    case 'annulled':
      return say('аннулирован', 'annulled');
  }
}

/** @param price in kopecks; null: the buyer names it. */
export function showPrice(price: number | null, say: Say): string {
  return price === null ? say('любая сумма', 'any sum') : showMoney(price);
}

/** A life as its kind keeps it: "years:1". */
export function nameLifeText(text: string, say: Say): string {
  const life = parseLife(text);
  return life === undefined ? text : nameLife(life, say);
}

export function nameMovement(kind: CertificateMovement['kind'], say: Say): string {
  switch (kind) {
    case 'CertificateSale':
      return say('Продажа сертификата', 'Sale');
    case 'CertificateRedemption':
      return say('Погашение сертификата', 'Redemption');
    case 'CertificateCancel':
      return say('Отмена', 'Cancel');
    case 'CertificateExpiry':
      return say('Истёк срок действия', 'Expiry');
  }
}

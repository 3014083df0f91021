// Why a certificate's state forbids what a till asks for (result 13): the name of the state, and a sentence that helps the
// cashier.
import { addDays, formatDateForPeople, type LocalDate } from './local-date-time.ts';
import type { CertificateStanding } from './certificate.ts';
import { formatRubles, formatSum, type Kopecks } from './money.ts';

/** What a till asks of a certificate. */
export type CertificateAct = 'info' | 'sale' | 'redemption' | 'cancel';

export type CertificateObstacle =
  | { readonly sort: 'unknown' }
  /** `price`: null where the buyer names it. */
  | { readonly sort: 'not_sold'; readonly price: Kopecks | null }
  | { readonly sort: 'sold' }
  | { readonly sort: 'spent' }
  | { readonly sort: 'annulled' }
  /** `lastOn`: the last day it could be used. */
  | { readonly sort: 'run_out'; readonly lastOn: LocalDate }
  /** Not sold yet, and all certificates of its kind have ended. */
  | { readonly sort: 'kind_ended'; readonly lastOn: LocalDate }
  | { readonly sort: 'too_little'; readonly balance: Kopecks }
  /** Only one certificate may be used in a receipt, and it has one. */
  | { readonly sort: 'other_in_receipt' }
  /** A sale cannot be undone while a part of it is spent. */
  | { readonly sort: 'used' };

/** Undefined if it may be sold on that date. */
export function findSaleObstacle(certificate: CertificateStanding, on: LocalDate): CertificateObstacle | undefined {
  const { state, isSold } = certificate;
  if (state === 'issued' && !isSold) return undefined;
  return findEnd(certificate, on) ?? { sort: 'sold' };
}

/**
 * Undefined if that sum may be taken on that date, up to the day before the write-off date.
 * @param price what it is sold for; null where the buyer names it.
 */
export function findRedemptionObstacle(
  certificate: CertificateStanding,
  on: LocalDate,
  amount: Kopecks,
  price: Kopecks | null,
): CertificateObstacle | undefined {
  const { isSold, balance } = certificate;
  const end = findEnd(certificate, on);
  if (!isSold) return end ?? { sort: 'not_sold', price };
  // Nothing may be taken of one that is spent or annulled; if nothing is asked for, only its end counts.
  if (end !== undefined && (end.sort === 'run_out' || amount > 0)) return end;
  return amount <= balance ? undefined : { sort: 'too_little', balance };
}

/** What has ended it, whatever is asked. The date comes first, for its night may not have run yet. */
function findEnd({ state, isSold, writeOffOn }: CertificateStanding, on: LocalDate): CertificateObstacle | undefined {
  if (isSold && writeOffOn !== null && on >= writeOffOn) return { sort: 'run_out', lastOn: addDays(writeOffOn, -1) };
  if (state === 'annulled') return { sort: 'annulled' };
  return state === 'redeemed' ? { sort: 'spent' } : undefined;
}

const advice: Readonly<Record<CertificateAct, string>> = {
  info: 'проверьте номер сертификата',
  sale: 'возьмите другой сертификат',
  redemption: 'примите другую оплату',
  cancel: 'отменить продажу нельзя',
};

/** The sentence shown to the cashier. */
export function describeCertificateObstacle(obstacle: CertificateObstacle, act: CertificateAct): string {
  const instead = advice[act];
  switch (obstacle.sort) {
    case 'unknown':
      return `Сертификат не найден: ${advice.info}.`;
    case 'not_sold': {
      const price = obstacle.price === null ? '' : `, его цена ${formatPrice(obstacle.price)}`;
      return `Сертификат ещё не продан${price}: сначала пробейте его продажу или ${instead}.`;
    }
    case 'sold':
      return `Сертификат уже продан: ${instead}.`;
    case 'spent':
      return `Сертификат использован полностью: ${instead}.`;
    case 'annulled':
      return `Сертификат аннулирован: ${instead}.`;
    case 'run_out':
      return `Сертификат действовал по ${formatDateForPeople(obstacle.lastOn)}: ${instead}.`;
    case 'kind_ended':
      return `Сертификаты этого вида действовали по ${formatDateForPeople(obstacle.lastOn)}: ${instead}.`;
    case 'too_little':
      return `На сертификате осталось ${formatPrice(obstacle.balance)}: уменьшите сумму оплаты сертификатом.`;
    case 'other_in_receipt':
      return `В чеке уже принят другой сертификат, а можно только один: ${instead}.`;
    case 'used':
      return 'Сертификатом уже оплачивали: сначала отмените оплату, затем продажу.';
  }
}

/** "600", "600.50" */
function formatPrice(kopecks: Kopecks): string {
  return kopecks % 100 === 0 ? formatRubles(kopecks) : formatSum(kopecks);
}

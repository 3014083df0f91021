// GetCardInfo: what a till needs to know of a card when it is read.
import { findCardReading, type CardReading } from '../../db/cards/card-reading.ts';
import { judgeCard } from '../../ledger/card.ts';
import { findDiscount } from '../../ledger/discount.ts';
import { dateOf, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { resultCodes, type ResultCode, type Trouble } from '../../ledger/result.ts';
import { boundTexts } from '../bound-texts.ts';
import type { Checked } from '../checked.ts';
import { foreseeBonus, noBilling, type BonusFuture } from './foresee-bonus.ts';
import type { Infobase } from '../infobase.ts';
import { figuresOf, noFigures, type CardFigures } from '../operation-reply.ts';
import { gateOfCards, loadStanding } from '../standing.ts';

export interface CardRequest {
  readonly kkm: string;
  readonly cardNumber: string;
  /** The till's moment; null = the infobase's. The card's dates are judged by it. */
  readonly operationAt: LocalDateTime | null;
  /** Said of the call, and of no effect on its answer. */
  readonly requestId?: string | null;
  readonly shop?: string | null;
  readonly cashier?: string | null;
  readonly inputMethod?: string | null;
}

export interface CardReply extends CardFigures, BonusFuture {
  readonly code: ResultCode;
  readonly trouble?: Trouble;
  readonly cardNumber: string;
  readonly kindName: string | null;
  readonly holder: string | null;
  readonly status: string | null;
  readonly discountPercentHundredths: number;
  readonly maxRedeemPercentHundredths: number | null;
  readonly accrualPercentHundredths: number | null;
  readonly cashierMessage: string | null;
  readonly receiptMessage: string | null;
}

const requestTexts = ['kkm', 'cardNumber', 'requestId', 'shop', 'cashier', 'inputMethod'] as const;

/** Order of refusals: 8, 9, 10, 11, 1, 2, 3. A card that is refused is still shown, with nothing to spend. */
export function readCard(infobase: Infobase, now: LocalDateTime, sent: Checked<CardRequest>): Promise<CardReply> {
  const request = boundTexts(sent, requestTexts);
  return infobase.db.read(async (trx) => {
    const standing = await loadStanding(trx, infobase);
    const { settings, billing } = standing;
    const gate = gateOfCards(standing);
    const cardNumber = (request.ok ? request.value.cardNumber : request.partial.cardNumber) ?? '';
    if (gate !== resultCodes.done) return showNoCard(gate, cardNumber);
    if (!request.ok) return { ...showNoCard(resultCodes.badArgument, cardNumber), trouble: request.trouble };
    const card = await findCardReading(trx, cardNumber, now, settings);
    if (card === undefined) return showNoCard(resultCodes.cardNotFound, cardNumber);
    const future = billing === undefined ? noBilling : await foreseeBonus(trx, billing, card, now);
    return showCard(card, judgeCard(card, dateOf(request.value.operationAt ?? now)), future);
  });
}

const noTerms = {
  kindName: null,
  holder: null,
  status: null,
  discountPercentHundredths: 0,
  maxRedeemPercentHundredths: null,
  accrualPercentHundredths: null,
} as const;

const noMessages = { cashierMessage: null, receiptMessage: null } as const;

function showNoCard(code: ResultCode, cardNumber: string): CardReply {
  return { code, cardNumber, ...noTerms, ...noFigures, ...noBilling, ...noMessages };
}

function showCard(card: CardReading, code: ResultCode, future: BonusFuture): CardReply {
  // By name: to copy three objects takes longer than the card's statement.
  const { bonusBalance, bonusAvailable, accumulation, receipts } = figuresOf(card);
  return {
    code,
    cardNumber: card.number,
    kindName: card.kindName,
    holder: card.holder,
    status: card.status,
    discountPercentHundredths: findDiscount(card.discount, card),
    maxRedeemPercentHundredths: card.maxRedeemPercentHundredths,
    accrualPercentHundredths: card.accrualPercentHundredths,
    bonusBalance,
    bonusAvailable: code === resultCodes.done ? bonusAvailable : 0,
    accumulation,
    receipts,
    bonusPending: future.bonusPending,
    expiringBonus: future.expiringBonus,
    expiringAt: future.expiringAt,
    cashierMessage: null,
    receiptMessage: null,
  };
}

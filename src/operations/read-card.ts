// GetCardInfo: what a till needs to know of a card when it is read.
import { findCardReading, type CardReading } from '../db/card-reading.ts';
import { judgeCard } from '../ledger/card.ts';
import { findDiscount } from '../ledger/discount.ts';
import { dateOf, type LocalDateTime } from '../ledger/local-date-time.ts';
import type { Kopecks } from '../ledger/money.ts';
import { resultCodes, type ResultCode, type Trouble } from '../ledger/result.ts';
import type { Checked } from './command.ts';
import type { Infobase } from './infobase.ts';
import { figuresOf, noFigures, type CardFigures } from './operation-reply.ts';

export interface CardRequest {
  readonly kkm: string;
  readonly cardNumber: string;
  /** The till's moment; null = the infobase's. The card's dates are judged by it. */
  readonly operationAt: LocalDateTime | null;
}

export interface CardReply extends CardFigures {
  readonly code: ResultCode;
  readonly trouble?: Trouble;
  readonly cardNumber: string;
  readonly kindName: string | null;
  readonly holder: string | null;
  readonly status: string | null;
  readonly discountPercentHundredths: number;
  readonly maxRedeemPercentHundredths: number | null;
  readonly accrualPercentHundredths: number | null;
  /** Delayed and expiring bonus belong to billing; in stage online there is none. */
  readonly bonusPending: Kopecks;
  readonly expiringBonus: Kopecks;
  readonly expiringAt: LocalDateTime | null;
  readonly cashierMessage: string | null;
  readonly receiptMessage: string | null;
}

/** Order of refusals: 8, 11, 1, 2, 3. A card that is refused is still shown, with nothing to spend. */
export function readCard(infobase: Infobase, now: LocalDateTime, request: Checked<CardRequest>): Promise<CardReply> {
  return infobase.db.read(async (trx) => {
    const settings = await infobase.loadSettings(trx);
    const cardNumber = (request.ok ? request.value.cardNumber : request.partial.cardNumber) ?? '';
    if (settings.stage === 'cards') return showNoCard(resultCodes.moduleOff, cardNumber);
    if (!request.ok) return { ...showNoCard(resultCodes.badArgument, cardNumber), trouble: request.trouble };
    const card = await findCardReading(trx, cardNumber, now);
    if (card === undefined) return showNoCard(resultCodes.cardNotFound, cardNumber);
    return showCard(card, judgeCard(card, dateOf(request.value.operationAt ?? now)));
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

const noBilling = {
  bonusPending: 0,
  expiringBonus: 0,
  expiringAt: null,
  cashierMessage: null,
  receiptMessage: null,
} as const;

function showNoCard(code: ResultCode, cardNumber: string): CardReply {
  return { code, cardNumber, ...noTerms, ...noFigures, ...noBilling };
}

function showCard(card: CardReading, code: ResultCode): CardReply {
  const figures = figuresOf(card);
  return {
    code,
    cardNumber: card.number,
    kindName: card.kindName,
    holder: card.holder,
    status: card.status,
    discountPercentHundredths: findDiscount(card.discount, card),
    maxRedeemPercentHundredths: card.maxRedeemPercentHundredths,
    accrualPercentHundredths: card.accrualPercentHundredths,
    ...figures,
    bonusAvailable: code === resultCodes.done ? figures.bonusAvailable : 0,
    ...noBilling,
  };
}

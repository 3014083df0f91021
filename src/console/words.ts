// Words of the ledger as people say them.
import type { MeasureName } from '../ledger/account.ts';
import type { CardStatus } from '../ledger/card.ts';
import type { ReceiptKind } from '../ledger/receipt.ts';
import type { ReceiptFlag } from '../operations/receipts/list-flagged-receipts.ts';
import type { Road } from '../operations/receipts/list-receipts.ts';
import type { Say } from './say.ts';

export function nameStatus(status: CardStatus, say: Say): string {
  switch (status) {
    case 'active':
      return say('действует', 'active');
    case 'accrue_only':
      return say('только начисление', 'accrues only');
    case 'blocked':
      return say('заблокирована', 'blocked');
  }
}

/** The documents of both registers, as the source calls them. */
export function nameDocumentKind(kind: string, say: Say): string {
  switch (kind) {
    case 'OpeningAccumulation':
      return say('Ввод остатков накоплений на дисконтных картах', 'Opening accumulation');
    case 'OpeningBalance':
      return say('Биллинг: Дисконтные карты - Ввод начальных остатков', 'Opening balance of billing');
    case 'KkmOperation':
      return say('Биллинг: Дисконтные карты - Операция ККМ', 'Till operation');
    case 'TpOperation':
      return say('Биллинг: Дисконтные карты - Операция ТП', 'Trade operation');
    case 'Accrual':
      return say('Начисление на дисконтные карты', 'Accrual');
    case 'WriteOff':
      return say('Списание с дисконтных карт', 'Write-off');
    default:
      return kind;
  }
}

export function nameReceiptKind(kind: ReceiptKind, say: Say): string {
  return kind === 'Sale' ? say('Продажа', 'Sale') : say('Возврат', 'Return');
}

/** What an operator should check of a receipt. */
export function nameFlag(flag: ReceiptFlag, say: Say): string {
  switch (flag) {
    case 'debt':
      return say('карта ушла в минус', 'the card owes');
    case 'original_unknown':
      return say('чек продажи не пришёл', 'the sale has not come');
    case 'over_returned':
      return say('возвращено больше проданного', 'more is returned than was sold');
    case 'report_differs':
      return say('отчёт отличается от онлайна', 'the report differs from the online call');
  }
}

export function nameRoad(road: Road, say: Say): string {
  return road === 'online' ? say('онлайн', 'online') : say('отчётом смены', 'by a shift report');
}

export function nameMeasure(measure: MeasureName, say: Say): string {
  switch (measure) {
    case 'bonus':
      return say('бонусы', 'bonus');
    case 'accumulation':
      return say('накопление', 'accumulation');
    case 'receipts':
      return say('чеки', 'receipts');
  }
}

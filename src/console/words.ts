// Words of the ledger as people say them.
import type { CardStatus } from '../ledger/card.ts';
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

// The card that a page is about.
import { showExplainedCard, type CardExplanation } from '../../operations/cards/explain-card.ts';
import { showCard, type ShownCard } from '../../operations/cards/show-card.ts';
import { NotFound, type PageCall } from '../page.ts';

/** Rows of the history and of the explanation that are shown one by one. */
export const rowsShown = 100;
/** Nights to come that are looked at. */
export const nightsShown = 60;

/** @throws NotFound */
export async function loadCard(call: PageCall): Promise<ShownCard> {
  const number = call.params.number ?? '';
  const shown = await showCard(call.infobase, call.now, number, { movements: rowsShown, nights: nightsShown });
  return shown ?? refuse(call, number);
}

/** @throws NotFound */
export async function loadExplanation(
  call: PageCall,
): Promise<{ readonly shown: ShownCard; readonly explanation: CardExplanation }> {
  const number = call.params.number ?? '';
  const options = { rows: rowsShown, nights: nightsShown };
  return (await showExplainedCard(call.infobase, call.now, number, options)) ?? refuse(call, number);
}

function refuse({ say }: PageCall, number: string): never {
  throw new NotFound(say(`Карты «${number}» в этой базе нет.`, `There is no card "${number}" in this infobase.`));
}

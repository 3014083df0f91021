// Which cards a night goes through: those that it can change. After a night no card has B above S(T) but for holds (domain 7),
// so the next one takes something only where rows run out, a credit comes due, the night before has left something to a hold
// or has credited what had run out, or a document has come since. The literal rule is then applied to these.
import {
  addAllCards,
  addChangeableCards,
  addPostedCards,
  findKnownDocument,
  findLastDocumentId,
  findNightChunkEnd,
  openNightCards,
} from '../../db/night/night-card.ts';
import { findLastCardId } from '../../db/night/night.ts';
import type { Trx } from '../../db/db.ts';
import { addDays, type LocalDate } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';

export interface ChosenCards {
  /** The last billing document when they were chosen: cards of later ones are added as the night comes to them. */
  readonly knownDocumentId: number;
}

export interface NightChoice {
  readonly businessOn: LocalDate;
  /** The first date of billing. */
  readonly startOn: LocalDate;
  /** Every card, whatever the night before has left. */
  readonly isFull: boolean;
}

/** The first night of billing goes through all cards: what was opened may burn at once. */
export function chooseNightCards(
  infobase: Infobase,
  { businessOn, startOn, isFull }: NightChoice,
): Promise<ChosenCards> {
  const nightBefore = addDays(businessOn, -1);
  return infobase.db.stage(async (trx) => {
    await openNightCards(trx);
    const chosen = { knownDocumentId: await findLastDocumentId(trx) };
    const isFirst = nightBefore < startOn;
    const knownDocumentId = isFull || isFirst ? undefined : await findKnownDocument(trx, nightBefore);
    if (knownDocumentId === undefined) await addAllCards(trx);
    else await addChangeableCards(trx, { businessOn, nightBefore, knownDocumentId });
    return chosen;
  });
}

/** The same with the cards of documents that have come since, of those that the night has not come to. */
export async function addNewCards(trx: Trx, chosen: ChosenCards, fromCardId: number): Promise<ChosenCards> {
  const knownDocumentId = await findLastDocumentId(trx);
  if (knownDocumentId > chosen.knownDocumentId) await addPostedCards(trx, chosen.knownDocumentId, fromCardId);
  return { knownDocumentId };
}

/** The last card of the next chunk, which has at most `chunkCards` chosen ones; undefined after the last card of all. */
export async function findChunkEnd(trx: Trx, fromCardId: number, chunkCards: number): Promise<number | undefined> {
  const end = await findNightChunkEnd(trx, fromCardId, chunkCards);
  if (end !== undefined) return end;
  const lastCardId = await findLastCardId(trx);
  return lastCardId > fromCardId ? lastCardId : undefined;
}

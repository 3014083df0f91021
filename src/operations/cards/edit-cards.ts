// «Групповая обработка дисконтных карт»: gives many cards at once the same status, kind, dates, holder or note.
import { findCard, listCardPage, updateCard, type Card } from '../../db/cards/card.ts';
import { listCardKinds } from '../../db/catalogs/card-kind.ts';
import type { Trx } from '../../db/db.ts';
import { findSealedMark } from '../../db/seals/seal.ts';
import { isOutOfOrder, listChanged, type CardChange } from './card-change.ts';
import { recordChange } from '../admin/record-change.ts';
import type { Infobase } from '../infobase.ts';
import { parseCardFilter, splitAtEquals, type CardFilter } from './parse-card-filter.ts';
import { writeOrRehearse } from '../rehearse.ts';
import { cardFields, isCardField, parseCardField } from './parse-card-field.ts';

export interface EditCardsRequest {
  /** Conditions as parseCardFilter reads them; none = every card. */
  readonly where: readonly string[];
  /** "field=value"; an empty value clears a holder, a date, a note. */
  readonly set: readonly string[];
}

export interface EditCardsOptions {
  readonly isDryRun?: boolean;
  /** Awaited between the transactions, with the number of cards changed so far. */
  readonly afterTurn?: (changed: number) => Promise<void>;
}

export interface CardEdit {
  readonly number: string;
  readonly before: CardChange;
  readonly after: CardChange;
}

export type EditCardsOutcome =
  | {
      readonly ok: true;
      /** Cards the filter means, and how many of them were (would be) changed: the others have these values already. */
      readonly matched: number;
      readonly changed: number;
      /** The first of the changes. */
      readonly edits: readonly CardEdit[];
    }
  | {
      readonly ok: false;
      /** request: the filter or a value is wrong; cards: some cards cannot take the edit. */
      readonly sort: 'request' | 'cards';
      readonly mistakes: readonly string[];
    };

/** Cards gone through in one turn: the tills' calls get theirs in between. */
const cardsPerTurn = 2_000;
const shownEdits = 20;
const shownMistakes = 10;

/**
 * First all cards are gone through without a transaction, and an edit that some card cannot take (it would end before it
 * begins) refuses all; then they are changed turn by turn. Broken off, it may simply be run again.
 */
export async function editCards(
  infobase: Infobase,
  request: EditCardsRequest,
  options: EditCardsOptions = {},
): Promise<EditCardsOutcome> {
  const kinds = await infobase.db.read(listCardKinds);
  const parsed = parseCardFilter(request.where, kinds);
  const set = readChange(request.set, (field, value) => parseCardField(field, value, kinds));
  const mistakes = [...(parsed.ok ? [] : parsed.mistakes), ...set.mistakes];
  if (!parsed.ok || mistakes.length > 0) return { ok: false, sort: 'request', mistakes };
  const { filter } = parsed;
  const found = await surveyCards(infobase, filter, set.change);
  if (found.outOfOrder.length > 0) return { ok: false, sort: 'cards', mistakes: found.outOfOrder };
  const { matched, changed, edits } = found;
  if (changed === 0) return { ok: true, matched, changed, edits };
  const edit = { ...request, filter, change: set.change };
  return { ok: true, matched, changed: await writeEdits(infobase, edit, found, options), edits };
}

function readChange(
  texts: readonly string[],
  parse: (field: (typeof cardFields)[number], value: string) => ReturnType<typeof parseCardField>,
): { readonly change: CardChange; readonly mistakes: readonly string[] } {
  let change: CardChange = {};
  const mistakes: string[] = [];
  const named = new Set<string>();
  for (const text of texts) {
    const { field, value } = splitAtEquals(text);
    if (!isCardField(field)) {
      mistakes.push(`${text}: expected field=value with one of ${cardFields.join(', ')}`);
      continue;
    }
    const parsed = parse(field, value);
    if (named.has(field)) mistakes.push(`${text}: ${field} is given twice`);
    else if (parsed.ok) change = { ...change, ...parsed.value };
    else mistakes.push(`${text}: expected ${parsed.expected}`);
    named.add(field);
  }
  if (texts.length === 0) mistakes.push('nothing to set: name at least one field=value');
  return { change, mistakes };
}

interface Survey {
  readonly matched: number;
  readonly changed: number;
  readonly edits: readonly CardEdit[];
  readonly outOfOrder: readonly string[];
  /** Where the pages with cards to change begin. */
  readonly pages: readonly number[];
}

async function surveyCards(infobase: Infobase, filter: CardFilter, change: CardChange): Promise<Survey> {
  let matched = 0;
  let changed = 0;
  const edits: CardEdit[] = [];
  const outOfOrder: string[] = [];
  const pages: number[] = [];
  for (let afterId = 0; ;) {
    const page = await infobase.db.read((trx) => listPage(trx, filter, afterId));
    for (const card of page.meant) {
      matched += 1;
      const edited = { ...card, ...change };
      const fields = listChanged(card, edited);
      if (fields.length === 0) continue;
      changed += 1;
      if (pages.at(-1) !== afterId) pages.push(afterId);
      if (isOutOfOrder(edited)) {
        const days = `from ${edited.validFrom} to ${edited.validTo}`;
        if (outOfOrder.length < shownMistakes) outOfOrder.push(`card ${card.number} would be valid ${days}`);
      } else if (edits.length < shownEdits) {
        edits.push({ number: card.number, before: pick(card, fields), after: pick(edited, fields) });
      }
    }
    if (page.lastId === null) return { matched, changed, edits, outOfOrder, pages };
    afterId = page.lastId;
  }
}

interface Edit extends EditCardsRequest {
  readonly filter: CardFilter;
  readonly change: CardChange;
}

async function writeEdits(infobase: Infobase, edit: Edit, survey: Survey, options: EditCardsOptions): Promise<number> {
  let changed = 0;
  let notedAfter: number | undefined;
  for (const afterId of survey.pages) {
    changed += await writeOrRehearse(infobase, options.isDryRun === true, async (trx) => {
      const edits = await writePage(trx, edit, afterId);
      // Where the row is sealed meanwhile, it explains no later turn.
      const sealed = await findSealedMark(trx, 'change_log');
      if (edits.length > 0 && notedAfter !== sealed) {
        await recordEdits(trx, infobase, edit, survey, edits);
        notedAfter = sealed;
      }
      return edits.length;
    });
    await options.afterTurn?.(changed);
  }
  return changed;
}

/** Many cards have one row, with the first turn that changes any: the filter, what is set, and how many it is meant for. */
async function recordEdits(
  trx: Trx,
  infobase: Infobase,
  { where, set }: Edit,
  survey: Survey,
  edits: readonly CardEdit[],
): Promise<void> {
  const [first] = edits;
  if (survey.changed === 1 && edits.length === 1 && first !== undefined) {
    const { number, before, after } = first;
    await recordChange(trx, infobase, { subject: 'cards', key: number, before, after });
    return;
  }
  const key = where.length === 0 ? 'all' : where.join(', ');
  await recordChange(trx, infobase, { subject: 'cards', key, after: { set: set.join(', '), cards: survey.changed } });
}

// Read again inside the transaction: a till or an operator may have changed a card since.
async function writePage(trx: Trx, { filter, change }: Edit, afterId: number): Promise<readonly CardEdit[]> {
  const edits: CardEdit[] = [];
  for (const card of (await listPage(trx, filter, afterId)).meant) {
    const edited = { ...card, ...change };
    const fields = listChanged(card, edited);
    if (fields.length === 0) continue;
    await updateCard(trx, edited);
    edits.push({ number: card.number, before: pick(card, fields), after: pick(edited, fields) });
  }
  return edits;
}

interface Page {
  readonly meant: readonly Card[];
  /** Where the next page begins; null = this is the last. */
  readonly lastId: number | null;
}

async function listPage(trx: Trx, filter: CardFilter, afterId: number): Promise<Page> {
  const isMeant = (card: Card): boolean => filter.tests.every((test) => test(card));
  if (filter.number !== null) {
    const card = await findCard(trx, filter.number);
    return { meant: card !== undefined && isMeant(card) ? [card] : [], lastId: null };
  }
  const cards = await listCardPage(trx, afterId, cardsPerTurn);
  const lastId = cards.length < cardsPerTurn ? null : (cards.at(-1)?.id ?? null);
  return { meant: cards.filter(isMeant), lastId };
}

function pick(card: Card, fields: readonly (keyof CardChange)[]): CardChange {
  return Object.fromEntries(fields.map((field) => [field, card[field]]));
}

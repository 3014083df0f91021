// The filter of the bulk edit as text: "kind=GOLD|SILVER,status=active,number=29001..29099,validTo=..2026-12-31".
import type { NewCard } from '../../db/cards/card.ts';
import type { CardKind } from '../../ledger/card.ts';
import {
  cardFields,
  isCardField,
  parseCardDate,
  parseCardField,
  parseCardNumber,
  type CardField,
} from './parse-card-field.ts';

export type CardTest = (card: NewCard) => boolean;

export interface CardFilter {
  /** A card is meant where it passes all. */
  readonly tests: readonly CardTest[];
  /** The one number asked for, where that is so: then the catalog need not be gone through. */
  readonly number: string | null;
}

export type ParsedFilter =
  { readonly ok: true; readonly filter: CardFilter } | { readonly ok: false; readonly mistakes: readonly string[] };

/** Thrown by the parts below with the words for "expected ...", caught in parseCardFilter. */
class Expected extends Error {}

/**
 * @param texts conditions, each text a list by commas; a comma in a value is written "\,". A condition is field=value,
 * field=value|value, field=from..to (dates, and numbers of one length; a date's end may be left out) or field= (not set).
 */
export function parseCardFilter(texts: readonly string[], kinds: readonly CardKind[]): ParsedFilter {
  const tests: CardTest[] = [];
  const mistakes: string[] = [];
  let number: string | null = null;
  const conditions = texts.flatMap(splitAtCommas).filter((text) => text.trim() !== '');
  for (const condition of conditions) {
    const { field, value } = splitAtEquals(condition);
    try {
      if (field === 'number') {
        tests.push(testNumber(value));
        if (!/\.\.|\|/.test(value)) number = value.trim();
      } else tests.push(testField(field, value, kinds));
    } catch (reason) {
      if (!(reason instanceof Expected)) throw reason;
      mistakes.push(`${condition.trim()}: expected ${reason.message}`);
    }
  }
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, filter: { tests, number } };
}

/** "holder=Иванов" -> its two sides; a text without "=" names no field. */
export function splitAtEquals(text: string): { readonly field: string; readonly value: string } {
  const at = text.indexOf('=');
  if (at < 0) return { field: '', value: text.trim() };
  return { field: text.slice(0, at).trim(), value: text.slice(at + 1) };
}

function splitAtCommas(text: string): string[] {
  return (text.match(/(?:\\,|[^,])+/g) ?? []).map((part) => part.replaceAll('\\,', ','));
}

function testField(field: string, text: string, kinds: readonly CardKind[]): CardTest {
  if (!isCardField(field)) throw new Expected(`one of number, ${cardFields.join(', ')} before "="`);
  const range = /^(.*?)\.\.(.*)$/s.exec(text);
  if ((field === 'validFrom' || field === 'validTo') && range !== null) {
    return testDates(field, range[1] ?? '', range[2] ?? '');
  }
  const accepted = (field === 'holder' || field === 'note' ? [text] : text.split('|')).map((value) =>
    parseWanted(field, value, kinds),
  );
  const column = field === 'kind' ? 'kindCode' : field;
  return (card) => accepted.includes(card[column]);
}

function parseWanted(field: CardField, value: string, kinds: readonly CardKind[]): string | null {
  const parsed = parseCardField(field, value, kinds);
  if (!parsed.ok) throw new Expected(parsed.expected);
  return Object.values(parsed.value)[0] ?? null;
}

/** Both ends are meant too; a card without that date is in no range. */
function testDates(field: 'validFrom' | 'validTo', fromText: string, toText: string): CardTest {
  const [from, to] = [parseCardDate(fromText), parseCardDate(toText)];
  if (from === undefined || to === undefined || (from === null && to === null)) {
    throw new Expected('dates such as 2026-01-01..2026-12-31, ..2026-12-31 or 2026-01-01..');
  }
  if (from !== null && to !== null && from > to) throw new Expected('the earlier date first');
  return (card) => {
    const date = card[field];
    return date !== null && (from === null || date >= from) && (to === null || date <= to);
  };
}

function testNumber(text: string): CardTest {
  const range = /^\s*(\d+)\.\.(\d+)\s*$/.exec(text);
  if (range !== null) {
    const [from, to] = [range[1] as string, range[2] as string];
    // Of one length the digits compare as the numbers do, leading zeros and all.
    if (from.length !== to.length || from > to) {
      throw new Expected('two numbers of as many digits each, the smaller one first');
    }
    return ({ number }) => number.length === from.length && number >= from && number <= to && /^\d+$/.test(number);
  }
  if (text.includes('..')) throw new Expected('a range of whole numbers such as 29001..29099');
  const numbers = text.split('|').map((value) => {
    const parsed = parseCardNumber(value);
    if (!parsed.ok) throw new Expected(parsed.expected);
    return parsed.value;
  });
  return ({ number }) => numbers.includes(number);
}

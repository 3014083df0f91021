// The text of one field of a card, as an operator types it or a file carries it, in English and in Russian.
import { cardNumberLimit, cardStatuses, type CardKind, type CardStatus } from '../../ledger/card.ts';
import { parseTypedDate, type LocalDate } from '../../ledger/local-date-time.ts';
import type { Parsed } from '../../tables/parsed.ts';
import type { CardChange } from './card-change.ts';

/** The fields that may be edited; the number names the card. */
export const cardFields = ['kind', 'holder', 'status', 'validFrom', 'validTo', 'note'] as const;
export type CardField = (typeof cardFields)[number];

const holderLimit = 200;
const noteLimit = 1_000;

const statusWords: Readonly<Record<string, CardStatus>> = {
  ...Object.fromEntries(cardStatuses.map((status) => [status, status])),
  активна: 'active',
  активная: 'active',
  действует: 'active',
  'только накопление': 'accrue_only',
  'только накапливает': 'accrue_only',
  заблокирована: 'blocked',
  блокирована: 'blocked',
};

export function isCardField(name: string): name is CardField {
  return (cardFields as readonly string[]).includes(name);
}

const plainNumber = new RegExp(`^\\d{1,${cardNumberLimit}}$`);

export function parseCardNumber(text: string): Parsed<string> {
  const number = text.trim();
  // As most are, and a file has millions of them.
  if (plainNumber.test(number)) return { ok: true, value: number };
  const length = Array.from(number).length;
  if (length === 0 || length > cardNumberLimit) return expect(`1 to ${cardNumberLimit} characters`);
  if (isDamaged(number)) return expect('readable characters only');
  // Spreadsheets save a long number of an unformatted column so: its last digits are gone, or its leading zeros.
  if (/^\d([.,]\d+)?E\+\d+$/i.test(number) || /^\d{8,}[.,]0+$/.test(number))
    return expect('all digits: format the column as text in the spreadsheet');
  return { ok: true, value: number };
}

/** An empty text clears the holder, a date or the note; a card always has a kind and a status. */
export function parseCardField(field: CardField, text: string, kinds: readonly CardKind[]): Parsed<CardChange> {
  switch (field) {
    case 'kind': {
      const kind = findKind(text.trim(), kinds);
      return kind === undefined ? expect(listKinds(kinds)) : { ok: true, value: { kindCode: kind.code } };
    }
    case 'status': {
      const status = parseStatus(text);
      return status === undefined ? expect(`one of: ${cardStatuses.join(', ')}`) : { ok: true, value: { status } };
    }
    case 'holder':
    case 'note': {
      const value = text.trim();
      const limit = field === 'holder' ? holderLimit : noteLimit;
      if (value.length > limit) return expect(`${limit} characters at most`);
      // A note of several lines is a note; a holder is printed on one.
      if (isDamaged(field === 'note' ? value.replace(/[\t\r\n]/g, ' ') : value))
        return expect('readable characters only');
      return { ok: true, value: { [field]: value === '' ? null : value } };
    }
    case 'validFrom':
    case 'validTo': {
      const date = parseCardDate(text);
      return date === undefined
        ? expect('a date such as 2026-11-22 or 22.11.2026')
        : { ok: true, value: { [field]: date } };
    }
  }
}

/** A date or null for none; undefined where the text is neither. */
export function parseCardDate(text: string): LocalDate | null | undefined {
  // 1C writes a date with its midnight; an empty date as the first day of the common era, or with dots and no digits.
  const date = text.trim().replace(/[ T]0?0:00(:00)?$/, '');
  if (/^[\s.:]*$/.test(date)) return null;
  const parsed = parseTypedDate(date);
  return parsed === '0001-01-01' ? null : parsed;
}

/** The same of a table file, where a cell of a workbook may have a time of the day, which does not count. */
export function parseSheetDate(text: string): LocalDate | null | undefined {
  return parseCardDate(/^.{10}T\d\d:\d\d:\d\d$/.test(text) ? text.slice(0, 10) : text);
}

function parseStatus(text: string): CardStatus | undefined {
  const word = text.trim().toLowerCase();
  return Object.hasOwn(statusWords, word) ? statusWords[word] : undefined;
}

/** By its code, or by a name that only one kind has. */
function findKind(text: string, kinds: readonly CardKind[]): CardKind | undefined {
  const byCode = kinds.find(({ code }) => code === text);
  if (byCode !== undefined) return byCode;
  const named = kinds.filter(({ name }) => name === text);
  return named.length === 1 ? named[0] : undefined;
}

function listKinds(kinds: readonly CardKind[]): string {
  if (kinds.length === 0) return 'a card kind, and there is none yet';
  const shown = kinds.slice(0, 20).map(({ code }) => code);
  return `a card kind: ${shown.join(', ')}${kinds.length > shown.length ? ', ...' : ''}`;
}

// U+FFFD stands where another program has lost a letter already: the file must be exported again.
function isDamaged(text: string): boolean {
  return /[\p{Cc}\p{Cs}\uFFFD\uFFFE\uFFFF]/u.test(text);
}

function expect(expected: string): Parsed<never> {
  return { ok: false, expected };
}

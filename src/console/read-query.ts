// Values of a filter as an address has them: what cannot be read restricts nothing.
import { parseLocalDate, type LocalDate } from '../ledger/local-date-time.ts';

export function readText(query: URLSearchParams, name: string): string | null {
  const text = (query.get(name) ?? '').trim();
  return text === '' ? null : text;
}

export function readDate(query: URLSearchParams, name: string): LocalDate | null {
  return parseLocalDate(query.get(name) ?? '') ?? null;
}

/** A whole number of at most 15 digits. */
export function readWhole(query: URLSearchParams, name: string): number | null {
  const text = query.get(name) ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

// Wall-clock text as 1C has it: no zone, no fraction. Arithmetic is on the civil calendar, never through the host's zone.
import assert from 'node:assert';

/** "YYYY-MM-DDTHH:MM:SS", the infobase's wall clock. Texts compare as the moments they name. */
export type LocalDateTime = string & { readonly localDateTime: unique symbol };
/** "YYYY-MM-DD", a business date. */
export type LocalDate = string & { readonly localDate: unique symbol };

const dateForm = /^(\d{4})-(\d{2})-(\d{2})$/;
const timeForm = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** A calendar date between 0001-01-01 and 9999-12-31, or undefined. */
export function parseLocalDate(text: string): LocalDate | undefined {
  const match = dateForm.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  return text as LocalDate;
}

/** A wall-clock moment, or undefined; a date alone is its midnight. */
export function parseLocalDateTime(text: string): LocalDateTime | undefined {
  const date = parseLocalDate(text.slice(0, 10));
  if (date === undefined) return undefined;
  if (text.length === 10) return `${date}T00:00:00` as LocalDateTime;
  if (text.length !== 19 || (text[10] !== 'T' && text[10] !== ' ') || !timeForm.test(text.slice(11))) return undefined;
  return `${date}T${text.slice(11)}` as LocalDateTime;
}

/** A date as people type it, "2026-11-22" or "22.11.2026"; undefined for anything else. */
export function parseTypedDate(text: string): LocalDate | undefined {
  const russian = /^(\d{2})\.(\d{2})\.(\d{4})$/.exec(text);
  return parseLocalDate(russian === null ? text : `${russian[3]}-${russian[2]}-${russian[1]}`);
}

/** A moment as people type it: such a date and "14:05" or "14:05:00", or the date alone, which is its midnight. */
export function parseTypedDateTime(text: string): LocalDateTime | undefined {
  const date = parseTypedDate(text.slice(0, 10));
  const time = text.slice(10);
  return date === undefined ? undefined : parseLocalDateTime(`${date}${time}${/^.\d\d:\d\d$/.test(time) ? ':00' : ''}`);
}

/** The business date of a moment. */
export function dateOf(at: LocalDateTime): LocalDate {
  return at.slice(0, 10) as LocalDate;
}

/** Midnight of a date. */
export function startOf(date: LocalDate): LocalDateTime {
  return `${date}T00:00:00` as LocalDateTime;
}

/** Days from 0000-03-01 on the proleptic Gregorian calendar (the usual civil-from-days arithmetic, era by era). */
function countDays(date: string): number {
  const month = Number(date.slice(5, 7));
  const year = Number(date.slice(0, 4)) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + Number(date.slice(8, 10)) - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
}

function dateFromDays(days: number): LocalDate {
  const era = Math.floor(days / 146097);
  const dayOfEra = days - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
  assert(year >= 1 && year <= 9999, 'a date of the common era');
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}` as LocalDate;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return dateFromDays(countDays(date) + days);
}

/** How many days `to` is after `from`; negative if it is before. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return countDays(to) - countDays(from);
}

/** Moves the wall clock by whole seconds; it knows no daylight-saving jumps. */
export function addSeconds(at: LocalDateTime, seconds: number): LocalDateTime {
  const total = secondOfDay(at) + seconds;
  const dayShift = Math.floor(total / 86400);
  const rest = total - dayShift * 86400;
  const time = `${pad(Math.floor(rest / 3600), 2)}:${pad(Math.floor(rest / 60) % 60, 2)}:${pad(rest % 60, 2)}`;
  const date = dayShift === 0 ? at.slice(0, 10) : addDays(dateOf(at), dayShift);
  return `${date}T${time}` as LocalDateTime;
}

function secondOfDay(at: LocalDateTime): number {
  return Number(at.slice(11, 13)) * 3600 + Number(at.slice(14, 16)) * 60 + Number(at.slice(17, 19));
}

/** No moment is before it or after that: bounds of a range that has none. */
export const firstMoment = '0001-01-01T00:00:00' as LocalDateTime;
export const lastMoment = '9999-12-31T23:59:59' as LocalDateTime;

const epochOn = '1970-01-01' as LocalDate;
const firstSecond = toSeconds(firstMoment);
const lastSecond = toSeconds(lastMoment);

/** Whole seconds of the same wall clock since 1970-01-01T00:00:00; below zero before it. */
export function toSeconds(at: LocalDateTime): number {
  return daysBetween(epochOn, dateOf(at)) * 86400 + secondOfDay(at);
}

/** The moment that many seconds after 1970-01-01T00:00:00; undefined outside the years 1 to 9999. */
export function fromSeconds(seconds: number): LocalDateTime | undefined {
  return seconds < firstSecond || seconds > lastSecond ? undefined : addSeconds(startOf(epochOn), seconds);
}

/** "22.11.2026 14:05:00", as 1C names a document's moment to people. */
export function formatForPeople(at: LocalDateTime): string {
  return `${formatDateForPeople(dateOf(at))} ${at.slice(11)}`;
}

/** "22.11.2026" */
export function formatDateForPeople(on: LocalDate): string {
  return `${on.slice(8, 10)}.${on.slice(5, 7)}.${on.slice(0, 4)}`;
}

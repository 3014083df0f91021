// The log line of a request, written by hand: JSON.stringify of a record made for it takes 4 us, a tenth of a card read.
import { maskCardNumber } from './log.ts';
import type { RequestReport } from './request-report.ts';
import { writeTextValue } from './write-text-line.ts';

/** Texts that come again and again, with their quotation marks: names of infobases, users, operations, addresses. */
const quotedTexts = new Map<string, string>();
const mostQuoted = 1_000;

function quote(text: string): string {
  const known = quotedTexts.get(text);
  if (known !== undefined) return known;
  const quoted = JSON.stringify(text);
  if (quotedTexts.size >= mostQuoted) quotedTexts.clear();
  if (text.length <= 100) quotedTexts.set(text, quoted);
  return quoted;
}

/** @param timestamp "2026-11-22T14:05:00.123Z". */
export function writeRequestLine(report: RequestReport, timestamp: string): string {
  const { infobase, remote, status, requestBytes, replyBytes, durationMs, cardNumber } = report;
  let line = `{"level":"info","message":"request","infobase":${quote(infobase)},"remote":${quote(remote)}`;
  line += `,"status":${status},"requestBytes":${requestBytes},"replyBytes":${replyBytes}`;
  if (report.user !== undefined) line += `,"user":${quote(report.user)}`;
  if (report.operation !== undefined) line += `,"operation":${quote(report.operation)}`;
  if (report.code !== undefined) line += `,"code":${JSON.stringify(report.code)}`;
  if (report.fault !== undefined) line += `,"fault":${JSON.stringify(report.fault)}`;
  if (cardNumber !== undefined) line += `,"card":${JSON.stringify(maskCardNumber(cardNumber))}`;
  return `${line},"ms":${Math.round(durationMs * 1000) / 1000},"timestamp":"${timestamp}"}`;
}

/** The same for people. The name of an infobase and an address are words as they are. @param timestamp "2026-11-22T14:05:00.123Z". */
export function writeRequestText(report: RequestReport, timestamp: string): string {
  const { infobase, remote, status, requestBytes, replyBytes, durationMs, code, cardNumber } = report;
  let line = `${timestamp} info request infobase=${infobase} remote=${remote}`;
  line += ` status=${status} requestBytes=${requestBytes} replyBytes=${replyBytes}`;
  if (report.user !== undefined) line += ` user=${writeTextValue(report.user)}`;
  if (report.operation !== undefined) line += ` operation=${writeTextValue(report.operation)}`;
  if (code !== undefined) line += ` code=${typeof code === 'number' ? code : writeTextValue(JSON.stringify(code))}`;
  if (report.fault !== undefined) line += ` fault=${writeTextValue(report.fault)}`;
  if (cardNumber !== undefined) line += ` card=${writeTextValue(maskCardNumber(cardNumber))}`;
  return `${line} ms=${Math.round(durationMs * 1000) / 1000}`;
}

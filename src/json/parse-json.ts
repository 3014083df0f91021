// The text of a body as JSON, or where it stops being that.
import { parse, type ParseError } from 'jsonc-parser';
import { refuseHttp } from './json-refusal.ts';

/** @throws JsonRefusal (400) with line and column, both from 1. */
export function parseJson(bytes: Buffer): unknown {
  const text = decode(bytes);
  try {
    return JSON.parse(text) as unknown;
  } catch (reason) {
    if (!(reason instanceof SyntaxError)) throw reason;
    throw refuseHttp(400, `Тело запроса не JSON: ошибка в ${locate(text)}`);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw refuseHttp(400, 'Тело запроса не в кодировке UTF-8');
  }
}

/** JSON.parse of Node.js 20 names no place for most errors, so a second parser looks for it. */
function locate(text: string): string {
  const offset = findOffset(text);
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `строке ${line}, столбце ${offset - before.lastIndexOf('\n')}`;
}

function findOffset(text: string): number {
  const errors: ParseError[] = [];
  try {
    parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch (reason) {
    // Brackets so deep that it runs out of stack: the place is not worth a defect.
    if (!(reason instanceof RangeError)) throw reason;
  }
  return errors[0]?.offset ?? 0;
}

// The guide to contracts, in both languages: its tables of transforms are played, its list of commands is the code's own, and
// its example of a binding is one.
import { readFileSync } from 'node:fs';
import type { LocalDateTime } from '../../src/ledger/local-date-time.ts';
import { openTimeZone } from '../../src/ledger/time-zone.ts';
import { BadValue } from '../../src/soap/binding/bad-value.ts';
import { parseBindingFile, type BindingOptions } from '../../src/soap/binding/binding-file.ts';
import { commandFields, isNested, type Fields } from '../../src/soap/binding/command-fields.ts';
import { compileReadTransform, readTransformNames } from '../../src/soap/binding/read-transforms.ts';
import { readRule } from '../../src/soap/binding/rule.ts';
import { compileWriteTransform, writeTransformNames } from '../../src/soap/binding/write-transforms.ts';

const file = parseBindingFile(
  JSON.stringify({
    emptyMoments: ['0001-01-01T00:00:00'],
    tables: { kinds: { Продажа: 'Sale', Возврат: 'Return' }, codes: { OK: 0, NO_CARD: 1, ERROR: '*' } },
    operations: {},
  }),
);

const at = { readZoned: openTimeZone('Europe/Moscow').toLocal, now: '2026-11-22T14:05:00' as LocalDateTime };

const pages = [
  [
    'docs/contracts.md',
    {
      requests: '## Transforms of requests',
      replies: '## Transforms of replies',
      refused: 'refused',
    },
  ],
  [
    'docs/contracts.ru.md',
    {
      requests: '## Преобразования запросов',
      replies: '## Преобразования ответов',
      refused: 'отказ',
    },
  ],
] as const;

function readSection(page: string, heading: string): string {
  const text = readFileSync(page, 'utf8');
  const start = text.indexOf(`\n${heading}\n`);
  expect([heading, start]).not.toEqual([heading, -1]);
  const end = text.indexOf('\n## ', start + heading.length);
  return text.slice(start, end === -1 ? undefined : end);
}

/** Rows of the section's first table, without its head; a cell is the texts between its backticks, or its words. */
function readRows(section: string): string[][][] {
  const [table = ''] = /^\|.*(?:\n\|.*)*/m.exec(section) ?? [];
  const lines = table.split('\n');
  return lines.slice(2).map((line) => {
    const cells = line.replace(/^\||\|$/g, '').split('|');
    return cells.map((cell) => {
      const marked = Array.from(cell.matchAll(/`([^`]*)`/g), (match) => match[1]!);
      return marked.length > 0 ? marked : [cell.trim()].filter((word) => word !== '' && word !== '``');
    });
  });
}

function readOptions(cell: readonly string[] | undefined): BindingOptions | string {
  const [text] = cell ?? [];
  if (text === undefined) return {};
  return text.startsWith('{') ? (JSON.parse(text) as BindingOptions) : text;
}

function readText(cell: string | undefined): string | null {
  return cell === '-' ? null : (cell ?? '');
}

describe.each(pages)('%s', (page, headings) => {
  const requests = readRows(readSection(page, headings.requests));

  test.each(requests.map((row) => [row.map((cell) => cell.join(' + ')).join(' : '), row] as const))('%s', (_, row) => {
    const [transform, options, wire, expected] = row;
    const rule = readRule(['X', transform![0]!, readOptions(options)]);
    const [first, second] = wire!.map(readText);
    const compiled = compileReadTransform(rule, file, false);
    const value =
      second === undefined ? compiled.read(first ?? null, at) : compiled.readPair!(first ?? null, second, at);
    expect(value instanceof BadValue ? headings.refused : JSON.stringify(value)).toBe(expected![0]);
  });

  const replies = readRows(readSection(page, headings.replies));

  test.each(replies.map((row) => [row.map((cell) => cell.join(' + ')).join(' : '), row] as const))('%s', (_, row) => {
    const [transform, options, value, expected] = row;
    const rule = readRule(['x', transform![0]!, readOptions(options)]);
    const { write } = compileWriteTransform(rule, file, false);
    expect(write(JSON.parse(value![0]!), {}, new Map())).toBe(expected![0]);
  });

  test('every transform has an example', () => {
    expect(new Set(requests.map(([transform]) => transform![0]))).toEqual(new Set(readTransformNames));
    expect(new Set(replies.map(([transform]) => transform![0]))).toEqual(new Set(writeTransformNames));
  });

  test('the example of a binding is well formed', () => {
    const [, block = ''] = /```json\n(\{[\s\S]*?\n\})\n```/.exec(readFileSync(page, 'utf8')) ?? [];
    expect(Object.keys(parseBindingFile(block).operations)).toEqual(['ПолучитьКарту']);
  });
});

test('the list of commands is what the code takes and answers', () => {
  const [, block = ''] = /```\n([\s\S]*?)```/.exec(readFileSync('docs/contract-fields.md', 'utf8')) ?? [];
  expect(block).toBe(describeCommands());
});

function describeCommands(): string {
  const blocks = Object.entries(commandFields).map(
    ([name, { takes, answers }]) =>
      `${name}\n${wrap('takes', describeFields(takes))}${wrap('answers', describeFields(answers))}`,
  );
  return blocks.join('\n');
}

function describeFields(fields: Fields): string[] {
  return Object.entries(fields).map(([name, kind]) => {
    if (!isNested(kind)) return `${name} ${kind}`;
    const inside = describeFields(kind.fields).join(', ');
    return kind.nested === 'one?' ? `${name}? {${inside}}` : `${name}${kind.nested === 'list?' ? '?' : ''} [${inside}]`;
  });
}

/** Lines of at most 118 characters, for reading. */
function wrap(title: string, parts: readonly string[]): string {
  const words = (parts.join(', ') || '-').split(' ');
  const lines: string[] = [];
  let line = `  ${title.padEnd(8)}`;
  for (const word of words) {
    if (line.length + word.length + 1 > 118) {
      lines.push(line);
      line = ' '.repeat(10);
    }
    line += ` ${word}`;
  }
  return [...lines, line].map((text) => `${text}\n`).join('');
}

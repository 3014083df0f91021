// The glossary: every word of code in it exists, a word of a later release has none, and what is stored is explained.
import { existsSync } from 'node:fs';
import { measureNames } from '../../src/ledger/account.ts';
import { cardPurposes, cardStatuses } from '../../src/ledger/card.ts';
import { holdStates } from '../../src/ledger/hold.ts';
import { receiptKinds } from '../../src/ledger/receipt.ts';
import { receiptFlags } from '../../src/db/receipts/receipt.ts';
import { stages } from '../../src/ledger/settings.ts';
import { userRoles } from '../../src/db/admin/service-user.ts';
import { codeIn, readDocument, readSources, rowsUnder } from './markdown.ts';

const glossary = readDocument('docs/glossary.md');
const rows = glossary.tables.flatMap((table) => table.rows);
const sources = `${readSources('src')}\n${readSources('migrations')}`;

function isInCode(word: string): boolean {
  if (word.startsWith('src/')) return existsSync(word);
  if (word.startsWith("'")) return sources.includes(word);
  return new RegExp(`(?<![A-Za-z0-9_])${word}(?![A-Za-z0-9_])`).test(sources);
}

test('every code word of the glossary is in the code', () => {
  const words = rows.flatMap((row) => codeIn(row[2] ?? ''));
  expect(words.length).toBeGreaterThan(80);
  expect(words.filter((word) => !isInCode(word))).toEqual([]);
});

test('every word has Russian and a meaning, and code unless it is of a later release', () => {
  const laterRows = new Set(rowsUnder(glossary, 'Of later releases'));
  for (const row of rows) {
    const [english = '', russian = '', code = '', meaning = ''] = row;
    expect([english, /[а-яё]/i.test(russian), meaning !== '']).toEqual([english, true, true]);
    expect([english, laterRows.has(row) ? code === 'later' : codeIn(code).length > 0]).toEqual([english, true]);
  }
});

test('no word is explained twice', () => {
  const words = rows.map((row) => row[0]);
  expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
});

test('every stored kind, status, state, flag and role is explained', () => {
  const documented = new Set(rows.flatMap((row) => row.flatMap(codeIn)).map((word) => word.replaceAll("'", '')));
  const states = [...cardPurposes, ...cardStatuses, ...holdStates, ...receiptKinds, ...receiptFlags, ...userRoles];
  // Kinds and origins of billing's documents, as the schema allows them.
  const checks = readSources('migrations').matchAll(/"(?:kind|origin) in \(([^)]*)\)"/g);
  const documents = [...checks].flatMap(([, list = '']) => Array.from(list.matchAll(/'(\w+)'/g), ([, word]) => word));
  expect(documents.length).toBeGreaterThan(8);
  const stored = [...states, ...stages, ...measureNames, ...(documents as string[])];
  expect(stored.filter((word) => !documented.has(word))).toEqual([]);
});

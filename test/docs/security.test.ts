// The pages on security: each promise names a test that is there, and both languages name the same ones.
import { existsSync, readFileSync } from 'node:fs';
import { codeIn, readDocument } from './markdown.ts';

const english = readDocument('docs/security.md');
const russian = readDocument('docs/security.ru.md');

const listShown = ({ tables }: typeof english): string[][] =>
  tables.flatMap(({ rows }) => rows.map(([, shown = '']) => codeIn(shown)));

test('each promise is shown by a test of npm test', () => {
  const shown = listShown(english);
  expect(shown.length).toBeGreaterThan(25);
  for (const files of shown) {
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    const tests = files.filter((file) => file.endsWith('.test.ts'));
    expect([files, tests.length > 0]).toEqual([files, true]);
    for (const file of tests) expect(readFileSync(file, 'utf8')).toMatch(/\btest(?:\.each\b|\()/);
  }
});

test('both languages promise the same, shown by the same tests', () => {
  expect(listShown(russian)).toEqual(listShown(english));
  expect(russian.headings).toHaveLength(english.headings.length);
  expect(russian.blocks).toEqual(english.blocks);
});

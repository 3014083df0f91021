// Decision records: numbered without gaps, of one form, and each named in the architecture.
import { readdirSync } from 'node:fs';
import { readDocument } from './markdown.ts';

const files = readdirSync('docs/adr').toSorted();

test('are numbered without gaps', () => {
  const numbers = files.map((file) => Number(/^(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1]));
  expect(numbers).toEqual(files.map((_, index) => index + 1));
});

test.each(files)('%s has the form', (file) => {
  const [title, ...rest] = readDocument(`docs/adr/${file}`).headings;
  expect(title).toMatch(new RegExp(`^${Number(file.slice(0, 4))}\\. `));
  expect(rest).toEqual(['Background', 'Decision', 'Consequences']);
});

test('each is named in the architecture', () => {
  const links = readDocument('docs/architecture.md').links.filter((link) => link.startsWith('adr/'));
  expect([...new Set(links)].toSorted()).toEqual(files.map((file) => `adr/${file}`));
});

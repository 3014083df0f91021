// Documents are short enough to be read at once, in plain English, without marks that only the fidelity pages explain.
import { readFileSync } from 'node:fs';
import { listDocuments } from './markdown.ts';

// The change log is a record: what was written there stays.
const files = [...listDocuments().filter((file) => file !== 'CHANGELOG.md'), 'bench/README.md'];
const english = files.filter((file) => !file.endsWith('.ru.md'));

/** The text without code: names of the code may have words that prose has not. */
function readProse(file: string): string {
  return readFileSync(file, 'utf8')
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`]*`|\]\([^)]*\)|\btest\/[\w/.-]+/g, '');
}

const oddWords =
  /\b(?:tells?|told|reckon\w*|anew|nought|amid|heed\w*|behold\w*|is none of|is no (?:card|command|file)|takes? note of|as ever|of no account|thereof|whatsoever)\b/gi;

test.each(files)('%s has 300 lines at most', (file) => {
  expect(readFileSync(file, 'utf8').split('\n').length - 1).toBeLessThanOrEqual(300);
});

test.each(english)('%s is in plain English', (file) => {
  expect(readProse(file).match(oddWords) ?? []).toEqual([]);
});

test('marks of evidence are explained on the fidelity pages and used nowhere else', () => {
  const others = files.filter((file) => !file.startsWith('docs/fidelity'));
  const marked = others.filter((file) => /\(SEED\b|\bSEED \d|\(DECIDED\)|\[U\]|\(H\d\)/.test(readProse(file)));
  expect(marked).toEqual([]);
});

// Links between documents: every target is there, with its heading; and so is every file of the tree that a text names.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { anchorOf, listDocuments, readDocument } from './markdown.ts';

test.each(listDocuments())('%s: every link leads somewhere', (file) => {
  const broken = readDocument(file).links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? file : join(dirname(file), path);
    if (!existsSync(target)) return true;
    return anchor !== undefined && !readDocument(target).headings.map(anchorOf).includes(anchor);
  });
  expect(broken).toEqual([]);
});

test.each(listDocuments().filter((file) => file !== 'CHANGELOG.md'))(
  '%s: every path that it names is there',
  (file) => {
    const named =
      readFileSync(file, 'utf8').match(/(?<![\w/])(?:src|test|bench|migrations|fixtures|deploy)\/[\w/.-]*\w/g) ?? [];
    expect([...new Set(named)].filter((path) => !existsSync(path))).toEqual([]);
  },
);

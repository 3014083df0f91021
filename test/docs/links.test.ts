// Links between documents: every target is there, with its heading.
import { existsSync } from 'node:fs';
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

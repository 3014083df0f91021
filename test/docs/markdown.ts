// The documents as data: their tables, code blocks, headings and links. Only the forms that the documents use are known.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Table {
  /** The nearest heading above it. */
  readonly heading: string;
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface CodeBlock {
  readonly language: string;
  readonly text: string;
}

export interface Document {
  readonly file: string;
  readonly headings: readonly string[];
  readonly tables: readonly Table[];
  readonly blocks: readonly CodeBlock[];
  /** Targets of links, as written. */
  readonly links: readonly string[];
}

const splitRow = (line: string): string[] =>
  line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());

export function readDocument(file: string): Document {
  const headings: string[] = [];
  const blocks: CodeBlock[] = [];
  const links: string[] = [];
  const tables: { heading: string; titles: string[]; rows: string[][] }[] = [];
  let block: { language: string; lines: string[] } | undefined;
  let isInTable = false;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.startsWith('```')) {
      if (block === undefined) block = { language: line.slice(3), lines: [] };
      else {
        blocks.push({ language: block.language, text: block.lines.join('\n') });
        block = undefined;
      }
      continue;
    }
    if (block !== undefined) {
      block.lines.push(line);
      continue;
    }
    const heading = /^#+ (.*)$/.exec(line)?.[1];
    if (heading !== undefined) headings.push(heading);
    for (const [, target] of line.matchAll(/\]\(([^)\s]+)\)/g)) links.push(target as string);
    const isRow = line.startsWith('|');
    if (isRow && !isInTable) tables.push({ heading: headings.at(-1) ?? '', titles: splitRow(line), rows: [] });
    else if (isRow && !/^\|[\s:|-]+\|$/.test(line)) tables.at(-1)?.rows.push(splitRow(line));
    isInTable = isRow;
  }
  return { file, headings, tables, blocks, links };
}

/** Several documents as one, in that order. */
export function joinDocuments(files: readonly string[]): Document {
  const documents = files.map(readDocument);
  return {
    file: files.join(', '),
    headings: documents.flatMap(({ headings }) => headings),
    tables: documents.flatMap(({ tables }) => tables),
    blocks: documents.flatMap(({ blocks }) => blocks),
    links: documents.flatMap(({ links }) => links),
  };
}

/** Every document of the product, by path from its root. */
export function listDocuments(): string[] {
  const inDocs = readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((file) => join('docs', file));
  const all = ['README.md', 'README.ru.md', 'CHANGELOG.md', ...inDocs];
  return all.map((file) => file.replaceAll('\\', '/')).filter((file) => file.endsWith('.md') && existsSync(file));
}

/** The rows of all tables under a heading. */
export function rowsUnder(document: Document, heading: string): readonly (readonly string[])[] {
  const rows = document.tables.filter((table) => table.heading === heading).flatMap((table) => table.rows);
  if (rows.length === 0) throw new Error(`${document.file} has no table under "${heading}"`);
  return rows;
}

/** What stands in backticks. */
export function codeIn(cell: string): string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), ([, code]) => code as string);
}

/** The anchor that a heading gets where Markdown is shown: letters, digits, hyphens and underlines in lower case. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** All sources under a folder as one text. */
export function readSources(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}

/** The same without comments. */
export function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$|(?<=[;{,)])\s+\/\/.*$/gm, '');
}

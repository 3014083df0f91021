// The walk from a 1C export to live billing and back, followed to the letter on a small shop: every command of the document
// in its order, in a folder of its own. The Russian text has the same commands.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../src/cli.ts';
import { readDocument } from './markdown.ts';

const english = readDocument('docs/migration.md');
const russian = readDocument('docs/migration.ru.md');
const cards = 40;

test('both have the same commands, headings and tables', () => {
  expect(russian.blocks).toEqual(english.blocks);
  expect(russian.headings).toHaveLength(english.headings.length);
  expect(russian.tables.map(({ rows }) => rows.length)).toEqual(english.tables.map(({ rows }) => rows.length));
});

const splitWords = (line: string): string[] =>
  Array.from(line.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, plain]) => quoted ?? plain ?? '');

test('every command does what the next one needs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-migration-'));
  const shop = join(folder, 'shop');
  const dataDir = join(folder, 'data');
  const printed = new Map<string, string>();
  try {
    const lines = english.blocks.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.split('\n'));
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) {
      if (line === 'npm start') continue;
      // The shop is smaller, and stands where the test may write.
      const words = splitWords(line).map((word) =>
        word.replace(/^shop(?=$|\/)/, shop).replace(/^200000$/, String(cards)),
      );
      if (words[1] === 'tsx') {
        const size = ['--cards', String(cards), '--receipts', '300', '--tills', '3', '--days', '5'];
        execFileSync(process.execPath, ['--import', 'tsx', ...words.slice(2), ...size]);
        continue;
      }
      const out: string[] = [];
      const err: string[] = [];
      const io = {
        out: (text: string) => void out.push(text),
        err: (text: string) => void err.push(text),
        readStdin: async () => '',
        isTerminal: false,
        environment: { DATA_DIR: dataDir },
      };
      expect([line, await runCli(words.slice(2), io), err]).toEqual([line, 0, []]);
      printed.set(line, out.join('\n'));
    }
    const output = (command: string): string =>
      [...printed].find(([line]) => line.startsWith(`npx kkm ${command}`))?.[1] ?? '';
    expect(output('billing enable --start-date 2026-11-01 --dry-run')).toContain(`opening balance: ${cards};`);
    expect([...printed].find(([line]) => line === 'npx kkm billing enable --start-date 2026-11-01')?.[1]).toMatch(
      /billing is on since 2026-11-01: 300 receipts posted/,
    );
    expect(output('billing disable --confirm-infobase')).toMatch(/billing is off/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

// Both READMEs say the same, and their two examples are played here word for word: a card's commands, request and answer;
// the commands of billing and what they print.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, transports } from 'winston';
import { runCli } from '../../src/cli.ts';
import { readConfig } from '../../src/config.ts';
import { serve } from '../../src/main.ts';
import { noon } from '../operations/testing-infobase.ts';
import { readDocument } from './markdown.ts';

const english = readDocument('README.md');
const russian = readDocument('README.ru.md');

test('both have the same code blocks and the same number of headings, tables and rows', () => {
  expect(russian.blocks).toEqual(english.blocks);
  expect(russian.headings).toHaveLength(english.headings.length);
  expect(russian.tables.map(({ rows }) => rows.length)).toEqual(english.tables.map(({ rows }) => rows.length));
});

test('both name the two commands', () => {
  const commands = english.blocks.filter(({ language }) => language === 'sh').map(({ text }) => text);
  expect(commands.slice(0, 2)).toEqual(['npm ci && npm start', 'npm ci && npm test']);
});

test('they and the page on installing name the Node.js that the package asks for', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly engines: { readonly node: string };
  };
  const [version] = /\d+\.\d+/.exec(engines.node) ?? [];
  for (const file of ['README.md', 'README.ru.md', 'docs/install.md']) {
    const named = [...readFileSync(file, 'utf8').matchAll(/Node\.js (\d+\.\d+)/g)].map(([, number]) => number);
    expect([file, named]).toEqual([file, [version]]);
  }
});

/** The words of a shell line that has double quotes and nothing worse. */
function splitWords(line: string): string[] {
  return Array.from(line.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, plain]) => quoted ?? plain ?? '');
}

function readExample(): { commands: string[][]; path: string; request: string; answer: string } {
  const at = english.blocks.findIndex(({ text }) => text.includes('curl '));
  const lines = english.blocks[at]?.text.split('\n') ?? [];
  const commands = lines.filter((line) => line.startsWith('npx kkm ')).map((line) => splitWords(line).slice(2));
  const curl = lines.findIndex((line) => line.startsWith('curl '));
  const url = splitWords(lines[curl] ?? '').find((word) => word.startsWith('http:')) ?? '';
  expect(lines[curl]).toBe(`curl -u till:PASSWORD --data-binary @- ${url} <<'XML'`);
  const request = lines.slice(curl + 1, lines.indexOf('XML')).join('\n');
  return { commands, path: new URL(url).pathname, request, answer: english.blocks[at + 1]?.text ?? '' };
}

test('the card of the README is what the service answers', async () => {
  const { commands, path, request, answer } = readExample();
  const dataDir = mkdtempSync(join(tmpdir(), 'kkm-readme-'));
  const printed: string[] = [];
  const config = readConfig({ PORT: '0', DATA_DIR: dataDir });
  const log = createLogger({ silent: true, transports: [new transports.Console()] });
  const service = await serve({ config, log, tell: (line) => void printed.push(line), clock: { now: () => noon } });
  try {
    const errors: string[] = [];
    const io = {
      out: () => undefined,
      err: (line: string) => void errors.push(line),
      readStdin: async () => '',
      isTerminal: false,
      environment: { DATA_DIR: dataDir },
    };
    for (const command of commands) expect([await runCli(command, io), errors]).toEqual([0, []]);
    const password = /user till \(till\), password (\S+)/.exec(printed.join('\n'))?.[1];
    // What curl says of a body by itself.
    const headers = {
      authorization: `Basic ${Buffer.from(`till:${password}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    };
    const reply = await fetch(service.origin + path, { method: 'POST', headers, body: request });
    expect((await reply.text()).replaceAll('\r\n', '\n')).toBe(answer);
    expect(reply.status).toBe(200);
  } finally {
    await service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test('the bonus of the README burns as it says', async () => {
  const at = english.blocks.findIndex(({ text }) => text.includes('npx kkm clock advance'));
  const lines = english.blocks[at]?.text.split('\n') ?? [];
  const commands = lines.map((line) => splitWords(line).slice(2));
  const dataDir = mkdtempSync(join(tmpdir(), 'kkm-readme-'));
  try {
    const printed: string[][] = [];
    for (const command of commands) {
      const out: string[] = [];
      const errors: string[] = [];
      const io = {
        out: (line: string) => void out.push(line),
        err: (line: string) => void errors.push(line),
        readStdin: async () => '',
        isTerminal: false,
        environment: { DATA_DIR: dataDir },
      };
      expect([await runCli(command, io), errors]).toEqual([0, []]);
      printed.push(out);
    }
    expect(printed.slice(-2).flat().join('\n')).toBe(english.blocks[at + 1]?.text);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

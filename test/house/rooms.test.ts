// Imports point one way: commands -> doors -> operations -> db, tables -> ledger. Each room's lint rule is tried here by
// breaking it in a tree of its own: a rule that never fires looks just like a tree in order.
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

const oxlint = resolve('node_modules/oxlint/bin/oxlint');

/** Lints files given as [path, text] with the house's own configuration; the rules that fired, by file. */
async function lint(files: Readonly<Record<string, string>>): Promise<Map<string, Set<string>>> {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-rooms-'));
  try {
    copyFileSync('.oxlintrc.json', join(folder, '.oxlintrc.json'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const output = await new Promise<string>((done) => {
      // It exits with 1 where a rule fired; its output is read in either case.
      execFile(process.execPath, [oxlint, '--format', 'json', '.'], { cwd: folder }, (_reason, stdout) => done(stdout));
    });
    const { diagnostics } = JSON.parse(output) as { readonly diagnostics: readonly Diagnostic[] };
    const fired = new Map(Object.keys(files).map((path) => [path, new Set<string>()]));
    for (const { filename, code } of diagnostics) fired.get(filename)?.add(code);
    return fired;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const importRule = 'eslint(no-restricted-imports)';

function writeImport(specifier: string): string {
  return `import { a } from '${specifier}';\n\nexport const b = a;\n`;
}

interface Room {
  /** What its files must not import. */
  readonly forbidden: readonly string[];
  readonly allowed: readonly string[];
}

const drivers = ['knex', 'better-sqlite3'];
const wires = ['soap', 'express', 'winston', 'node-schedule', 'fast-xml-parser'];
const above = ['../main.ts', '../cli.ts', '../config.ts'];

const rooms: Readonly<Record<string, Room>> = {
  'src/tables': {
    forbidden: [
      ...['db', 'operations', 'soap', 'http', 'json', 'console', 'jobs', 'replay', 'commands'].map(
        (room) => `../${room}/a.ts`,
      ),
      'soap',
      'express',
      'winston',
      'node-schedule',
      ...drivers,
      ...above,
      '../clock.ts',
      '../log.ts',
    ],
    allowed: ['./a.ts', '../ledger/a.ts', 'saxes', 'yauzl', 'node:stream'],
  },
  'src/db': {
    forbidden: [
      ...['tables', 'operations', 'soap', 'http', 'json', 'console', 'jobs', 'replay', 'commands'].map(
        (room) => `../${room}/a.ts`,
      ),
      'better-sqlite3',
      ...wires,
      ...above,
      '../clock.ts',
      '../log.ts',
    ],
    allowed: ['./a.ts', './sqlite/a.ts', '../ledger/a.ts', '../../migrations/index.ts', 'knex', 'node:fs'],
  },
  'src/db/cards': {
    forbidden: ['../../operations/a.ts', 'better-sqlite3', 'soap'],
    allowed: ['./a.ts', '../db.ts', '../catalogs/a.ts', '../../ledger/a.ts', 'knex'],
  },
  'src/db/sqlite': {
    forbidden: [
      ...['tables', 'operations', 'soap', 'jobs', 'commands'].map((room) => `../../${room}/a.ts`),
      ...wires,
      '../../main.ts',
      '../../config.ts',
      '../open-database.ts',
      '../cards/a.ts',
    ],
    allowed: ['./a.ts', '../db.ts', '../statement.ts', '../../ledger/a.ts', '../../../migrations/index.ts', ...drivers],
  },
  'src/operations': {
    forbidden: [
      ...['soap', 'http', 'json', 'console', 'jobs', 'replay', 'commands'].map((room) => `../${room}/a.ts`),
      ...wires,
      ...drivers,
      ...above,
      '../clock.ts',
      '../log.ts',
    ],
    allowed: ['./a.ts', '../ledger/a.ts', '../db/a.ts', 'node:crypto'],
  },
  'src/soap': {
    forbidden: [
      ...['db', 'http', 'json', 'console', 'jobs', 'replay', 'commands'].map((room) => `../${room}/a.ts`),
      ...drivers,
      ...above,
    ],
    allowed: ['./contract/a.ts', '../operations/a.ts', '../ledger/a.ts', '../clock.ts', 'soap', 'express'],
  },
  'src/soap/contract': {
    forbidden: ['../../db/a.ts', '../../http/a.ts', ...drivers, '../../main.ts'],
    allowed: ['./a.ts', 'fast-xml-parser'],
  },
  ...Object.fromEntries(
    ['src/http', 'src/json', 'src/console', 'src/jobs'].map((room) => [
      room,
      {
        forbidden: [...['db', 'soap', 'replay', 'commands'].map((other) => `../${other}/a.ts`), ...drivers, ...above],
        allowed: ['./a.ts', '../operations/a.ts', '../ledger/a.ts', 'express'],
      },
    ]),
  ),
  'src/works': {
    forbidden: [
      ...['db', 'soap', 'http', 'json', 'console', 'jobs', 'replay', 'commands'].map((room) => `../${room}/a.ts`),
      ...drivers,
      ...above,
    ],
    allowed: ['./a.ts', '../background-work.ts', '../operations/a.ts', '../tables/a.ts', '../ledger/a.ts'],
  },
  'src/replay': {
    forbidden: [
      ...['db', 'soap', 'http', 'json', 'console', 'jobs', 'commands'].map((room) => `../${room}/a.ts`),
      ...drivers,
      ...above,
    ],
    allowed: ['./a.ts', '../operations/a.ts', 'node:http'],
  },
  'src/commands': {
    forbidden: [...drivers, '../cli.ts'],
    allowed: ['./a.ts', '../main.ts', '../config.ts', '../operations/a.ts', '../replay/a.ts'],
  },
  migrations: { forbidden: ['../src/ledger/a.ts', '../src/db/a.ts'], allowed: ['knex', './0001-a.ts'] },
};

/** One file for each import of each room. */
function writeRooms(pick: (room: Room) => readonly string[]): Record<string, string> {
  const files: Record<string, string> = {};
  for (const [folder, room] of Object.entries(rooms)) {
    for (const [index, specifier] of pick(room).entries())
      files[`${folder}/import-${index}.ts`] = writeImport(specifier);
  }
  return files;
}

function listUnfired(fired: ReadonlyMap<string, ReadonlySet<string>>, files: Record<string, string>): string[] {
  return [...fired]
    .filter(([, rules]) => !rules.has(importRule))
    .map(([path]) => `${path}: ${files[path]?.split('\n')[0]}`);
}

test('what a room must not import is refused', async () => {
  const files = writeRooms(({ forbidden }) => forbidden);
  expect(listUnfired(await lint(files), files)).toEqual([]);
});

test('what a room may import is not', async () => {
  const files = writeRooms(({ allowed }) => allowed);
  expect([...(await lint(files))].filter(([, rules]) => rules.has(importRule))).toEqual([]);
});

const ledgerForbidden = [
  '../db/a.ts',
  '../operations/a.ts',
  '../soap/a.ts',
  '../clock.ts',
  'node:fs',
  'winston',
  '@a/b',
];

test('the ledger imports nothing but decimal.js, node:assert and its own files', async () => {
  const files: Record<string, string> = {};
  for (const [index, specifier] of ledgerForbidden.entries()) {
    files[`src/ledger/import-${index}.ts`] = writeImport(specifier);
  }
  expect(listUnfired(await lint(files), files)).toEqual([]);
  const allowed = { 'src/ledger/a.ts': ['./b.ts', 'decimal.js', 'node:assert'].map(writeImport).join('') };
  expect([...((await lint(allowed)).get('src/ledger/a.ts') ?? [])]).not.toContain(importRule);
});

test('the doors never import each other', async () => {
  const doors = ['soap', 'http', 'json', 'console', 'jobs', 'replay'];
  const files: Record<string, string> = {};
  for (const door of doors) {
    for (const other of doors.filter((name) => name !== door)) {
      files[`src/${door}/import-${other}.ts`] = writeImport(`../${other}/a.ts`);
    }
  }
  expect(listUnfired(await lint(files), files)).toEqual([]);
});

test('a room without a clock, a process or the environment finds none', async () => {
  const uses = {
    'src/ledger/date.ts': 'Date.now()',
    'src/ledger/process.ts': 'process.pid',
    'src/ledger/timer.ts': 'setTimeout',
    'src/ledger/bytes.ts': 'Buffer.alloc(1)',
    'src/db/date.ts': 'new Date()',
    'src/db/environment.ts': 'process.env.HOME',
    'src/operations/date.ts': 'Date.now()',
    'src/operations/process.ts': 'process.pid',
    'src/operations/timer.ts': 'setTimeout',
    'src/operations/steady.ts': 'performance.now()',
    'src/soap/date.ts': 'Date.now()',
    'src/soap/contract/date.ts': 'new Date()',
    'src/soap/environment.ts': 'process.env.HOME',
    'src/json/date.ts': 'Date.now()',
    'src/json/environment.ts': 'process.env.HOME',
    'src/console/date.ts': 'Date.now()',
    'src/console/environment.ts': 'process.env.HOME',
    'src/works/date.ts': 'Date.now()',
  };
  const files = Object.fromEntries(Object.entries(uses).map(([path, use]) => [path, `export const a = ${use};\n`]));
  const fired = await lint(files);
  const rules = ['eslint(no-restricted-globals)', 'eslint(no-restricted-properties)'];
  expect([...fired].filter(([, found]) => !rules.some((rule) => found.has(rule))).map(([path]) => path)).toEqual([]);
});

test('files do not import each other in a circle', async () => {
  const fired = await lint({
    'src/ledger/a.ts': writeImport('./b.ts').replace('const b', 'const c'),
    'src/ledger/b.ts': `import { c } from './a.ts';\n\nexport const a = () => c;\n`,
  });
  expect([...fired].map(([path, rules]) => [path, rules.has('import(no-cycle)')])).toEqual([
    ['src/ledger/a.ts', true],
    ['src/ledger/b.ts', true],
  ]);
});

test("SQLite's errors, pragmas and catalog are known in src/db/sqlite only", () => {
  const own = /SQLITE_[A-Z]|constraint failed|sqlite_master|\bpragma\b/i;
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
  const known = files.filter((name) => own.test(readFileSync(join('src', name), 'utf8')));
  expect(known.length).toBeGreaterThan(0);
  expect(known.filter((name) => dirname(name) !== join('db', 'sqlite'))).toEqual([]);
});

test('nothing is exported by default, and nothing written to the console', async () => {
  const fired = await lint({
    'src/http/default.ts': 'export default 1;\n',
    'src/http/console.ts': 'export const a = () => console.log(1);\n',
    'src/commands/console.ts': 'export const a = () => console.log(1);\n',
  });
  expect([...fired].map(([path, rules]) => [path, [...rules]])).toEqual([
    ['src/http/default.ts', ['import(no-default-export)']],
    ['src/http/console.ts', ['eslint(no-console)']],
    ['src/commands/console.ts', []],
  ]);
});

// Where lines go while the place they go to is full, broken, slow or taken away: real pipes, devices and files. Every line
// that was taken is there whole and in order, or is counted where it is missing.
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LineOutput } from '../src/line-output.ts';
import type { RotationRule } from '../src/log-rotation.ts';

let folder: string;
let path: string;
const outputs: LineOutput[] = [];
const descriptors: number[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kkm-lines-'));
  path = join(folder, 'log');
});

afterEach(async () => {
  for (const descriptor of descriptors.splice(0)) closeSync(descriptor);
  for (const output of outputs.splice(0)) await output.close();
  rmSync(folder, { recursive: true, force: true });
});

function openOutput(limit?: number): LineOutput {
  const output = new LineOutput({
    name: 'log',
    to: { path },
    readTime: () => 'then',
    ...(limit === undefined ? {} : { limit }),
  });
  outputs.push(output);
  return output;
}

/** A file that is rotated, on a day that the test sets. */
function openRotated(rule: Partial<RotationRule>, calendar = { day: '2026-11-22' }): LineOutput {
  const rotation = { sizeBytes: undefined, isDaily: false, keep: 14, ...rule };
  const output = new LineOutput({
    name: 'log',
    to: { path, rotation },
    readTime: () => `${calendar.day}T10:00:00.000Z`,
  });
  outputs.push(output);
  return output;
}

/** The files of the folder with what they hold, without the folder and the log's name. */
function readAll(): Record<string, string> {
  const names = readdirSync(folder).toSorted();
  return Object.fromEntries(names.map((name) => [name.slice('log'.length), readFileSync(join(folder, name), 'utf8')]));
}

function makePipe(): void {
  execFileSync('mkfifo', [path]);
}

function openReader(): number {
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  descriptors.push(reader);
  return reader;
}

/** What the pipe holds now. */
function drain(reader: number): string {
  const parts: Buffer[] = [];
  for (;;) {
    const part = Buffer.alloc(65_536);
    let count = 0;
    try {
      count = readSync(reader, part);
    } catch (reason) {
      if ((reason as NodeJS.ErrnoException).code !== 'EAGAIN') throw reason;
    }
    if (count === 0) return Buffer.concat(parts).toString();
    parts.push(part.subarray(0, count));
  }
}

/** Reads on until the text ends as wanted; the test's own time-out is the only limit. */
async function drainUntil(reader: number, isEnough: (text: string) => boolean): Promise<string> {
  let text = '';
  while (!isEnough(text)) {
    text += drain(reader);
    await sleep(5);
  }
  return text;
}

async function readUntil(isEnough: (text: string) => boolean): Promise<string> {
  for (;;) {
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    if (isEnough(text)) return text;
    await sleep(5);
  }
}

/** Resolves once lines have been tried to be written, and could not. */
async function expectTrouble(output: LineOutput, code: string): Promise<void> {
  await expect(output.promise('never seen\n')).rejects.toMatchObject({ code });
}

interface Report {
  readonly message?: string;
  readonly lines?: number;
  readonly why?: string;
}

/** The lines as they were numbered, with a gap where a report counts one. */
function follow(text: string): { readonly numbers: number[]; readonly reports: Report[] } {
  expect(text.endsWith('\n')).toBe(true);
  const numbers: number[] = [];
  const reports: Report[] = [];
  let next = 0;
  for (const line of text.slice(0, -1).split('\n')) {
    if (line.startsWith('{')) {
      const report = JSON.parse(line) as Report;
      expect(report).toMatchObject({ level: 'warn', message: 'log lines lost', output: 'log', timestamp: 'then' });
      reports.push(report);
      next += report.lines ?? 0;
      continue;
    }
    expect(line).toMatch(/^\d+ x*$/);
    expect(Number.parseInt(line, 10)).toBe(next);
    numbers.push(next);
    next += 1;
  }
  return { numbers, reports };
}

const numbered = (number: number, length = 50): string => `${number} ${'x'.repeat(length)}\n`;

test('lines are in the file in order, and whole once it is closed; its folder is made, the file for its owner', async () => {
  path = join(folder, 'deep', 'er', 'log');
  const output = openOutput();
  for (let number = 0; number < 1_000; number += 1) output.take(numbered(number));
  await output.close();
  expect(follow(readFileSync(path, 'utf8')).numbers).toHaveLength(1_000);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a pipe that nobody reads keeps nobody waiting; what is lost is counted once it is read', async () => {
  makePipe();
  const output = openOutput(1_000);
  output.take(numbered(0));
  await expectTrouble(output, 'ENXIO');
  for (let number = 1; number < 100; number += 1) output.take(numbered(number));
  const reader = openReader();
  const first = await drainUntil(reader, (text) => text.includes('log lines lost'));
  for (let number = 100; number < 105; number += 1) output.take(numbered(number));
  const text = first + (await drainUntil(reader, (more) => more.endsWith(numbered(104))));
  const { numbers, reports } = follow(text);
  expect(reports).toHaveLength(1);
  expect(reports[0]?.why).toContain('ENXIO');
  expect(numbers.length + (reports[0]?.lines ?? 0)).toBe(105);
  expect(reports[0]?.lines).toBeGreaterThan(50);
});

test('a reader that falls behind costs lines, not memory: each is there whole, or counted', async () => {
  makePipe();
  const reader = openReader();
  const output = openOutput(20_000);
  let text = '';
  let number = 0;
  for (let round = 0; round < 40; round += 1) {
    // 400 KB a round, where the pipe holds 64 and 40 wait: half of the rounds are read in between.
    for (let line = 0; line < 400; line += 1, number += 1) output.take(numbered(number, 1_000));
    await sleep(1);
    if (round % 2 === 0) text += drain(reader);
  }
  text += await drainUntil(reader, (more) => /lost[^\n]*\n$/.test(more));
  output.take(numbered(number));
  text += await drainUntil(reader, (more) => more.endsWith(numbered(number)));
  const { numbers, reports } = follow(text);
  expect(reports.length).toBeGreaterThan(0);
  expect(reports.every(({ why }) => why === 'it was slower than the lines came')).toBe(true);
  const lost = reports.reduce((sum, { lines = 0 }) => sum + lines, 0);
  expect(numbers.length + lost).toBe(number + 1);
});

test('a full disk: what fits waits, the rest is counted, and all is reported where there is room again', async () => {
  symlinkSync('/dev/full', path);
  const output = openOutput(1_000);
  output.take(numbered(0));
  await expectTrouble(output, 'ENOSPC');
  for (let number = 1; number < 100; number += 1) output.take(numbered(number));
  unlinkSync(path);
  await output.reopen();
  await readUntil((text) => text.includes('log lines lost'));
  for (let number = 100; number < 110; number += 1) output.take(numbered(number));
  const { numbers, reports } = follow(await readUntil((text) => text.endsWith(numbered(109))));
  expect(reports).toHaveLength(1);
  expect(reports[0]?.why).toContain('ENOSPC');
  expect(numbers.length + (reports[0]?.lines ?? 0)).toBe(110);
});

test('it works again by itself, without a line that asks for it', async () => {
  symlinkSync(join(folder, 'missing', 'log'), path);
  const output = openOutput(100);
  output.take(numbered(0));
  await expectTrouble(output, 'ENOENT');
  for (let number = 1; number < 10; number += 1) output.take(numbered(number));
  unlinkSync(path);
  const text = await readUntil((found) => found.includes('log lines lost'));
  // One was on its way, one had room to wait.
  expect(follow(text).numbers).toEqual([0, 1]);
});

test('reopened, it goes on under the name and leaves the file that was renamed', async () => {
  const output = openOutput();
  output.take(numbered(0));
  await readUntil((text) => text === numbered(0));
  renameSync(path, `${path}.1`);
  output.take(numbered(1));
  while (readFileSync(`${path}.1`, 'utf8') !== numbered(0) + numbered(1)) await sleep(5);
  // Two at once are one.
  await Promise.all([output.reopen(), output.reopen()]);
  output.take(numbered(2));
  await output.close();
  expect(readFileSync(path, 'utf8')).toBe(numbered(2));
  expect(readFileSync(`${path}.1`, 'utf8')).toBe(numbered(0) + numbered(1));
});

test('one that cannot be reopened is written to still', async () => {
  const output = openOutput();
  output.take(numbered(0));
  await readUntil((text) => text === numbered(0));
  renameSync(path, `${path}.1`);
  symlinkSync(folder, path);
  await expect(output.reopen()).rejects.toMatchObject({ code: 'EISDIR' });
  output.take(numbered(1));
  await output.close();
  expect(readFileSync(`${path}.1`, 'utf8')).toBe(numbered(0) + numbered(1));
});

describe('a file that is rotated', () => {
  test('at its size: no file is longer, no line is cut or lost, the oldest files go', async () => {
    const output = openRotated({ sizeBytes: 100, keep: 2 });
    // 60 bytes each: two do not fit.
    for (let number = 1; number <= 5; number += 1) await output.promise(numbered(number, 57));
    await output.close();
    expect(readAll()).toEqual({
      '': numbered(5, 57),
      '.2026-11-22.3': numbered(3, 57),
      '.2026-11-22.4': numbered(4, 57),
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('with the day of its first line, also one that a start has found', async () => {
    const calendar = { day: '2026-11-22' };
    writeFileSync(path, numbered(0));
    const at = new Date('2026-11-21T23:59:59Z');
    utimesSync(path, at, at);
    const output = openRotated({ isDaily: true }, calendar);
    await output.promise(numbered(1));
    await output.promise(numbered(2));
    calendar.day = '2026-11-23';
    await output.promise(numbered(3));
    await output.close();
    expect(readAll()).toEqual({
      '': numbered(3),
      '.2026-11-21.1': numbered(0),
      '.2026-11-22.1': numbered(1) + numbered(2),
    });
  });

  test('beside others of its name: those of another form stay', async () => {
    for (const name of ['log.2026-11-20.gz', 'log.1', 'logs.2026-11-20.1']) writeFileSync(join(folder, name), '');
    for (const name of ['log.2026-11-21.9', 'log.2026-11-21.10']) writeFileSync(join(folder, name), '');
    const output = openRotated({ sizeBytes: 10, keep: 2 });
    await output.promise(numbered(1));
    await output.promise(numbered(2));
    await output.close();
    expect(Object.keys(readAll())).toEqual([
      '',
      '.1',
      '.2026-11-20.gz',
      '.2026-11-21.10',
      '.2026-11-22.1',
      's.2026-11-20.1',
    ]);
  });

  test('that somebody else has renamed is only opened again', async () => {
    const output = openRotated({ sizeBytes: 100 });
    await output.promise(numbered(1, 57));
    renameSync(path, `${path}.1`);
    await output.promise(numbered(2, 57));
    await output.close();
    expect(readAll()).toEqual({ '': numbered(2, 57), '.1': numbered(1, 57) });
  });

  test('that cannot be renamed is written to still, and reported once until it is as long again', async () => {
    path = join(folder, `log${'g'.repeat(245)}`);
    const output = openRotated({ sizeBytes: 10_000 });
    for (let number = 0; number < 15; number += 1) await output.promise(numbered(number, 997));
    await output.close();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const reports = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Report);
    expect(lines).toHaveLength(15 + reports.length);
    expect(reports.length).toBe(1);
    expect(reports[0]).toMatchObject({ level: 'error', message: 'log not rotated', file: path });
    expect(reports[0]?.why).toContain('ENAMETOOLONG');
  });

  test('a pipe is not', async () => {
    makePipe();
    const reader = openReader();
    const output = openRotated({ sizeBytes: 10, isDaily: true });
    await output.promise(numbered(1));
    await output.promise(numbered(2));
    expect(drain(reader)).toBe(numbered(1) + numbered(2));
    expect(readdirSync(folder)).toEqual(['log']);
  });
});

const readTime = (): string => 'then';

describe('a close', () => {
  test('of a reader that is slow waits as long as it reads', async () => {
    makePipe();
    const reader = openReader();
    const output = new LineOutput({ name: 'log', to: { path }, readTime, stallMs: 400 });
    for (let number = 0; number < 2_000; number += 1) output.take(numbered(number, 995));
    const end = { isThere: false };
    const closing = output.close().then(() => (end.isThere = true));
    // 2 MB through a pipe of 64 KB: thirty reads, which take longer together than one may.
    let text = '';
    while (!end.isThere) {
      await sleep(20);
      text += drain(reader);
    }
    await closing;
    text += drain(reader);
    expect(follow(text).numbers).toHaveLength(2_000);
  });

  test('of a reader that has stopped gives up, and says how many lines are left', async () => {
    makePipe();
    openReader();
    const output = new LineOutput({ name: 'log', to: { path }, readTime, stallMs: 50 });
    for (let number = 0; number < 200; number += 1) output.take(numbered(number, 995));
    const left = await output.drain();
    // The pipe has 64 KB of them.
    expect(left).toBeGreaterThan(130);
    expect(left).toBeLessThan(200);
    const report = JSON.parse(output.reportLeft()) as Report;
    expect(report).toMatchObject({ message: 'log lines lost', lines: left });
    await output.close();
  });
});

describe('a promised line', () => {
  test('comes after those taken, and is there once the promise is kept', async () => {
    const output = openOutput();
    output.take(numbered(0));
    await output.promise(numbered(1));
    expect(readFileSync(path, 'utf8')).toBe(numbered(0) + numbered(1));
  });

  test('is given up where there is no room, also behind lines that wait, and does not appear later', async () => {
    symlinkSync('/dev/full', path);
    const output = openOutput();
    await expect(output.promise('secret\n')).rejects.toMatchObject({ code: 'ENOSPC' });
    output.take(numbered(0));
    await expect(output.promise('secret\n')).rejects.toMatchObject({ code: 'ENOSPC' });
    unlinkSync(path);
    await output.reopen();
    await output.promise(numbered(1));
    expect(readFileSync(path, 'utf8')).toBe(numbered(0) + numbered(1));
  });

  test('that was cut by a pipe nobody reads is given up, and the next line begins a line', async () => {
    makePipe();
    const reader = openReader();
    const output = openOutput();
    await expect(output.promise(`${'y'.repeat(200_000)}\n`)).rejects.toMatchObject({ code: 'EAGAIN' });
    output.take(numbered(0));
    const text = await drainUntil(reader, (found) => found.endsWith(numbered(0)));
    expect(text.replace(/^y+\n/, '')).toBe(numbered(0));
    expect(text.length).toBeLessThan(200_000);
  });
});

test('closing does not wait for a disk that is full', async () => {
  symlinkSync('/dev/full', path);
  const output = openOutput();
  output.take(numbered(0));
  await output.close();
  await output.close();
});

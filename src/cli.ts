#!/usr/bin/env node
// The `kkm` command line: a table of commands. A command's code is loaded when it is called, so help answers at once.
import { createInterface } from 'node:readline/promises';
import { isatty } from 'node:tty';
import { asksHelp, reportFailure, type CommandIo } from './commands/command-io.ts';
import { suggest } from './commands/suggest.ts';
import { readEnvironment } from './env.ts';
import { readProductVersion } from './product-version.ts';

type Run = (args: string[], io: CommandIo) => Promise<number>;

interface Entry {
  readonly about: string;
  readonly load: () => Promise<Run>;
}

const commands: Readonly<Record<string, Entry>> = {
  serve: {
    about: 'serves the infobases to tills until it is stopped (npm start)',
    load: async () => (await import('./commands/service/serve.ts')).serve,
  },
  demo: {
    about: 'plays a day and a month of trade on test infobases',
    load: async () => (await import('./commands/demo/demo.ts')).demo,
  },
  user: {
    about: 'add|list|remove: who may call the service',
    load: async () => (await import('./commands/admin/users.ts')).users,
  },
  rules: {
    about: 'list|set|remove: the rules of life, by which accruals are credited and written off',
    load: async () => (await import('./commands/catalogs/rules.ts')).rules,
  },
  kinds: {
    about: 'list|set|remove: the card kinds',
    load: async () => (await import('./commands/catalogs/kinds.ts')).kinds,
  },
  cards: {
    about: 'range|import|set|show|debts: the catalog of cards',
    load: async () => (await import('./commands/cards/cards.ts')).cards,
  },
  billing: {
    about: 'enable|status|pause|continue|repost|disable: switching billing on, with the receipts there are, and off',
    load: async () => (await import('./commands/enabling/billing.ts')).billing,
  },
  import: {
    about: 'FILE|list|reverse: opening balances from a CSV or XLSX file of the old system, and their reversal',
    load: async () => (await import('./commands/opening/import.ts')).importCommand,
  },
  document: {
    about: 'accrual or write-off: documents of billing made by hand',
    load: async () => (await import('./commands/billing/document.ts')).document,
  },
  receipts: {
    about: 'load|reports|report|tie-out|flagged: shift reports, how they differ from the tills, receipts to check',
    load: async () => (await import('./commands/receipts/receipts.ts')).receipts,
  },
  report: {
    about: 'turnover|movements|sales|department|burning|flags|debts: the reports, also as CSV and XLSX files',
    load: async () => (await import('./commands/reports/report.ts')).report,
  },
  settings: {
    about: 'list|get|set: the settings of an infobase',
    load: async () => (await import('./commands/admin/settings.ts')).settings,
  },
  infobase: {
    about: 'create|list|remove: the infobases of the data folder, test ones among them',
    load: async () => (await import('./commands/admin/infobase.ts')).infobase,
  },
  changes: {
    about: 'who changed what, when, from what to what; who made which document by hand',
    load: async () => (await import('./commands/admin/changes.ts')).changes,
  },
  clock: {
    about: 'show|set|advance: the clock of a test infobase',
    load: async () => (await import('./commands/admin/clock.ts')).clock,
  },
  night: {
    about: 'run|preview|compare: the nightly regulation of billing',
    load: async () => (await import('./commands/night/night.ts')).night,
  },
  jobs: {
    about: 'the scheduled jobs: when they run, and their results',
    load: async () => (await import('./commands/service/jobs.ts')).jobs,
  },
  certificates: {
    about: 'kinds|set-kind|issue|list|show: gift certificates',
    load: async () => (await import('./commands/certificates/certificates.ts')).certificates,
  },
  shops: {
    about: 'list|set|remove: the shops of the network',
    load: async () => (await import('./commands/catalogs/shops.ts')).shops,
  },
  tills: {
    about: 'list|unknown|set|remove: the shop of each till, and whether it is synced',
    load: async () => (await import('./commands/catalogs/tills.ts')).tills,
  },
  sync: {
    about: 'create|list|show: card balances for tills that work offline',
    load: async () => (await import('./commands/sync/sync.ts')).sync,
  },
  contract: {
    about: 'check|draft|evidence: a WSDL and its binding: what a till is answered, a proposal, what is known of names',
    load: async () => (await import('./commands/contract/contract.ts')).contract,
  },
  replay: {
    about: 'sends recorded requests to a service and shows where its replies differ',
    load: async () => (await import('./commands/service/replay.ts')).replay,
  },
  backup: {
    about: 'FILE|list: a checked copy of an infobase, made while tills are served',
    load: async () => (await import('./commands/admin/backup.ts')).backup,
  },
  restore: {
    about: 'puts a backup in the place of an infobase',
    load: async () => (await import('./commands/admin/restore.ts')).restore,
  },
  verify: {
    about: 'recomputes every balance and names the first that differs',
    load: async () => (await import('./commands/admin/verify.ts')).verify,
  },
  seals: {
    about: 'list|make: the sealed business days',
    load: async () => (await import('./commands/seals/seals.ts')).seals,
  },
  doctor: {
    about: 'checks whether this machine and an infobase are ready to serve',
    load: async () => (await import('./commands/admin/doctor.ts')).doctor,
  },
};

/** @returns the exit code: 0 done, 1 failed, 2 the command line is wrong. */
export async function runCli(args: string[], io: CommandIo): Promise<number> {
  const [word = '', ...rest] = args;
  if (word === '--version' || word === 'version') {
    io.out(readProductVersion());
    return 0;
  }
  const command = Object.hasOwn(commands, word) ? commands[word] : undefined;
  if (command !== undefined) return runEntry(word, command, rest, io);
  const [asked, ...path] = word === 'help' ? rest : [];
  if (asked !== undefined && Object.hasOwn(commands, asked)) return runCli([asked, ...path, '--help'], io);
  if (word === 'help' || asksHelp(args)) {
    writeUsage((line) => io.out(line));
    return 0;
  }
  if (word === '' || word.startsWith('-')) {
    reportFailure(io, 'kkm', args, { code: 'usage', message: 'a command is missing' });
    writeUsage((line) => io.err(line));
    return 2;
  }
  const message = `there is no command "${word}"${suggest(word, Object.keys(commands))}`;
  reportFailure(io, 'kkm', args, { code: 'usage', message });
  io.err('  kkm --help lists the commands');
  return 2;
}

async function runEntry(word: string, command: Entry, args: string[], io: CommandIo): Promise<number> {
  try {
    return await (
      await command.load()
    )(args, io);
  } catch (reason) {
    // A defect, or a machine that fails: a line for the operator, and the stack where it was asked for.
    const message = reason instanceof Error ? reason.message : String(reason);
    reportFailure(io, `kkm ${word}`, args, { code: 'defect', message });
    if (io.environment.LOG_LEVEL === 'debug') io.err((reason as Error).stack ?? '');
    return 1;
  }
}

function writeUsage(write: (line: string) => void): void {
  write('kkm <command> [--infobase NAME] [--data-dir DIR] [--json]');
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  for (const [name, { about }] of Object.entries(commands)) write(`  ${name.padEnd(width)} ${about}`);
  write('kkm <command> --help shows more; kkm --version shows the version. Settings are KKM_... variables.');
  write('Exit code: 0 done, 1 failed, 2 the command line is wrong.');
}

const clearLine = '\r\u001b[K';

function processIo(): CommandIo {
  const { stdin, stdout, stderr } = process;
  const isTerminal = isatty(stderr.fd);
  return {
    out: (line) => void stdout.write(`${line}\n`),
    err: (line) => void stderr.write(`${isTerminal ? clearLine : ''}${line}\n`),
    readStdin: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Uint8Array));
      return Buffer.concat(chunks).toString('utf8');
    },
    ...(isTerminal && isatty(stdin.fd) ? { ask: (question: string) => ask(question) } : {}),
    isTerminal,
    environment: readEnvironment(),
    ...(isTerminal ? { showProgress: (text: string) => void stderr.write(clearLine + text) } : {}),
  };
}

async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question(question)).trim();
  } finally {
    lines.close();
  }
}

async function main(): Promise<void> {
  process.stdout.on('error', (reason: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`kkm ... | head`) is not a failure; a full disk is one.
    if (reason.code === 'EPIPE') process.exit();
    process.stderr.write(`kkm: standard output cannot be written: ${reason.message}\n`);
    process.exit(1);
  });
  // There is nowhere to report it.
  process.stderr.on('error', () => undefined);
  // The exit code is set, not exited with: what is still on its way to a pipe must arrive.
  process.exitCode = await runCli(process.argv.slice(2), processIo());
}

if (require.main === module) void main();

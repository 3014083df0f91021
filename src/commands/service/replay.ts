// `kkm replay DIR`: sends the recorded requests of a folder to a service and shows where its replies differ from the
// recorded ones. Exit code: 0 none differs, 1 something differs or failed, 2 the command line is wrong.
import { readConfig } from '../../config.ts';
import { openTimeZone } from '../../ledger/time-zone.ts';
import type { Difference, ReplyForms } from '../../replay/compare.ts';
import { isFolderRefused } from '../../replay/folder.ts';
import type { ConversationResult, ReplaySummary } from '../../replay/replay.ts';
import { replayFolder } from '../../replay/replay.ts';
import type { Credentials } from '../../replay/send.ts';
import { loadModel } from '../../soap/contract/model.ts';
import { answer, say } from '../answer.ts';
import { CommandFailed, defineCommand, runCommand, UsageMistake, type CommandIo } from '../command-io.ts';
import { readCount } from '../read-number-flag.ts';

const defaultTarget = 'http://127.0.0.1:8080/trade/ws/KKMTransfer.1cws';
const defaultTimeoutMs = 30_000;
const longestTimeoutMs = 2 ** 31 - 1;
const longestShown = 300;

const command = defineCommand({
  usage: 'DIR [--target URL] [--user NAME:PASSWORD] [--only TEXT] [--save DIR] [--timeout-ms N]',
  about: 'sends the recorded requests of a folder and shows where the replies differ; exit code 1 if one does',
  notes: [
    'DIR: a folder with request.xml and response.xml, or a folder of such folders. The service posts the receipts that it is',
    'sent: use a test infobase. Others on the machine can see a password on the command line: --user NAME',
    '--password-stdin reads it from standard input.',
    'A value is compared as a number or a moment where the contract (KKM_CONTRACT) has one, else as it is written; a',
    'moment with a time zone is the same as the wall clock of KKM_TIMEZONE. 401, 403 and 404 stop the run, unless recorded.',
  ],
  takes: ['DIR'],
  flags: {
    target: {
      takes: 'URL',
      about: `the service; without a path, the recorded one is taken (default ${defaultTarget})`,
    },
    user: { takes: 'NAME:PASSWORD', about: 'the user that calls; NAME alone with --password-stdin' },
    'password-stdin': { about: 'takes the password from the first line of standard input' },
    only: {
      takes: 'TEXT',
      isRepeated: true,
      about: 'only conversations with TEXT in their names; may be given several times',
    },
    save: { takes: 'DIR', about: 'keeps the replies in a new or empty folder, in the form of a recording' },
    'timeout-ms': { takes: 'N', about: `for one request and its reply (default ${defaultTimeoutMs})` },
    json: { about: 'one JSON document instead of lines' },
  },
  run: async ({ flags, values: [folder = ''] }, io) => {
    const target = parseTarget(flags.target ?? defaultTarget);
    const timeoutMs = readCount('--timeout-ms', flags['timeout-ms'] ?? String(defaultTimeoutMs), longestTimeoutMs, 1);
    const { only, save: saveTo = null } = flags;
    if (only.includes('')) throw new UsageMistake('--only needs a piece of a name', '--only');
    const credentials = await readCredentials(flags.user, flags['password-stdin'], io);
    const forms = readForms(io.environment);
    const results: ConversationResult[] = [];
    const onResult = (result: ConversationResult): void => {
      if (flags.json) results.push(result);
      else say(io, flags, formatResult(result));
    };
    const options = { folder, target, timeoutMs, credentials, only, saveTo, forms, onResult };
    const summary = await replayFolder(options).catch(refuseFolder);
    const json = describeRun(target, summary, results);
    const others = summary.conversations - summary.ok;
    if (others === 0) return answer(io, flags, { json, lines: formatSummary(summary) });
    say(io, flags, formatSummary(summary));
    throw new CommandFailed(`not as recorded: ${others} of ${summary.conversations}`, {
      code: 'differs',
      details: json,
    });
  },
});

export function replay(args: string[], io: CommandIo): Promise<number> {
  return runCommand('kkm replay', command, args, io);
}

/** The types of the replies and the zone of the clock are those of the service's own settings. */
function readForms(environment: Readonly<Record<string, string>>): ReplyForms {
  const { contractDir, timeZone } = readConfig(environment);
  const { namespace, operations } = loadModel(contractDir);
  const wrappers = new Map(operations.map(({ response }) => [response.element, response.type]));
  return { types: { namespace, wrappers }, timeZone: openTimeZone(timeZone) };
}

function refuseFolder(reason: unknown): never {
  if (!isFolderRefused(reason)) throw reason;
  throw new CommandFailed(reason.message, { code: 'mistakes', details: { mistakes: reason.message.split('\n') } });
}

function parseTarget(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  // Credentials in the URL would be printed with it: they have a flag of their own.
  const isUsable = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (!isUsable) throw new UsageMistake('--target: expected an http or https URL without a user in it', '--target');
  return url;
}

async function readCredentials(
  user: string | undefined,
  isFromStdin: boolean,
  io: CommandIo,
): Promise<Credentials | null> {
  if (user === undefined) {
    if (isFromStdin) throw new UsageMistake('--password-stdin needs --user NAME', '--user');
    return null;
  }
  const colon = user.indexOf(':');
  if (isFromStdin) {
    if (colon >= 0) throw new UsageMistake('the password is given twice: by --user and --password-stdin', '--user');
    return { name: user, password: /^[^\r\n]*/.exec(await io.readStdin())?.[0] ?? '' };
  }
  // What was typed is not repeated: it may be a password.
  if (colon < 1) throw new UsageMistake('--user: expected NAME:PASSWORD, or NAME with --password-stdin', '--user');
  return { name: user.slice(0, colon), password: user.slice(colon + 1) };
}

function formatResult(result: ConversationResult): string[] {
  const masked = result.silenced === 0 ? '' : `  (masked: ${result.silenced})`;
  const failure = result.failure === null ? '' : `: ${result.failure}`;
  const first = `${result.outcome.padEnd(7)} ${result.name}${failure}${masked}`;
  return [first, ...result.differences.flatMap(formatDifference)];
}

function formatDifference(difference: Difference): string[] {
  const { kind, path, expected, actual, note } = difference;
  return [
    `  ${kind} ${path}`,
    ...(expected === null ? [] : [`    expected ${formatShown(expected)}`]),
    ...(actual === null ? [] : [`    actual   ${formatShown(actual)}`]),
    ...(note === undefined ? [] : [`    note     ${note}`]),
  ];
}

// Quotes make blanks at the ends, line ends and the empty text visible; elsewhere they would only be in the way.
function formatShown(value: string): string {
  const short = value.length > longestShown ? `${value.slice(0, longestShown)}... (${value.length} characters)` : value;
  return /^$|^\s|\s$|\p{Cc}/u.test(short) ? JSON.stringify(short) : short;
}

function formatSummary(summary: ReplaySummary): string[] {
  const { conversations, ok, differs, failed, differences, silenced, stopped, notSent } = summary;
  return [
    ...summary.unusedMasks.map((mask) => `warning: unused mask ${mask.xpath} (${mask.file}): it named nothing`),
    ...summary.skipped.map((name) => `skipped: ${name} (no request.xml, no response.xml)`),
    `conversations ${conversations}: ok ${ok}, differs ${differs}, failed ${failed}; ` +
      `differences ${differences}, masked ${silenced}`,
    ...(stopped === null ? [] : [`stopped: ${stopped}; not sent: ${notSent}`]),
  ];
}

function describeRun(target: URL, summary: ReplaySummary, results: readonly ConversationResult[]): object {
  const unusedMasks = summary.unusedMasks.map(({ xpath, why, file }) => ({ xpath, why, file }));
  return { target: target.href, summary: { ...summary, unusedMasks }, results };
}

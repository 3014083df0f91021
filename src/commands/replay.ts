// `kkm replay DIR`: sends the recorded requests of a folder to a service and prints where its replies differ from the
// recorded ones. Exit code: 0 none differs, 1 something differs or failed, 2 the command line is wrong.
import { parseArgs } from 'node:util';

import { ConfigMistakes, readConfig } from '../config.ts';
import { openTimeZone } from '../ledger/time-zone.ts';
import type { Difference, ReplyForms } from '../replay/compare.ts';
import { isFolderRefused } from '../replay/folder.ts';
import type { ConversationResult, ReplayOptions, ReplaySummary } from '../replay/replay.ts';
import { replayFolder } from '../replay/replay.ts';
import type { Credentials } from '../replay/send.ts';
import { parseModel, readWsdlText } from '../soap/contract/model.ts';
import type { CommandIo } from './command-io.ts';

type CommandLine = Omit<ReplayOptions, 'onResult' | 'target' | 'forms'> & {
  readonly target: URL;
  readonly json: boolean;
};

const defaultTarget = 'http://127.0.0.1:8080/trade/ws/KKMTransfer.1cws';
const defaultTimeoutMs = 30_000;
const longestTimeoutMs = 2 ** 31 - 1;
const longestShown = 300;

const usage = [
  'kkm replay DIR [--target URL] [--user NAME:PASSWORD] [--only TEXT] [--save DIR] [--timeout-ms N] [--json]',
  '  DIR               folder with request.xml and response.xml, or a folder of such folders',
  `  --target URL      the service; without a path, the recorded one is taken (default ${defaultTarget})`,
  '  --user NAME:PASSWORD, or --user NAME --password-stdin',
  '  --only TEXT       conversations with TEXT in their names, and no others; may be given several times',
  '  --save DIR        keeps the replies in a new or empty folder, in the form of a recording',
  `  --timeout-ms N    for one request and its reply (default ${defaultTimeoutMs})`,
  '  --json            one JSON document instead of lines',
  'A value is compared as a number or a moment where the contract (KKM_CONTRACT) has one, else as it is written; a moment',
  'with a time zone is the same as the wall clock of KKM_TIMEZONE. 401, 403 and 404 stop the run, unless recorded.',
];

/** `args` are those behind the command's name. */
export async function replay(args: string[], io: Pick<CommandIo, 'out' | 'environment'>): Promise<number> {
  const out = (line: string): void => io.out(line);
  if (args.includes('--help')) {
    for (const text of usage) out(text);
    return 0;
  }
  const line = await readCommandLine(args);
  if ('refused' in line) {
    out(`kkm replay: ${line.refused}`);
    for (const text of usage) out(text);
    return 2;
  }
  const forms = readForms(io.environment);
  if ('refused' in forms) {
    out(`kkm replay: ${forms.refused}`);
    return 2;
  }
  const { json, ...options } = line;
  const results: ConversationResult[] = [];
  const onResult = (result: ConversationResult): void => {
    if (json) results.push(result);
    else for (const text of formatResult(result)) out(text);
  };
  let summary: ReplaySummary;
  try {
    summary = await replayFolder({ ...options, forms, onResult });
  } catch (error) {
    if (!isFolderRefused(error)) throw error;
    const mistakes = error.message.split('\n');
    if (json) out(JSON.stringify({ mistakes }, null, 2));
    else for (const mistake of mistakes) out(mistake);
    return 1;
  }
  if (json) out(JSON.stringify(describeRun(options.target, summary, results), null, 2));
  else for (const text of formatSummary(summary)) out(text);
  return summary.ok === summary.conversations ? 0 : 1;
}

/** The types of the replies and the zone of the clock are those of the service's own settings. */
function readForms(environment: Readonly<Record<string, string>>): ReplyForms | { readonly refused: string } {
  try {
    const { contractDir, timeZone } = readConfig(environment);
    const { namespace, operations } = parseModel(readWsdlText(contractDir), contractDir);
    const wrappers = new Map(operations.map(({ response }) => [response.element, response.type]));
    return { types: { namespace, wrappers }, timeZone: openTimeZone(timeZone) };
  } catch (error) {
    if (!(error instanceof ConfigMistakes)) throw error;
    return { refused: error.message };
  }
}

async function readCommandLine(args: string[]): Promise<CommandLine | { readonly refused: string }> {
  const given = parseCommandLine(args);
  if ('refused' in given) return given;
  const { values, positionals } = given;
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1) return { refused: 'name one folder' };
  const target = parseTarget(values.target ?? defaultTarget);
  if (target === null) return { refused: `--target "${values.target}" is no http or https URL` };
  const timeoutMs = Number(values['timeout-ms'] ?? defaultTimeoutMs);
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > longestTimeoutMs) {
    return { refused: `--timeout-ms "${values['timeout-ms']}" is no number of milliseconds` };
  }
  const credentials = await readCredentials(values.user, values['password-stdin'] === true);
  if (credentials !== null && 'refused' in credentials) return credentials;
  const { only = [], save: saveTo = null, json = false } = values;
  if (only.includes('')) return { refused: '--only needs a piece of a name' };
  return { folder, target, timeoutMs, credentials, only, saveTo, json };
}

function parseCommandLine(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        target: { type: 'string' },
        user: { type: 'string' },
        'password-stdin': { type: 'boolean' },
        'timeout-ms': { type: 'string' },
        only: { type: 'string', multiple: true },
        save: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
  } catch (error) {
    return { refused: (error as Error).message };
  }
}

function parseTarget(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  // Credentials in the URL would be printed with it: they have a flag of their own.
  const isUsable = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  return isUsable ? url : null;
}

async function readCredentials(
  user: string | undefined,
  fromStdin: boolean,
): Promise<Credentials | null | { readonly refused: string }> {
  if (user === undefined) return fromStdin ? { refused: '--password-stdin needs --user NAME' } : null;
  const colon = user.indexOf(':');
  if (fromStdin) {
    return colon < 0
      ? { name: user, password: await readFirstLine() }
      : { refused: 'the password is given twice: by --user and --password-stdin' };
  }
  if (colon < 1) return { refused: '--user must be NAME:PASSWORD' };
  return { name: user.slice(0, colon), password: user.slice(colon + 1) };
}

async function readFirstLine(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return /^[^\r\n]*/.exec(Buffer.concat(chunks).toString('utf8'))?.[0] ?? '';
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
  return { target: target.href, ...summary, unusedMasks, results };
}

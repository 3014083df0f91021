// A WSDL from where it is: the one .wsdl file of a folder, or the address of a publication.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../paths.ts';
import { loadContract } from '../../soap/contract/contract.ts';
import { parseModel, type ContractModel } from '../../soap/contract/model.ts';
import { CommandFailed, UsageMistake, type CommandIo } from '../command-io.ts';

const timeoutMs = 30_000;
const longestBytes = 32 * 1024 * 1024;

export const accessFlags = {
  user: { takes: 'NAME', about: 'the user that reads the WSDL at a URL, with --password-stdin' },
  'password-stdin': { about: 'takes the password from the first line of standard input' },
} as const;

export interface Access {
  readonly user: string | undefined;
  readonly 'password-stdin': boolean;
}

export function isWsdlUrl(source: string): boolean {
  return /^https?:\/\//i.test(source);
}

/** As it is given; a contract that ships ("wsdl/default") is found from any folder, as KKM_CONTRACT finds it. */
export function findContractFolder(given: string): string {
  const shipped = join(packageRoot, given);
  return !existsSync(given) && given.startsWith('wsdl/') && existsSync(shipped) ? shipped : given;
}

/** @throws CommandFailed with every mistake of the WSDL. */
export function readFolderModel(folder: string): ContractModel {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new CommandFailed(`there is no folder ${folder}`, { code: 'not_found', field: 'DIR' });
  }
  return refuseWrong(folder, () => loadContract(folder).model);
}

/** @param source an address that ends in ?wsdl. */
export async function fetchModel(source: string, access: Access, io: CommandIo): Promise<ContractModel> {
  const url = readUrl(source);
  const headers = await readCredentials(access, io);
  const text = await fetchText(url, headers);
  return refuseWrong(url.href, () => parseModel(text, url.href));
}

export function refuseAccess({ user, 'password-stdin': isFromStdin }: Access): void {
  if (user !== undefined) throw new UsageMistake('--user is for a URL: a folder is read without a user', '--user');
  if (isFromStdin) throw new UsageMistake('--password-stdin is for a URL', '--password-stdin');
}

/** @throws CommandFailed with the mistakes of what the step loads. */
export function refuseWrong<T>(place: string, step: () => T): T {
  try {
    return step();
  } catch (reason) {
    const { message } = reason as Error;
    const mistakes = message.split('\n');
    throw new CommandFailed(message.includes(place) ? message : `${place}: ${message}`, {
      code: 'mistakes',
      details: { mistakes },
      cause: reason,
    });
  }
}

function readUrl(source: string): URL {
  const url = URL.canParse(source) ? new URL(source) : null;
  // Credentials in the URL would be printed with it.
  if (url === null || url.username !== '' || url.password !== '') {
    throw new UsageMistake('DIR|URL: expected an http or https URL without a user in it', 'DIR|URL');
  }
  if (url.search.toLowerCase() !== '?wsdl') {
    throw new UsageMistake(`DIR|URL: expected a URL that ends in ?wsdl, got "${source}"`, 'DIR|URL');
  }
  return url;
}

async function readCredentials(
  { user, 'password-stdin': isFromStdin }: Access,
  io: CommandIo,
): Promise<Record<string, string>> {
  if (user === undefined) {
    if (isFromStdin) throw new UsageMistake('--password-stdin needs --user NAME', '--user');
    return {};
  }
  if (user.includes(':')) throw new UsageMistake('--user: expected NAME alone, with --password-stdin', '--user');
  if (!isFromStdin) throw new UsageMistake('--user needs --password-stdin', '--password-stdin');
  const password = /^[^\r\n]*/.exec(await io.readStdin())?.[0] ?? '';
  return { Authorization: `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}` };
}

async function fetchText(url: URL, headers: Record<string, string>): Promise<string> {
  const fail = (why: string): CommandFailed => new CommandFailed(`${url.href}: ${why}`, { field: 'DIR|URL' });
  try {
    const reply = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs) });
    if (reply.status === 401) throw fail('HTTP 401: give --user NAME --password-stdin of a user that may read it');
    if (!reply.ok) throw fail(`HTTP ${reply.status} instead of a WSDL`);
    const bytes = await reply.arrayBuffer();
    if (bytes.byteLength > longestBytes) throw fail(`the answer is longer than ${longestBytes} bytes`);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (reason) {
    if (reason instanceof CommandFailed) throw reason;
    const { message, cause } = reason as Error & {
      readonly cause?: { readonly code?: string; readonly message: string };
    };
    throw fail(`no WSDL came: ${cause?.code ?? cause?.message ?? message}`);
  }
}

// `kkm contract check`: what a till would be answered by a contract's folder. Exit code: 0 every operation has an answer and
// nothing is wrong, 1 otherwise, 2 the command line is wrong.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { countOf } from '../../ledger/count-of.ts';
import type { ContractModel } from '../../soap/contract/model.ts';
import { answer, say } from '../answer.ts';
import { CommandFailed, defineCommand } from '../command-io.ts';
import { describeWsdl, type WireOperation, type WirePlace } from './describe-wsdl.ts';
import {
  accessFlags,
  fetchModel,
  findContractFolder,
  isWsdlUrl,
  readFolderModel,
  refuseAccess,
  refuseWrong,
} from './read-wsdl.ts';
import { reportContract, type ContractReport, type OperationReport } from './report-contract.ts';

export const contractCheck = defineCommand({
  usage: 'DIR|URL [--user NAME --password-stdin] [--json]',
  about: 'says what a till would be answered by a WSDL and its binding, and everything that is wrong with them',
  notes: [
    'DIR: a folder with one .wsdl file and binding.json. URL: a publication, ending in ?wsdl; then, as in a folder without',
    'binding.json, it lists what would have to be bound. Exit code 1: something is wrong, or an operation has no answer.',
  ],
  takes: ['DIR|URL'],
  flags: { ...accessFlags, json: { about: 'one JSON document instead of lines' } },
  run: async ({ flags, values: [source = ''] }, io) => {
    const checked = isWsdlUrl(source)
      ? describeUnbound(source, await fetchModel(source, flags, io))
      : checkFolder(findContractFolder(source), flags);
    const { json, lines, failure } = checked;
    if (failure === undefined) return answer(io, flags, { json: { ok: true, ...json }, lines });
    say(io, flags, lines);
    throw new CommandFailed(failure.why, { code: failure.isMistaken ? 'mistakes' : 'differs', details: json });
  },
});

interface Checked {
  readonly json: object;
  readonly lines: readonly string[];
  readonly failure?: { readonly why: string; readonly isMistaken: boolean };
}

function checkFolder(folder: string, flags: Parameters<typeof refuseAccess>[0]): Checked {
  refuseAccess(flags);
  const model = readFolderModel(folder);
  if (!existsSync(join(folder, 'binding.json'))) return describeUnbound(folder, model);
  return describeReport(
    folder,
    model,
    refuseWrong(folder, () => reportContract(folder, model)),
  );
}

function describeReport(source: string, { serviceName, namespace }: ContractModel, report: ContractReport): Checked {
  const { operations, mistakes, uncalledCommands, unusedParts } = report;
  const wrong = mistakes.length + operations.reduce((sum, one) => sum + one.mistakes.length, 0);
  const unanswered = operations.filter((one) => one.answer === 'none').map((one) => one.operation);
  const called = operations.filter(({ answer: how }) => how === 'command' || how === 'choice').length;
  const lines = [
    `${serviceName} (${source}): ${countOf(operations.length, 'operation')}, ${called} of them call commands`,
    ...mistakes.map((mistake) => `wrong ${mistake}`),
    ...operations.flatMap(formatOperation),
    ...(uncalledCommands.length === 0 ? [] : [`note  no operation calls: ${uncalledCommands.join(', ')}`]),
    ...unusedParts.map((part) => `note  nothing uses ${part}`),
    ...(wrong + unanswered.length === 0 ? ['every operation has an answer'] : []),
  ];
  const json = { source, service: serviceName, namespace, ...report, unanswered };
  if (wrong + unanswered.length === 0) return { json, lines };
  const parts = [
    ...(wrong === 0 ? [] : [countOf(wrong, 'mistake')]),
    ...(unanswered.length === 0 ? [] : [`${countOf(unanswered.length, 'operation')} without an answer`]),
  ];
  return { json, lines, failure: { why: `${source}: ${parts.join(', ')}`, isMistaken: wrong > 0 } };
}

function formatOperation(report: OperationReport): string[] {
  const isWrong = report.answer === 'mistakes' || report.answer === 'none';
  return [
    `${isWrong ? 'wrong' : 'ok   '} ${report.operation}: ${formatAnswer(report)}`,
    ...report.mistakes.map((mistake) => `      ${mistake}`),
    ...formatPlaces('no rule reads', report.unread),
    ...formatPlaces('no rule writes', report.unwritten),
    ...formatPlaces(refused, report.refusedNils),
  ];
}

const refused = 'may come as nil, and a till is then answered result 11 (give "none", or an optional transform):';

function formatAnswer({ operation, answer: how, commands, choose, detail }: OperationReport): string {
  switch (how) {
    case 'command':
      return `command ${commands[0]!.command}`;
    case 'choice':
      return `by ${choose}: ${commands.map(({ case: value, command }) => `"${value}" command ${command}`).join(', ')}`;
    case 'fault':
      return `the fault «${detail}»`;
    case 'file':
      return `the reply in ${detail}`;
    case 'upstream':
      return `what ${detail} answers`;
    case 'none':
      return `no answer: give it a command in binding.json, replies/${operation}.xml, or { "answer": "fault" } if it is left alone on purpose (now: the fault «${detail}»)`;
    case 'mistakes':
      return 'it cannot be bound';
  }
}

function formatPlaces(what: string, places: readonly string[]): string[] {
  return places.length === 0 ? [] : [`      note: ${what} ${places.join(', ')}`];
}

function describeUnbound(source: string, model: ContractModel): Checked {
  const { serviceName, namespace } = model;
  const operations = describeWsdl(model);
  const lines = [
    `${serviceName} (${source}): ${countOf(operations.length, 'operation')}, no binding.json`,
    ...operations.flatMap(formatUnbound),
  ];
  const unanswered = operations.map(({ operation }) => operation);
  const why = `${source}: ${countOf(operations.length, 'operation')} to be bound`;
  const json = { source, service: serviceName, namespace, operations, unanswered };
  return { json, lines, failure: { why, isMistaken: false } };
}

function formatUnbound({ operation, request, reply }: WireOperation): string[] {
  return [
    `to do ${operation}`,
    ...request.map((place) => formatPlace('request', place)),
    ...reply.map((place) => formatPlace('reply  ', place)),
  ];
}

function formatPlace(what: string, { place, type, isOptional, isInList }: WirePlace): string {
  return `      ${what} ${place}: ${type}${isInList ? ', in a list' : ''}${isOptional ? ', may be missing' : ''}`;
}

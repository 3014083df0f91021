// One call of an endpoint: role, forms of request and answer, input, gate, operation, answer.
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Trouble } from '../ledger/result.ts';
import { resultCodes } from '../ledger/result.ts';
import { describeService } from '../operations/admin/describe-service.ts';
import type { Checked } from '../operations/checked.ts';
import { readBody } from '../request-body.ts';
import type { WorkTools } from '../works/work-tools.ts';
import type { JsonCall } from './json-call.ts';
import { isTagIn, writeTag } from './catalog-tag.ts';
import type { Circumstances, Endpoint, FileInput } from './endpoint.ts';
import { refuseHttp, refuseResult } from './json-refusal.ts';
import { parseJson } from './parse-json.ts';
import { readInput } from './read-input.ts';
import { sendJson } from './send-json.ts';
import { rowTypes, streamRows } from './stream-rows.ts';
import { rowFormats, type RowFormat } from '../tables/write-rows.ts';

export interface AnswerOptions {
  readonly serviceVersion: string;
  readonly bodyLimitBytes: number;
  readonly tools: WorkTools;
}

export async function answerEndpoint(
  options: AnswerOptions,
  endpoint: Endpoint,
  request: Request,
  response: Response,
): Promise<void> {
  const { served, report, visitor } = response.locals.call as JsonCall;
  report.operation = endpoint.name;
  if (!endpoint.roles.includes(visitor.role)) throw refuseHttp(403, 'Недостаточно прав');
  const format = chooseFormat(endpoint, request);
  const sent = await readSent(options, endpoint, request, report);
  const { clock } = served;
  const { serviceVersion, tools } = options;
  const infobase = served.infobase.by({ name: visitor.name, door: 'http', readMs: tools.readWallMs });
  const at = { infobase, clock, now: clock.now(), serviceVersion, user: visitor.name, tools };
  if (endpoint.gate === 'door') await refuseWithoutSubscription(at);
  const keyed = takeKey(endpoint, mergeInput(endpoint, request, sent), request.get('idempotency-key'));
  const input = endpoint.takesTag === true ? addTag(keyed, request.get('if-match')) : keyed;
  const { cardNumber } = (input.ok ? input.value : input.partial) as { readonly cardNumber?: unknown };
  if (typeof cardNumber === 'string') report.cardNumber = cardNumber;
  if (endpoint.rows !== undefined && format !== 'json') {
    if (!input.ok) throw refuseResult(resultCodes.badArgument, input.trouble);
    const { name, open } = endpoint.rows;
    const count = (bytes: number): void => void (report.replyBytes += bytes);
    await streamRows(response, format, name, await open(at, input.value as never), count);
    return;
  }
  const reply = await endpoint.answer(at, input);
  if (reply.code !== undefined) report.code = reply.code;
  response.set(reply.headers ?? {});
  if (endpoint.hasTag === true) {
    const tag = writeTag(reply.body ?? {});
    response.set('ETag', tag);
    if (isTagIn(tag, request.get('if-none-match'))) {
      response.status(304).end();
      return;
    }
  }
  if (reply.body === undefined) response.status(reply.status ?? 204).end();
  else report.replyBytes = sendJson(response, reply.status ?? 200, reply.body);
}

/** What a request brings besides its address. */
interface Sent {
  readonly body?: unknown;
  readonly bytes?: Buffer;
}

async function readSent(
  options: AnswerOptions,
  { input }: Endpoint,
  request: Request,
  report: JsonCall['report'],
): Promise<Sent> {
  if (input.file !== undefined) return { bytes: await readFile(input.file, request, report) };
  return input.body === undefined ? {} : { body: await readJson(options, request, report) };
}

/** By the query, which a link can have, or by what the client accepts. */
function chooseFormat({ rows }: Endpoint, request: Request): 'json' | RowFormat {
  const forms: readonly (readonly ['json' | RowFormat, string])[] = [
    ['json', 'application/json'],
    ...(rows === undefined ? [] : rowFormats.map((format) => [format, rowTypes[format]] as const)),
  ];
  const named = rows === undefined ? undefined : forms.find(([format]) => format === request.query.format);
  if (named !== undefined) return named[0];
  const types = forms.map(([, type]) => type);
  const accepted = request.accepts(types);
  if (accepted === false) throw refuseHttp(406, `Сервис отвечает в ${types.join(', ')}`);
  return forms.find(([, type]) => type === accepted)?.[0] ?? 'json';
}

async function readJson(
  { bodyLimitBytes }: AnswerOptions,
  request: Request,
  report: JsonCall['report'],
): Promise<unknown> {
  if (request.get('content-type') !== undefined && request.is('json') !== 'json') {
    throw refuseHttp(415, 'Тело запроса должно быть application/json');
  }
  const bytes = await readBody(request, bodyLimitBytes);
  report.requestBytes = bytes.length;
  return parseJson(bytes);
}

/** Of any content where the client names none. @throws JsonRefusal (415), and what `readBody` throws. */
async function readFile(
  { types, limitBytes }: FileInput,
  request: Request,
  report: JsonCall['report'],
): Promise<Buffer> {
  const type = request.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== undefined && ![...types, 'application/octet-stream'].includes(type)) {
    throw refuseHttp(415, `Тело запроса должно быть файлом: ${types.join(' или ')}`);
  }
  const bytes = await readBody(request, limitBytes);
  report.requestBytes = bytes.length;
  return bytes;
}

/** `If-Match: *` means whatever is there. */
function addTag(input: Checked<object>, header: string | undefined): Checked<object> {
  return input.ok && header !== undefined && header.trim() !== '*'
    ? { ok: true, value: { ...input.value, ifMatch: header } }
    : input;
}

/** SEED: without the extended subscription a base in stage billing gives no information and takes no changes. */
async function refuseWithoutSubscription({
  infobase,
  now,
  serviceVersion,
}: Pick<Circumstances, 'infobase' | 'now' | 'serviceVersion'>): Promise<void> {
  const { code } = await describeService(infobase, now, serviceVersion);
  if (code === resultCodes.noSubscription) throw refuseResult(code);
}

const nothing = z.strictObject({});

/** Address, query and body as one input; the first value that cannot be taken is the one that is named. */
function mergeInput({ input }: Endpoint, request: Request, { body, bytes }: Sent): Checked<object> {
  const parts: Checked<object>[] = [
    readInput(input.path ?? nothing, { ...request.params }),
    readInput(input.query ?? nothing, { ...request.query }),
    ...(input.body === undefined ? [] : [readInput(input.body, body)]),
  ];
  const file = bytes === undefined ? {} : { bytes };
  const all = Object.assign(file, ...parts.map((part) => (part.ok ? part.value : part.partial))) as object;
  const bad = parts.find((part) => !part.ok);
  return bad === undefined || bad.ok ? { ok: true, value: all } : { ok: false, trouble: bad.trouble, partial: all };
}

const keyTrouble: Trouble = {
  field: 'Idempotency-Key',
  expected: 'тот же ключ, что в operationId тела, и одна операция в теле',
};

/** The header as the operation id. The drafts of it have the key in quotes, most clients have not. */
function takeKey({ takeKey: take }: Endpoint, input: Checked<object>, header: string | undefined): Checked<object> {
  if (take === undefined || header === undefined || header === '') return input;
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header;
  const keyed = take(input.ok ? input.value : input.partial, key);
  if (!input.ok) return keyed === undefined ? input : { ...input, partial: keyed };
  return keyed === undefined ? { ok: false, trouble: keyTrouble, partial: input.value } : { ok: true, value: keyed };
}

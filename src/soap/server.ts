// node-soap publishes the contract and dispatches calls to service methods. Reading and writing are ours: the compiled
// reader replaces `wsdl.xmlToObject`, and methods answer finished XML; what node-soap adds around it is removed again. This
// seam is undocumented there: the exact version is pinned and test/soap/seam.test.ts checks it.
import { randomUUID } from 'node:crypto';
import { createServerless, type Server } from 'soap';
import type { ReadZoned } from '../operations/zoned-dates.ts';
import type { CallReport } from '../request-report.ts';
import type { Binding, BoundCommand, BoundElsewhere } from './binding/bound-operation.ts';
import type { Contract } from './contract/contract.ts';
import type { ReadCall } from './contract/reader.ts';
import type { SoapVersion } from './contract/soap-version.ts';
import { UnreadableRequest } from './contract/unreadable-request.ts';
import type { LineEnd } from './contract/writer.ts';
import { wordDefect, wordFault } from './faults.ts';
import { runCommand, type Circumstances } from './handlers.ts';
import { askUpstream, UpstreamSilent, type SentRequest, type UntouchedReply } from './upstream.ts';

/** One call through node-soap, with what the log needs of it. */
export interface Exchange extends Circumstances {
  readonly readZoned: ReadZoned;
  readonly lineEnd: LineEnd;
  readonly report: CallReport;
  /** For operations that another base answers. */
  readonly sent: SentRequest;
  /** The other base's answer, which goes round node-soap. */
  untouched?: UntouchedReply;
}

export interface SoapReply {
  readonly status: 200 | 500;
  readonly version: SoapVersion;
  readonly xml: string;
  /** An answer of another base, given in place of `xml`. */
  readonly untouched?: UntouchedReply;
}

export interface SoapServer {
  /** Answers one request; never rejects. */
  answer(text: string, exchange: Exchange): Promise<SoapReply>;
  /** The fault for a request that could not be decoded. */
  refuse(reason: UnreadableRequest, exchange: Pick<Exchange, 'lineEnd' | 'report'>): SoapReply;
}

/** What node-soap gives to a method as the request: we fill its `connection`. */
interface CarriedRequest {
  readonly connection: Exchange;
}

/** The part of node-soap's server that its types hide. */
interface Seam {
  readonly wsdl: {
    xmlToObject: (xml: string) => { readonly Body: Readonly<Record<string, ReadCall>> };
    readonly definitions: {
      readonly services: Readonly<Record<string, { readonly ports: Readonly<Record<string, Port>> }>>;
    };
  };
}

interface Port {
  readonly location: string;
}

type ServiceMethod = (
  call: ReadCall,
  _callback: unknown,
  _headers: unknown,
  request: CarriedRequest,
) => Promise<object>;

// What node-soap puts around finished XML; our text can contain neither, for it is escaped.
const wrappingStart = '<soap:Body>';
const wrappingEnd = '</soap:Body></soap:Envelope>';

interface Answering {
  readonly contract: Contract;
  readonly binding: Binding;
  /** Calls so far, of operations that a file answers. */
  readonly counters: Map<string, number>;
}

export async function openSoapServer(contract: Contract, binding: Binding): Promise<SoapServer> {
  const answering: Answering = { contract, binding, counters: new Map() };
  const method: ServiceMethod = (call, _callback, _headers, request) => answerCall(answering, call, request.connection);
  const server = await startServer(contract, method);
  const seam = server as unknown as Seam;
  const elements = new Map(contract.model.operations.map(({ name, request }) => [name, request.element]));
  // The exchange that node-soap is reading for: it reads synchronously, within `processRequest`.
  let current: Exchange;
  let currentVersion: SoapVersion = '1.1';
  seam.wsdl.xmlToObject = (xml) => {
    try {
      const call = contract.readRequest(xml);
      currentVersion = call.version;
      current.report.operation = call.operation;
      return { Body: { [elements.get(call.operation) ?? '']: call } };
    } catch (reason) {
      if (!(reason instanceof UnreadableRequest)) throw reason;
      currentVersion = reason.version;
      throw carryFault(writeRefusal(contract, reason, current));
    }
  };
  const url = new URL(Object.values(listPorts(seam))[0]?.location ?? '/', 'http://localhost').pathname;
  return {
    refuse: (reason, exchange) => ({
      status: 500,
      version: reason.version,
      xml: writeRefusal(contract, reason, exchange),
    }),
    async answer(text, exchange) {
      current = exchange;
      currentVersion = '1.1';
      const answered = server.processRequest(text, { url, headers: {}, connection: exchange as never });
      const version = currentVersion;
      const { body, statusCode } = await answered;
      const { untouched } = exchange;
      if (untouched !== undefined) return { status: 200, version, xml: untouched.body.toString(), untouched };
      const xml = unwrap(body);
      if (xml !== undefined) return { status: statusCode === 200 ? 200 : 500, version, xml };
      // node-soap itself failed: its text (a stack) goes to the log, never to the caller.
      return { status: 500, version, xml: writeDefect(contract, version, new Error(body), exchange) };
    },
  };
}

function listPorts(seam: Seam): Readonly<Record<string, Port>> {
  return Object.values(seam.wsdl.definitions.services)[0]?.ports ?? {};
}

/** The same method serves every operation under every port: only the envelope says what is called. */
async function startServer(contract: Contract, method: ServiceMethod): Promise<Server> {
  let opened: Promise<Server> | undefined;
  await new Promise<void>((resolve, reject) => {
    const callback = (reason: unknown): void => {
      if (reason === null || reason === undefined) resolve();
      else reject(reason);
    };
    opened = createServerless({ path: '/', services: {}, xml: contract.wsdlText, callback });
    opened.catch(reject);
  });
  const server = (await opened) as Server;
  const methods = Object.fromEntries(contract.operations.map((operation) => [operation, method]));
  const ports = Object.keys(listPorts(server as unknown as Seam)).map((port) => [port, methods]);
  server.services = { [contract.serviceName]: Object.fromEntries(ports) };
  return server;
}

async function answerCall(answering: Answering, call: ReadCall, exchange: Exchange): Promise<object> {
  const { contract, binding } = answering;
  try {
    const bound = binding.get(call.operation);
    if (bound === undefined) throw new Error(`operation ${call.operation} is not bound`);
    switch (bound.does) {
      case 'command':
        return await answerByCommand(contract, bound, call, exchange);
      case 'choice':
        return await answerByCommand(contract, bound.choose(call.arguments), call, exchange);
      case 'fault':
      case 'file':
      case 'upstream':
        return await answerElsewhere(answering, bound, call, exchange);
    }
  } catch (reason) {
    if (isCarried(reason)) throw reason;
    throw carryFault(writeDefect(contract, call.version, reason, exchange));
  }
}

async function answerByCommand(
  contract: Contract,
  bound: BoundCommand,
  call: ReadCall,
  exchange: Exchange,
): Promise<object> {
  const request = bound.toCommand(call.arguments, exchange.readZoned);
  const { cardNumber, kkm } = request.ok ? request.value : request.partial;
  if (typeof cardNumber === 'string') exchange.report.cardNumber = cardNumber;
  if (typeof kkm === 'string') exchange.report.kkm = kkm;
  const answer = await runCommand(bound.command, exchange, request);
  exchange.report.code = answer.code;
  if (typeof answer.document === 'string') exchange.report.document = answer.document;
  const fault = bound.toFault?.(answer);
  if (fault !== undefined) throw carryFault(writeServerFault(contract, call.version, fault, exchange));
  return { _xml: contract.writeReply(call.operation, call.version, bound.toReply(answer), exchange.lineEnd) };
}

async function answerElsewhere(
  { contract, counters }: Answering,
  bound: BoundElsewhere,
  call: ReadCall,
  exchange: Exchange,
): Promise<object> {
  switch (bound.does) {
    case 'fault':
      throw carryFault(writeServerFault(contract, call.version, bound.text, exchange));
    case 'file': {
      const counter = (counters.get(call.operation) ?? 0) + 1;
      counters.set(call.operation, counter);
      const reply = bound.makeReply({ request: call.arguments, now: exchange.now, counter });
      return { _xml: contract.writeReply(call.operation, call.version, reply, exchange.lineEnd) };
    }
    case 'upstream':
      exchange.untouched = await passOn(contract, bound, call, exchange);
      return {};
  }
}

async function passOn(
  contract: Contract,
  { url, timeoutMs }: Extract<BoundElsewhere, { does: 'upstream' }>,
  call: ReadCall,
  exchange: Exchange,
): Promise<UntouchedReply> {
  try {
    return await askUpstream(url, timeoutMs, exchange.sent);
  } catch (reason) {
    if (!(reason instanceof UpstreamSilent)) throw reason;
    const text = `База, которой передан вызов, не ответила: ${reason.message}`;
    throw carryFault(writeServerFault(contract, call.version, text, exchange));
  }
}

/** node-soap forgets the status of a fault object it has sent once, so each gets its own. */
function carryFault(xml: string): object {
  return { Fault: { faultcode: '', _xml: xml, statusCode: 500 } };
}

function isCarried(reason: unknown): boolean {
  return typeof reason === 'object' && reason !== null && 'Fault' in reason;
}

/** A fault that the service gives on purpose. */
function writeServerFault(contract: Contract, version: SoapVersion, text: string, exchange: Exchange): string {
  exchange.report.fault = text;
  return contract.writeFault(
    version,
    { code: 'server', text: wordFault(contract.serviceName, text) },
    exchange.lineEnd,
  );
}

function writeRefusal(
  contract: Contract,
  reason: UnreadableRequest,
  { lineEnd, report }: Pick<Exchange, 'lineEnd' | 'report'>,
): string {
  report.fault = reason.message;
  const text = wordFault(contract.serviceName, reason.message);
  return contract.writeFault(reason.version, { code: reason.fault, text }, lineEnd);
}

function writeDefect(contract: Contract, version: SoapVersion, reason: unknown, exchange: Exchange): string {
  const incident = randomUUID().slice(0, 8);
  exchange.report.defect = { incident, reason };
  const text = wordDefect(contract.serviceName, incident);
  return contract.writeFault(version, { code: 'server', text }, exchange.lineEnd);
}

function unwrap(body: string): string | undefined {
  const start = body.indexOf(wrappingStart);
  return start === -1 || !body.endsWith(wrappingEnd)
    ? undefined
    : body.slice(start + wrappingStart.length, -wrappingEnd.length);
}

// node-soap publishes the contract and dispatches calls to service methods. Reading and writing are ours: the compiled
// reader replaces `wsdl.xmlToObject`, and methods leave their finished reply in the turn that they are lent, so node-soap's
// own writer, `wsdl.objectToDocumentXML`, has nothing to write. This seam is undocumented there: the exact version is pinned
// and test/soap/seam.test.ts checks it.
import { randomUUID } from 'node:crypto';
import { createServerless, type Server } from 'soap';
import type { ReadZoned } from '../operations/zoned-dates.ts';
import type { CallReport } from '../request-report.ts';
import { addSent, type Binding, type BoundCommand, type BoundElsewhere } from './binding/bound-operation.ts';
import type { Contract } from './contract/contract.ts';
import type { ReadCall } from './contract/reader.ts';
import type { SoapVersion } from './contract/soap-version.ts';
import type { WireTree } from './contract/wire-tree.ts';
import { UnreadableRequest } from './contract/unreadable-request.ts';
import type { LineEnd } from './contract/writer.ts';
import { wordDefect, wordFault } from './faults.ts';
import { runCommand, type Circumstances } from './handlers.ts';
import { nextTurn } from '../operations/next-turn.ts';
import { isLong, readLongRequest } from './read-long-request.ts';
import { askUpstream, UpstreamSilent, type SentRequest, type UntouchedReply } from './upstream.ts';

/** One call through node-soap, with what the log needs of it. */
export interface Exchange extends Circumstances {
  readonly readZoned: ReadZoned;
  readonly lineEnd: LineEnd;
  readonly report: CallReport;
  /** For operations that another base answers. */
  readonly sent: SentRequest;
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

/** One request on its way through node-soap, and the reply that its method leaves here. */
interface Turn {
  readonly exchange: Exchange;
  /** A long request, read in slices before node-soap is called; it throws what the reading threw. */
  readonly readBefore?: () => ReadCall;
  reply?: SoapReply;
}

/** What node-soap gives to a method as the request: we fill its `connection`. */
interface CarriedRequest {
  readonly connection: Turn;
}

/** The part of node-soap's server that its types hide. */
interface Seam {
  readonly wsdl: {
    xmlToObject: (xml: string) => { readonly Body: Readonly<Record<string, ReadCall>> };
    objectToDocumentXML: () => string;
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

/** What a method returns to node-soap, which takes undefined for no answer yet. */
const nothing = {};

interface Answering {
  readonly contract: Contract;
  readonly binding: Binding;
  /** Calls so far, of operations that a file answers. */
  readonly counters: Map<string, number>;
}

export async function openSoapServer(contract: Contract, binding: Binding): Promise<SoapServer> {
  const answering: Answering = { contract, binding, counters: new Map() };
  const method: ServiceMethod = async (call, _callback, _headers, { connection: turn }) => {
    turn.reply = await answerCall(answering, call, turn.exchange, turn.readBefore !== undefined);
    return nothing;
  };
  const server = await startServer(contract, method);
  const seam = server as unknown as Seam;
  const elements = new Map(contract.model.operations.map(({ name, request }) => [name, request.element]));
  // The turn that node-soap is reading for: it reads synchronously, within `processRequest`.
  let current: Turn;
  seam.wsdl.objectToDocumentXML = () => '';
  seam.wsdl.xmlToObject = (xml) => {
    const turn = current;
    try {
      const call = turn.readBefore === undefined ? contract.readRequest(xml) : turn.readBefore();
      turn.exchange.report.operation = call.operation;
      return { Body: { [elements.get(call.operation) ?? '']: call } };
    } catch (reason) {
      if (!(reason instanceof UnreadableRequest)) throw reason;
      turn.reply = writeRefusal(contract, reason, turn.exchange);
      // Only a Fault ends node-soap's work here without a text of its own. It changes the object, so each gets its own.
      throw new ReadingEnded();
    }
  };
  const url = new URL(Object.values(listPorts(seam))[0]?.location ?? '/', 'http://localhost').pathname;
  return {
    refuse: (reason, exchange) => writeRefusal(contract, reason, exchange),
    async answer(text, exchange) {
      const turn: Turn = isLong(text) ? { exchange, readBefore: await readBefore(contract, text) } : { exchange };
      current = turn;
      const { body } = await server.processRequest(text, { url, headers: {}, connection: turn as never });
      // Without a reply node-soap itself failed: its text (a stack) goes to the log, never to the caller.
      // The bytes of a long reply are counted and sent in a turn of their own.
      if (turn.readBefore !== undefined) await nextTurn();
      return turn.reply ?? writeDefect(contract, '1.1', new Error(body), exchange);
    },
  };
}

async function readBefore(contract: Contract, text: string): Promise<() => ReadCall> {
  try {
    const call = await readLongRequest(contract, text);
    return () => call;
  } catch (reason) {
    return () => {
      throw reason;
    };
  }
}

/** Thrown to node-soap, which knows it by its field. */
class ReadingEnded extends Error {
  readonly Fault = { faultcode: '', statusCode: 500 };
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
    opened = createServerless({ path: '/', services: {}, xml: contract.wsdlText, uri: contract.wsdlPath, callback });
    opened.catch(reject);
  });
  const server = (await opened) as Server;
  const methods = Object.fromEntries(contract.operations.map((operation) => [operation, method]));
  const ports = Object.keys(listPorts(server as unknown as Seam)).map((port) => [port, methods]);
  server.services = { [contract.serviceName]: Object.fromEntries(ports) };
  return server;
}

/** @param isLongCall a reply to a long request is written in a turn of its own. */
async function answerCall(
  answering: Answering,
  call: ReadCall,
  exchange: Exchange,
  isLongCall: boolean,
): Promise<SoapReply> {
  const { contract, binding } = answering;
  try {
    const bound = binding.get(call.operation);
    if (bound === undefined) throw new Error(`operation ${call.operation} is not bound`);
    const chosen = bound.does === 'choice' ? bound.choose(call.arguments) : bound;
    return chosen.does === 'command'
      ? await answerByCommand(contract, chosen, call, exchange, isLongCall)
      : await answerElsewhere(answering, chosen, call, exchange);
  } catch (reason) {
    return writeDefect(contract, call.version, reason, exchange);
  }
}

async function answerByCommand(
  contract: Contract,
  bound: BoundCommand,
  call: ReadCall,
  exchange: Exchange,
  isLongCall: boolean,
): Promise<SoapReply> {
  const request = bound.toCommand(call.arguments, exchange);
  const sent = request.ok ? request.value : request.partial;
  const { cardNumber, kkm } = sent;
  if (typeof cardNumber === 'string') exchange.report.cardNumber = cardNumber;
  if (typeof kkm === 'string') exchange.report.kkm = kkm;
  const answer = await runCommand(bound.command, exchange, request);
  exchange.report.code = answer.code;
  if (typeof answer.document === 'string') exchange.report.document = answer.document;
  const fault = bound.toFault?.(answer);
  if (fault !== undefined) return writeServerFault(contract, call.version, fault, exchange);
  const reply = bound.toReply(bound.usesSent ? addSent(answer, sent) : answer);
  if (isLongCall) await nextTurn();
  return writeReply(contract, call, reply, exchange);
}

async function answerElsewhere(
  { contract, counters }: Answering,
  bound: BoundElsewhere,
  call: ReadCall,
  exchange: Exchange,
): Promise<SoapReply> {
  switch (bound.does) {
    case 'fault':
      return writeServerFault(contract, call.version, bound.text, exchange);
    case 'file': {
      const counter = (counters.get(call.operation) ?? 0) + 1;
      counters.set(call.operation, counter);
      const reply = bound.makeReply({ request: call.arguments, now: exchange.now, counter });
      return writeReply(contract, call, reply, exchange);
    }
    case 'upstream':
      return passOn(contract, bound, call, exchange);
  }
}

async function passOn(
  contract: Contract,
  { url, timeoutMs }: Extract<BoundElsewhere, { does: 'upstream' }>,
  call: ReadCall,
  exchange: Exchange,
): Promise<SoapReply> {
  try {
    const untouched = await askUpstream(url, timeoutMs, exchange.sent);
    return { status: 200, version: call.version, xml: untouched.body.toString(), untouched };
  } catch (reason) {
    if (!(reason instanceof UpstreamSilent)) throw reason;
    const fault = writeServerFault(contract, call.version, 'База, которой передан вызов, не ответила.', exchange);
    // Its address and what the network said are for the log, not for a till.
    exchange.report.fault = `upstream ${reason.message}`;
    return fault;
  }
}

function writeReply(contract: Contract, call: ReadCall, reply: WireTree, { lineEnd }: Exchange): SoapReply {
  return { status: 200, version: call.version, xml: contract.writeReply(call.operation, call.version, reply, lineEnd) };
}

/** A fault that the service gives on purpose. */
function writeServerFault(contract: Contract, version: SoapVersion, text: string, exchange: Exchange): SoapReply {
  exchange.report.fault = text;
  const fault = { code: 'server', text: wordFault(contract.serviceName, text) } as const;
  return { status: 500, version, xml: contract.writeFault(version, fault, exchange.lineEnd) };
}

function writeRefusal(
  contract: Contract,
  { version, fault: code, message }: UnreadableRequest,
  { lineEnd, report }: Pick<Exchange, 'lineEnd' | 'report'>,
): SoapReply {
  report.fault = message;
  const fault = { code, text: wordFault(contract.serviceName, message) };
  return { status: 500, version, xml: contract.writeFault(version, fault, lineEnd) };
}

function writeDefect(contract: Contract, version: SoapVersion, reason: unknown, exchange: Exchange): SoapReply {
  const incident = randomUUID().slice(0, 8);
  exchange.report.defect = { incident, reason };
  const fault = { code: 'server', text: wordDefect(contract.serviceName, incident) } as const;
  return { status: 500, version, xml: contract.writeFault(version, fault, exchange.lineEnd) };
}

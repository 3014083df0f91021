// The measurement itself: servers that take turns in short rounds, each called by the same load.
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { historyCards, richCards } from './long-cards.ts';
import type { LoadOrder } from './load.ts';
import { findMedian } from './median.ts';
import type { CallFigures, LongCall, Measured, Round } from './measured.ts';
import { callKinds, firstReceiptNumber, type CallKind, type RequestKind } from './requests.ts';
import { RunningServer, type Load, type ServerName, type VariantName } from './servers.ts';
import type { NodeRelease } from './variants/other-node.ts';
import { describeServiceRun, servicePath } from './variants/service.ts';

export const tills = 16;

export interface Pace {
  readonly cards: number;
  readonly rounds: number;
  readonly seconds: number;
  /** Of each kind of call, for each server. */
  readonly warmUpCalls: number;
  readonly starts: number;
}

export interface Bases {
  readonly online: string;
  readonly billing: string;
}

type Amount = 'full' | 'warm up' | number;

/** What is called, of which server, over which cards. */
interface Call {
  readonly server: ServerName;
  readonly kind: RequestKind;
  readonly firstCard: number;
  readonly cards: number;
}

export class Bench {
  private readonly pace: Pace;
  private readonly folder: string;
  private readonly bases: Bases;
  private readonly load: Load;
  private readonly servers = new Map<ServerName, RunningServer>();
  private readonly receiptNumbers = new Map<ServerName, number>();

  constructor(pace: Pace, folder: string, bases: Bases, load: Load) {
    this.pace = pace;
    this.folder = folder;
    this.bases = bases;
    this.load = load;
  }

  /** Starts the service a few times alone: the time to ready, and the memory once it has nothing to do. */
  async measureStart(): Promise<Pick<Measured, 'readyMs' | 'idleBytes'>> {
    const readyMs: number[] = [];
    let idleBytes: number | undefined;
    for (let index = 0; index < this.pace.starts; index += 1) {
      const server = await RunningServer.start('service', join(this.folder, `start-${index}`), this.bases.online);
      readyMs.push(server.readyMs);
      if (index === this.pace.starts - 1) {
        await wait(1000);
        idleBytes = server.readMemory();
      }
      await server.stop();
    }
    return { readyMs: findMedian(readyMs), idleBytes };
  }

  async start(names: readonly VariantName[], nodes: readonly NodeRelease[]): Promise<void> {
    const { servers, folder, bases } = this;
    for (const name of names) {
      servers.set(name, await RunningServer.start(name, join(folder, name), bases.online));
      if (name !== 'service') continue;
      // Beside the service, so that what is compared with it is measured a moment later.
      servers.set('billing', await RunningServer.start('service', join(folder, 'billing'), bases.billing));
      for (const { version, command } of nodes) {
        const describe = (file: string) => ({ ...describeServiceRun(file), command: [...command, 'serve'] });
        const server = await RunningServer.run(join(folder, `on-node-${version}`), bases.online, describe);
        servers.set(`Node ${version}`, server);
      }
    }
  }

  async measureRounds(): Promise<Pick<Measured, 'rounds' | 'busyBytes'>> {
    const rounds: Round[] = [];
    console.log(`warming up: ${this.pace.warmUpCalls} calls of each kind`);
    for (const name of this.servers.keys()) {
      for (const kind of callKinds) await this.call(this.usual(name, kind), 'warm up');
    }
    for (const call of Object.values(this.listLongCalls())) await this.call(call, 'warm up');
    for (let index = 0; index < this.pace.rounds; index += 1) {
      console.log(`round ${index + 1} of ${this.pace.rounds}`);
      const round: Round = { full: {}, half: {}, long: {} };
      for (const kind of callKinds) {
        const figures: Partial<Record<ServerName, CallFigures>> = {};
        for (const name of this.listFor(kind)) figures[name] = await this.call(this.usual(name, kind), 'full');
        round.full[kind] = figures;
        if (kind !== 'card') continue;
        // Beside the card reads that they are compared with.
        for (const [name, call] of Object.entries(this.listLongCalls())) {
          round.long[name as LongCall] = await this.call(call, 'full');
        }
      }
      for (const kind of callKinds) {
        const rate = findMedian([...rounds, round].map(({ full }) => full[kind]?.service?.callsPerSecond ?? 0));
        round.half[kind] = {
          service: await this.call(this.usual('service', kind), rate / 2),
          ceiling: await this.call(this.usual('ceiling', kind), rate / 2),
        };
      }
      rounds.push(round);
    }
    return { rounds, busyBytes: this.servers.get('service')?.readMemory() };
  }

  async stop(): Promise<void> {
    for (const server of this.servers.values()) await server.stop();
  }

  /** NORMAL differs from FULL in what it writes only. */
  private listFor(kind: CallKind): ServerName[] {
    return [...this.servers.keys()].filter((name) => name !== 'serviceNormal' || kind === 'receipt');
  }

  private usual(server: ServerName, kind: CallKind): Call {
    return { server, kind, firstCard: 0, cards: this.pace.cards };
  }

  private listLongCalls(): Readonly<Record<LongCall, Call>> {
    const { cards } = this.pace;
    const history = { firstCard: cards + richCards, cards: historyCards };
    return {
      richCard: { server: 'billing', kind: 'card', firstCard: cards, cards: richCards },
      tenOnline: { server: 'service', kind: 'latestTen', ...history },
      dayOnline: { server: 'service', kind: 'oneDay', ...history },
      tenBilling: { server: 'billing', kind: 'latestTen', ...history },
      dayBilling: { server: 'billing', kind: 'oneDay', ...history },
    };
  }

  private async call({ server: name, ...called }: Call, amount: Amount): Promise<CallFigures> {
    const server = this.servers.get(name) as RunningServer;
    const { pace } = this;
    const firstNumber = this.receiptNumbers.get(name) ?? firstReceiptNumber;
    const order: LoadOrder = {
      ...called,
      port: server.port,
      path: servicePath,
      tills,
      seconds: pace.seconds,
      warmUpSeconds: 0.2,
      ...(amount === 'warm up' ? { calls: pace.warmUpCalls } : {}),
      ...(typeof amount === 'number' ? { callsPerSecond: amount } : {}),
      firstReceiptNumber: firstNumber,
    };
    const figures = await callServer(this.load, server, order).catch((reason: unknown) => {
      throw new Error(`${name}, ${called.kind}: ${String(reason)}`);
    });
    this.receiptNumbers.set(name, figures.nextReceiptNumber);
    return figures;
  }
}

/** @throws if an answer was wrong. */
export async function callServer(load: Load, server: RunningServer, order: LoadOrder): Promise<CallFigures> {
  const cpuBefore = server.readCpuMs();
  const startedAt = performance.now();
  const figures = await load.measure(order).catch((reason: unknown) => {
    throw new Error(`${String(reason)}; ${server.describeEnd()}`);
  });
  server.dropOutput();
  if (figures.failures > 0) throw new Error(`${figures.failures} wrong answers; the first:\n${figures.firstFailure}`);
  const cpuMs = (server.readCpuMs() ?? Number.NaN) - (cpuBefore ?? Number.NaN);
  return {
    ...figures,
    cpuMicroseconds: (cpuMs * 1000) / (figures.nextReceiptNumber - order.firstReceiptNumber),
    cpuShare: cpuMs / (performance.now() - startedAt),
  };
}

// Calls of great length and of hostile form: how long each holds the event loop of the service, and how long other tills
// wait meanwhile.
//   npm run build && npx tsx bench/long-calls.ts [--megabytes 8] [--only TEXT] [--rounds 3] [--times 10000] [--profile FOLDER]
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { makeDataset } from './dataset.ts';
import { listLongCalls, type LongCall } from './long-requests.ts';
import { authorization, firstCardNumber, firstReceiptNumber, writeEnvelope } from './requests.ts';
import { describeServiceRun, servicePath } from './variants/service.ts';

const targets = { heldMs: 50, tillP99Ms: 60 } as const;
const cards = 10_000;
const tills = 4;

/** The service names a base by its file. */
async function makeBase(folder: string): Promise<string> {
  const file = join(folder, 'trade.sqlite');
  renameSync(await makeDataset(folder, cards), file);
  return file;
}

interface Service {
  readonly child: ChildProcess;
  readonly port: number;
  readonly loopFile: string;
}

async function startService(
  folder: string,
  file: string,
  megabytes: number,
  args: readonly string[],
): Promise<Service> {
  const { command, environment } = describeServiceRun(file, 'watch-loop.cjs');
  const [node, ...rest] = command as readonly [string, ...string[]];
  const outputFile = join(folder, 'output.log');
  const output = openSync(outputFile, 'a');
  const loopFile = join(folder, 'loop.json');
  // Twice the length of the texts: a text in UTF-16 is longer.
  const env = { ...process.env, ...environment, KKM_BODY_LIMIT: `${megabytes * 2}mb`, LOOP_FILE: loopFile };
  const child = spawn(node, [...args, ...rest], { stdio: ['ignore', output, output], env });
  closeSync(output);
  for (let tries = 0; tries < 2_000; tries += 1) {
    const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(readFileSync(outputFile, 'utf8'));
    if (found !== null) return { child, port: Number(found[1]), loopFile };
    await wait(10);
  }
  throw new Error(`the service did not start:\n${readFileSync(outputFile, 'utf8')}`);
}

function call(port: number, agent: Agent, body: Buffer, contentType: string): Promise<string> {
  const headers = { authorization, 'content-type': contentType, 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: servicePath, method: 'POST', headers, agent }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.once('end', () => resolve(`${reply.statusCode} ${Buffer.concat(chunks).toString()}`));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

interface Held {
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function readHeld({ child, loopFile }: Service): Promise<Held> {
  rmSync(loopFile, { force: true });
  child.kill('SIGUSR2');
  while (!existsSync(loopFile) || readFileSync(loopFile, 'utf8') === '') await wait(5);
  return JSON.parse(readFileSync(loopFile, 'utf8')) as Held;
}

/** Tills that read cards, with a short pause between two calls, until they are stopped. */
function readCards(port: number): { stop(): Promise<number[]> } {
  const times: number[] = [];
  const end = { isOver: false };
  const body = Buffer.from(writeEnvelope('card', firstCardNumber, firstReceiptNumber));
  const runs = Array.from({ length: tills }, async () => {
    const agent = new Agent({ keepAlive: true });
    while (!end.isOver) {
      const startedAt = performance.now();
      await call(port, agent, body, 'text/xml; charset=utf-8');
      times.push(performance.now() - startedAt);
      await wait(2);
    }
    agent.destroy();
  });
  return {
    async stop() {
      end.isOver = true;
      await Promise.all(runs);
      return times.toSorted((a, b) => a - b);
    },
  };
}

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Milliseconds, in the middle of the rounds. */
async function measure(service: Service, agent: Agent, long: LongCall, rounds: number): Promise<string> {
  const { name, make, contentType = 'text/xml; charset=utf-8' } = long;
  const [wall, cpu, p99, taken]: [number[], number[], number[], number[]] = [[], [], [], []];
  let answer = '';
  for (let round = 0; round < rounds; round += 1) {
    const body = make(round);
    await readHeld(service);
    const others = readCards(service.port);
    const startedAt = performance.now();
    answer = await call(service.port, agent, body, contentType);
    taken.push(performance.now() - startedAt);
    const times = await others.stop();
    const held = await readHeld(service);
    wall.push(held.wallMs);
    cpu.push(held.cpuMs);
    p99.push(times[Math.floor(times.length * 0.99)] ?? 0);
  }
  const isReached = middle(cpu) <= targets.heldMs && middle(p99) <= targets.tillP99Ms;
  const figures = [middle(cpu), Math.max(...cpu), middle(wall), middle(p99), middle(taken)];
  const told = /ResultCode>\d+|\): [^<]*|faultstring>[^<]*/.exec(answer)?.[0] ?? '200';
  const row = figures.map((ms) => ms.toFixed(0).padStart(7)).join('');
  return `${name.padEnd(28)}${row}  ${isReached ? 'reached' : 'MISSED '}  ${told.slice(0, 60)}`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      megabytes: { type: 'string', default: '8' },
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '3' },
      times: { type: 'string', default: '10000' },
      profile: { type: 'string' },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'kkm-bench-long-'));
  const megabytes = Number(values.megabytes);
  const args =
    values.profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-interval=500', `--cpu-prof-dir=${values.profile}`];
  const service = await startService(folder, await makeBase(folder), megabytes, args);
  console.log(
    'longest hold of the loop: processor time (middle, most), by the clock; p99 of other tills; the call itself, ms',
  );
  try {
    const agent = new Agent({ keepAlive: true });
    // The compiler has seen the service's own work before anything is measured.
    const warm = readCards(service.port);
    await wait(3_000);
    await warm.stop();
    for (const long of listLongCalls(Number(values.times), megabytes)) {
      if (long.name.includes(values.only)) console.log(await measure(service, agent, long, Number(values.rounds)));
    }
    agent.destroy();
  } finally {
    const ended = once(service.child, 'exit');
    service.child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();

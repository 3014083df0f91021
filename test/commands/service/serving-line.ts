// A command line with the service of its data folder running in the same process, as both stand beside each other in a
// shop; and a till that reads cards and rings sales over the socket.
import { createLogger, transports } from 'winston';
import { readConfig } from '../../../src/config.ts';
import { serve, type RunningService } from '../../../src/main.ts';
import { callOnce } from '../../soap/testing-service.ts';
import { openTestingLine, type TestingLine } from '../testing-io.ts';

export interface ServingLine extends TestingLine {
  /** Starts the service; commands work on the same files meanwhile. */
  start(): Promise<RunningService>;
  stop(): Promise<void>;
  /** Calls an operation of the infobase served: the elements of its request, and those of the answer by name. */
  call(operation: string, request: string): Promise<Readonly<Record<string, string>>>;
}

const user = { name: 'admin', password: 'admin-password' };

/** @param environment of the service alone: its commands have none of it. */
export function openServingLine(infobase: string, environment: Readonly<Record<string, string>> = {}): ServingLine {
  const line = openTestingLine({ INFOBASES: infobase });
  let running: RunningService | undefined;
  const stop = async (): Promise<void> => {
    await running?.stop();
    running = undefined;
  };
  return {
    ...line,
    async start() {
      const place = { DATA_DIR: line.dataDir, INFOBASES: infobase, PORT: '0', ADMIN_PASSWORD: user.password };
      const given = { ...place, ...environment };
      const log = createLogger({ silent: true, transports: [new transports.Console()] });
      running = await serve({ config: readConfig(given), log, tell: () => undefined });
      return running;
    },
    stop,
    async call(operation, request) {
      if (running === undefined) throw new Error('the service is not running');
      const port = Number(new URL(running.origin).port);
      const body = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>
        <${operation} xmlns="http://www.kkm.solutions/KKMTransfer">${request}</${operation}></e:Body></e:Envelope>`;
      const path = `/${infobase}/ws/KKMTransfer.1cws`;
      const headers = { 'content-type': 'text/xml; charset=utf-8' };
      const reply = await callOnce({ port }, { path, headers, body, user });
      const text = reply.body.toString('utf8');
      if (reply.status !== 200) throw new Error(`${reply.status}: ${text}`);
      return Object.fromEntries(Array.from(text.matchAll(/<m:(\w+)>([^<]*)</g), ([, name, value]) => [name, value]));
    },
    async close() {
      await stop();
      await line.close();
    },
  };
}

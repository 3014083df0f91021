// A server with limits that a test can reach, in front of nothing but the test's own answers.
import type { RequestListener } from 'node:http';
import type { Doors, ServerPlace } from '../../src/http/open-server.ts';
import { openLimits, type Limits } from '../../src/http/limit-counts.ts';

export const plainPlace: ServerPlace = {
  host: '127.0.0.1',
  port: 0,
  tls: undefined,
  requestLimit: 100,
  serverLimits: {
    headerBytes: 4_096,
    headerCount: 20,
    headerTimeoutMs: 60_000,
    requestTimeoutMs: 60_000,
    keepAliveMs: 60_000,
  },
};

export function openTestingDoors(
  take: RequestListener = (_request, response) => void response.end(),
  limits: Limits = openLimits(
    () => undefined,
    () => undefined,
  ),
): Doors {
  return {
    take,
    limits,
    refuse: (_request, response, status) => {
      response.writeHead(status, { 'Retry-After': '1' });
      response.end();
    },
  };
}

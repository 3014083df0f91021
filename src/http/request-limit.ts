// How many requests are answered at once, and how many headers one may have. What is beyond is answered before a door sees it.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Limits } from './limit-counts.ts';

export interface RequestLimitOptions {
  /** Requests that are answered at the same time. */
  readonly requestLimit: number;
  readonly headerCount: number;
  readonly limits: Pick<Limits, 'note'>;
  readonly refuse: (request: IncomingMessage, response: ServerResponse, status: 431 | 503) => void;
}

export interface RequestLimit {
  readonly take: RequestListener;
  /** What is being answered on a connection; undefined = nothing. */
  readonly find: (socket: Socket) => Connection | undefined;
}

export interface Connection {
  /** Requests that are being answered: several if they are pipelined. */
  active: number;
  /** The answer to the last of them, as long as it is not sent. */
  response: ServerResponse | undefined;
}

/** Where a socket has its own: a map of sockets would be looked up for each request, and gone through by the garbage collector. */
const ownConnection = Symbol('connection');

interface Watched extends Socket {
  [ownConnection]?: Connection;
}

/** A monitor asks these when it matters most, and their answers cost nothing. */
const watched = /^\/(?:healthz|readyz|metrics)(?:\?|$)/;

export function limitRequests(take: RequestListener, options: RequestLimitOptions): RequestLimit {
  const { requestLimit, headerCount, limits, refuse } = options;
  let active = 0;
  const enter = (socket: Watched, response: ServerResponse): void => {
    const connection = socket[ownConnection] ?? open(socket);
    active += 1;
    connection.active += 1;
    connection.response = response;
    response.on('close', () => {
      if (connection.response === response) connection.response = undefined;
      // The connection has gone, and its requests with it.
      if (connection.active === 0) return;
      active -= 1;
      connection.active -= 1;
    });
  };
  const open = (socket: Watched): Connection => {
    const connection: Connection = { active: 0, response: undefined };
    socket[ownConnection] = connection;
    // Of pipelined requests only the first one's answer has an event of its own when the connection goes.
    socket.once('close', () => {
      active -= connection.active;
      connection.active = 0;
    });
    return connection;
  };
  return {
    take(request, response) {
      const { socket } = request;
      const status = request.rawHeaders.length > 2 * headerCount ? 431 : active >= requestLimit ? 503 : undefined;
      if (status === undefined || (status === 503 && watched.test(request.url ?? ''))) {
        enter(socket, response);
        take(request, response);
        return;
      }
      limits.note(status === 431 ? 'headerCount' : 'requests', socket.remoteAddress ?? '');
      refuse(request, response, status);
    },
    find: (socket: Watched) => socket[ownConnection],
  };
}

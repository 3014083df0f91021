// Who waits for an answer, as the check of a password asks: whether its client is still there.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from './operations/admin/credentials.ts';

/** A request whose body has been read counts as destroyed; whether the client is still there, its connection shows. */
export class RequestCaller implements Caller {
  private readonly socket: IncomingMessage['socket'];
  private readonly response: ServerResponse;

  constructor({ socket }: IncomingMessage, response: ServerResponse) {
    this.socket = socket;
    this.response = response;
  }

  get destroyed(): boolean {
    return this.socket.destroyed;
  }

  once(event: 'close', listener: () => void): void {
    this.response.once(event, listener);
  }

  off(event: 'close', listener: () => void): void {
    this.response.off(event, listener);
  }
}

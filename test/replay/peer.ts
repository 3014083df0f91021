// A service that stands for the recorded one: answers the n-th request with the n-th reply given, or by a function.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Seen = { method: string; url: string; headers: readonly string[]; body: Buffer; port: number };
export type PeerReply = { status?: number; headers?: Record<string, string>; body: string | Buffer };

export type Peer = { readonly origin: string; readonly seen: Seen[]; readonly close: () => Promise<void> };

/** `answer` may give null: then no reply is ever sent; or `hang up`: then the connection is cut. */
export async function startPeer(answer: (request: Seen, index: number) => PeerReply | null | 'hang up'): Promise<Peer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', rawHeaders: headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks), port: request.socket.remotePort ?? 0 };
      seen.push(one);
      const reply = answer(one, seen.length - 1);
      if (reply === null) return;
      if (reply === 'hang up') {
        request.socket.destroy();
        return;
      }
      response.writeHead(reply.status ?? 200, { 'Content-Type': 'text/xml; charset=utf-8', ...reply.headers });
      response.end(reply.body);
    });
  });
  await new Promise<void>((started) => {
    server.listen(0, '127.0.0.1', started);
  });
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((closed) => {
      server.close(closed);
    });
  };
  return { origin: `http://127.0.0.1:${port}`, seen, close };
}

/** The value of a header in what a peer saw; undefined where it was not sent. */
export function findHeader(seen: Seen | undefined, name: string): string | undefined {
  const at = seen?.headers.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === name.toLowerCase());
  return at === undefined || at < 0 ? undefined : seen?.headers[at + 1];
}

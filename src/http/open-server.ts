// The server that all doors stand behind: HTTP/1.1, with TLS or without.
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { writeTlsOptions } from './keep-tls.ts';
import { readTlsFiles, type TlsFiles, type TlsPair } from './tls-files.ts';

export interface ServerPlace {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsFiles | undefined;
}

export interface OpenedServer {
  readonly http: Server;
  /** Set if it speaks TLS. */
  readonly tls: { readonly files: TlsFiles; readonly pair: TlsPair } | undefined;
}

const options: ServerOptions = { keepAliveTimeout: 65_000, noDelay: true };

/** Listens. @throws if it cannot, or if a file of TLS is wrong. */
export async function openServer(
  { host, port, tls: files }: ServerPlace,
  take: RequestListener,
): Promise<OpenedServer> {
  const tls = files === undefined ? undefined : { files, pair: await readPair(files) };
  const http =
    tls === undefined
      ? createServer(options, take)
      : // HTTP/1.1 only: that is what 1C's own publication and its clients speak.
        createTlsServer({ ...options, ...writeTlsOptions(tls.pair), ALPNProtocols: ['http/1.1'] }, take);
  // Without a listener Node answers 417 to an Expect it does not know; clients fail on that, and 1C never sends it.
  http.on('checkExpectation', take);
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      resolve();
    });
  });
  return { http, tls };
}

async function readPair(files: TlsFiles): Promise<TlsPair> {
  const read = await readTlsFiles(files);
  if (!read.ok) throw new Error(read.mistakes.join('; '));
  return read.pair;
}

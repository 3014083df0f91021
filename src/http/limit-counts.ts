// What the limits of the service have turned away since it started, and the log line about it: one a minute, however often.
import { openLogPeriod, type RunLater } from '../log-period.ts';

/** A plain object: it may be read, or copied to another thread, at any time. */
export interface LimitCounts {
  /** Connections closed at once: KKM_CONNECTIONS were open. */
  connections: number;
  /** Handshakes of TLS that failed or took too long. */
  handshakes: number;
  /** Connections with a client certificate that is not accepted. */
  certificates: number;
  /** Requests answered 503: KKM_REQUESTS were being answered. */
  requests: number;
  /** Requests answered 431: more bytes of headers than KKM_HEADER_LIMIT. */
  headerBytes: number;
  /** Requests answered 431: more headers than KKM_HEADERS. */
  headerCount: number;
  /** Requests answered 408: their headers took longer than KKM_HEADER_TIMEOUT. */
  headerTime: number;
  /** Requests answered 408: they took longer than KKM_REQUEST_TIMEOUT. */
  requestTime: number;
  /** Requests answered 400 because they are no HTTP. */
  malformed: number;
  /** Requests answered 413: a body larger than KKM_BODY_LIMIT. */
  bodyBytes: number;
  /** Logins that failed. */
  logins: number;
  /** Of these, the passwords that were not looked at: their pair had to wait, or too many waited. */
  loginsPutOff: number;
  /** Sessions of the console that ended because their user has opened KKM_SESSIONS newer ones. */
  sessions: number;
  /** Calls answered 406: no session by IBSession was free. */
  ibSessions: number;
  /** Requests with an X-Forwarded-For from an address that is not in KKM_TRUSTED_PROXIES. */
  forwarded: number;
}

export type LimitName = keyof LimitCounts;

export interface LimitsLine {
  readonly seconds: number;
  /** The address is the last one. */
  readonly by: readonly { readonly limit: LimitName; readonly count: number; readonly address: string }[];
}

export interface Limits {
  readonly counts: LimitCounts;
  /** Counts what has a line of its own. */
  count(limit: LimitName): void;
  /** Counts, and reports within a minute. */
  note(limit: LimitName, address: string): void;
  /** Writes what has been noted. */
  end(): void;
}

const periodMs = 60_000;

export function openLimits(write: (line: LimitsLine) => void, runLater: RunLater): Limits {
  const counts = openCounts();
  let noted = new Map<LimitName, { count: number; address: string }>();
  const period = openLogPeriod(periodMs, runLater, () => {
    const by = [...noted].map(([limit, { count, address }]) => ({ limit, count, address }));
    noted = new Map();
    write({ seconds: periodMs / 1000, by });
  });
  return {
    counts,
    count(limit) {
      counts[limit] += 1;
    },
    note(limit, address) {
      counts[limit] += 1;
      const known = noted.get(limit);
      noted.set(limit, { count: (known?.count ?? 0) + 1, address });
      period.begin();
    },
    end: () => period.end(),
  };
}

function openCounts(): LimitCounts {
  return {
    connections: 0,
    handshakes: 0,
    certificates: 0,
    requests: 0,
    headerBytes: 0,
    headerCount: 0,
    headerTime: 0,
    requestTime: 0,
    malformed: 0,
    bodyBytes: 0,
    logins: 0,
    loginsPutOff: 0,
    sessions: 0,
    ibSessions: 0,
    forwarded: 0,
  };
}

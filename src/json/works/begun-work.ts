// Long work as it is answered when it has just begun, for the examples of every endpoint that starts some.
export function begunWork(kind: string, title: string): object {
  return {
    id: '20261122120000-1',
    kind,
    title,
    user: 'admin',
    startedAt: '2026-11-22T12:00:00',
    endedAt: null,
    state: 'running',
    isStopping: false,
    done: 0,
    total: null,
    result: null,
    failure: null,
    incident: null,
  };
}

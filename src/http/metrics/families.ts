// Every metric of the product, by area: its name, its labels and what it means. docs/metrics.md has the same list, and a test
// compares them. prom-client's metrics of the process are beside these: process-metrics.ts.
import { Counter, Gauge, type Registry } from 'prom-client';
import { FilledHistogram } from './filled-histogram.ts';

type Labels = readonly string[];

/** Declares metrics in one registry. */
function declareIn(registry: Registry) {
  const registers = [registry];
  return {
    counter: (name: string, help: string, labelNames: Labels = []) =>
      new Counter({ name, help, labelNames, registers }),
    gauge: (name: string, help: string, labelNames: Labels = []) => new Gauge({ name, help, labelNames, registers }),
    histogram: (name: string, help: string, labelNames: Labels) =>
      new FilledHistogram(registry, { name, help, labelNames }),
  };
}

type Declare = ReturnType<typeof declareIn>;

const declareCalls = ({ counter, gauge, histogram }: Declare) => ({
  calls: counter('kkm_calls_total', 'Calls answered, by result code', ['infobase', 'door', 'operation', 'code']),
  faults: counter('kkm_faults_total', 'Calls that got a fault, or a defect of the service', [
    'infobase',
    'door',
    'operation',
    'kind',
  ]),
  refusals: counter('kkm_http_refusals_total', 'Requests refused with an HTTP status; 0 = the client left', [
    'infobase',
    'door',
    'status',
  ]),
  durations: histogram('kkm_call_duration_seconds', 'Time from the request to the end of its answer', [
    'infobase',
    'door',
    'operation',
  ]),
  tills: gauge('kkm_till_last_call_timestamp_seconds', 'When each till was last heard; the latest 500 tills', [
    'infobase',
    'kkm',
  ]),
});

const declareLogins = ({ counter }: Declare) => ({
  failures: counter('kkm_failed_logins_total', 'Logins that failed; checked = whether the password was checked', [
    'infobase',
    'checked',
  ]),
});

const declareLimits = ({ counter }: Declare) => ({
  reached: counter('kkm_limit_reached_total', 'What a limit has turned away; docs/limits.md has the limits', ['limit']),
});

const declareDatabases = ({ counter, gauge, histogram }: Declare) => ({
  groups: histogram('kkm_commit_group_writes', 'Writes that shared one commit', ['infobase']),
  failedGroups: counter('kkm_failed_commits_total', 'Commits that failed: a disk, or a lock of another process', [
    'infobase',
  ]),
  failedCheckpoints: counter('kkm_failed_checkpoints_total', 'Times the thread failed that writes the log back', [
    'infobase',
  ]),
  queue: gauge('kkm_write_queue', 'Writes that wait for the next commit', ['infobase']),
  bytes: gauge('kkm_database_bytes', 'Size of the database file', ['infobase']),
  logBytes: gauge('kkm_database_wal_bytes', 'Size of the log beside the database file (-wal)', ['infobase']),
  freeBytes: gauge('kkm_disk_free_bytes', 'Free space on the disk of the database', ['infobase']),
});

const declareNights = ({ gauge }: Declare) => ({
  isRunning: gauge('kkm_night_running', '1 while this service is at the nights that are due'),
  due: gauge('kkm_nights_due', 'Nights that are due and have not run; the catch-up', ['infobase']),
  lastDate: gauge('kkm_night_last_date_timestamp_seconds', 'Business date of the last night done, at midnight UTC', [
    'infobase',
  ]),
  lines: gauge('kkm_night_lines', 'Lines of a document of the last night', ['infobase', 'document']),
  bonus: gauge('kkm_night_bonus_kopecks', 'Bonus moved by the last night that this service ran', [
    'infobase',
    'document',
  ]),
  seconds: gauge('kkm_night_duration_seconds', 'How long the last night took that this service ran', ['infobase']),
});

const declareJobs = ({ counter, gauge }: Declare) => ({
  doneAt: gauge('kkm_job_last_success_timestamp_seconds', 'When a job last ended without a failure', [
    'infobase',
    'job',
  ]),
  failures: counter('kkm_job_failures_total', 'Runs of a job that failed', ['infobase', 'job']),
});

const declareSeals = ({ gauge }: Declare) => ({
  lastDate: gauge('kkm_seal_last_date_timestamp_seconds', 'Last business day that is sealed, at midnight UTC', [
    'infobase',
  ]),
  due: gauge('kkm_seal_days_due', 'Business days that have ended and are not sealed yet', ['infobase']),
});

const declareBackups = ({ gauge }: Declare) => ({
  madeAt: gauge('kkm_backup_last_timestamp_seconds', 'When the newest good backup in KKM_BACKUP_DIR was made', [
    'infobase',
  ]),
  bytes: gauge('kkm_backup_last_bytes', 'Size of the newest good backup in KKM_BACKUP_DIR', ['infobase']),
});

const declareReadiness = ({ gauge }: Declare) => ({
  ready: gauge('kkm_ready', '1 if /readyz finds nothing wrong with the infobase', ['infobase']),
  reasons: gauge('kkm_not_ready', '1 for each reason that /readyz gives', ['infobase', 'reason']),
});

const declareService = ({ counter, gauge }: Declare) => ({
  info: gauge('kkm_info', 'Always 1; the version of the service', ['version']),
  connections: gauge('kkm_connections', 'Connections that are open'),
  failures: counter('kkm_metrics_failures_total', 'Areas of metrics that could not be read and are missing', ['area']),
});

export type Families = ReturnType<typeof declareFamilies>;

/** Areas: what is read, and is missing, together. */
export function declareFamilies(registry: Registry) {
  const declare = declareIn(registry);
  return {
    calls: declareCalls(declare),
    logins: declareLogins(declare),
    limits: declareLimits(declare),
    databases: declareDatabases(declare),
    nights: declareNights(declare),
    jobs: declareJobs(declare),
    seals: declareSeals(declare),
    backups: declareBackups(declare),
    readiness: declareReadiness(declare),
    service: declareService(declare),
  };
}

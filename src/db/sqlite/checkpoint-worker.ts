// The thread that writes the log of an infobase back into its file: see checkpoints.ts. It keeps its connection between two
// passes and takes no lock that a writer waits for.
import { parentPort, workerData } from 'node:worker_threads';
import BetterSqlite from 'better-sqlite3';
import { writeBackSql, type CheckpointOrder, type LogState } from './checkpoints.ts';

function work(file: string, port: NonNullable<typeof parentPort>): void {
  // Whoever has moved the file away must not find an empty one in its place.
  const connection = new BetterSqlite(file, { fileMustExist: true, timeout: 0 });
  connection.pragma('synchronous = FULL');
  const writeBack = connection.prepare<[], LogState>(writeBackSql).raw();
  port.on('message', (order: CheckpointOrder) => {
    if (order === 'write back') {
      port.postMessage(writeBack.get());
      return;
    }
    connection.close();
    port.close();
  });
}

// What is thrown here ends the thread and reaches the parent as its 'error'.
if (parentPort !== null) work(workerData as string, parentPort);

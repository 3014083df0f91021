// The service itself, as `npm start` runs it, with its users, its checks and its request log at level info.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../src/paths.ts';

export const servicePath = '/trade/ws/KKMTransfer.1cws';

const script = join(packageRoot, 'dist/src/cli.js');

export interface ServiceRecipe {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * @param databaseFile "<folder>/trade.sqlite".
 * @param preload modules for `node --require`, before the service's own.
 */
export function describeServiceRun(databaseFile: string, ...preload: readonly string[]): ServiceRecipe {
  if (!existsSync(script)) throw new Error('the service is not built: run `npm run build` first');
  const required = preload.flatMap((file) => ['--require', join(packageRoot, 'bench/variants', file)]);
  return {
    command: [process.execPath, ...required, script, 'serve'],
    environment: { KKM_DATA_DIR: dirname(databaseFile), KKM_INFOBASES: 'trade', KKM_PORT: '0', KKM_LOG_LEVEL: 'info' },
  };
}

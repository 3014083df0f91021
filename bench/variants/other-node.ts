// The service on another Node.js release, which comes as an npm package with its headers: better-sqlite3 is compiled for it.
// The build and what it reads are copied to a folder with packages of its own, so this tree's stay as they are.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { packageRoot } from '../../src/paths.ts';

/** What a copy of the service needs to run. */
const folders = ['dist', 'wsdl', 'src/console/assets'];
const files = ['package.json', 'package-lock.json', '.npmrc'];

export interface NodeRelease {
  /** "24.1.0". */
  readonly version: string;
  /** Runs the service's command line. */
  readonly command: readonly string[];
}

/**
 * @param release "24", or a whole version.
 * @param folder where it is put; it takes about two minutes and 400 MB.
 */
export function installNode(release: string, folder: string): NodeRelease {
  if (!/^\d+(\.\d+){0,2}$/.test(release))
    throw new Error(`--node: expected releases such as "24,26", got "${release}"`);
  const tree = join(folder, 'tree');
  mkdirSync(tree, { recursive: true });
  for (const name of folders) cpSync(join(packageRoot, name), join(tree, name), { recursive: true });
  for (const name of files)
    if (existsSync(join(packageRoot, name))) copyFileSync(join(packageRoot, name), join(tree, name));
  const packageName = `node-${process.platform}-${process.arch}`;
  run(['install', '--prefix', folder, '--no-save', `${packageName}@${release}`], folder, {});
  const home = join(folder, 'node_modules', packageName);
  const node = join(home, 'bin/node');
  const environment = {
    PATH: `${join(home, 'bin')}${delimiter}${process.env['PATH']}`,
    npm_config_nodedir: home,
  };
  run(['ci', '--omit=dev', '--ignore-scripts'], tree, environment);
  run(['rebuild', 'better-sqlite3', '--build-from-source'], tree, environment);
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
  return { version, command: [node, join(tree, 'dist/src/cli.js')] };
}

function run(args: readonly string[], cwd: string, environment: Readonly<Record<string, string>>): void {
  const env = { ...process.env, ...environment };
  execFileSync('npm', [...args], { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
}

// The part of `kkm doctor` that asks for Node.js.
import { fail, ok, type Finding } from './finding.ts';

const leastNode = [20, 12] as const;

/** @param version as process.versions.node has it: "20.20.2". */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1]);
  return isEnough
    ? ok('node', `Node.js ${version}`)
    : fail('node', `Node.js ${version}`, `install Node.js ${leastNode.join('.')} or newer`);
}

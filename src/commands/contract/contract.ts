// `kkm contract`: a contract's folder, its WSDL and its binding, looked at without a service.
import { contractCheck } from './contract-check.ts';
import { contractDraft } from './contract-draft.ts';
import { contractEvidence } from './contract-evidence.ts';
import { runGroup, type CommandIo } from '../command-io.ts';

export function contract(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm contract', { check: contractCheck, draft: contractDraft, evidence: contractEvidence }, args, io);
}
